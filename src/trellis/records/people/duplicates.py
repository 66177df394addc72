"""Who is already registered and like the one on the form, of those open to the asker.

Somebody who is not open is never named, counted or hinted at.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass
from trellis.core.people.names import (
    Likeness,
    Match,
    PersonFacts,
    folded,
    likely_same,
)
from trellis.records.access.gate import Key
from trellis.records.people.entries import ChildIdentity, Identity
from trellis.records.people.lines import DuplicateLine
from trellis.records.people.models import Child, Parent


ADULT, CHILD = DataClass.ADULT_IDENTITY, DataClass.CHILD_IDENTITY
MOST_SHOWN: Final = 8
DAYS_IN_MONTHS: Final = 12  # a day up to the 12th may have been taken for the month


def has_probable(
    viewer: Viewer, parent: Identity | None, children: Iterable[ChildIdentity]
) -> bool:
    """Whether one of those on the form is probably registered. At most 4 statements."""
    found = lookalikes(viewer, parent, children)
    return any(line.match is Match.PROBABLE for line in found)


def lookalikes(
    viewer: Viewer, parent: Identity | None, children: Iterable[ChildIdentity]
) -> tuple[DuplicateLine, ...]:
    """The likeliest first, at most eight; only with names fully open to the viewer."""
    found: list[tuple[int, DuplicateLine]] = []
    if parent is not None:
        found += _parents(viewer, parent)
    kids = tuple(children)
    if kids:
        found += _children(viewer, kids)
    found.sort(key=lambda each: (-each[0], each[1].name))
    return tuple(line for _, line in found[:MOST_SHOWN])


def _parents(viewer: Viewer, parent: Identity) -> list[tuple[int, DuplicateLine]]:
    asked = PersonFacts(parent.first_name, parent.last_name, parent.born)
    among = _near(parent.last_name, parent.first_name, parent.born) | Q(born=None)
    scope = Parent.scoped(viewer, reads={ADULT}, among=among)
    columns = ("first_name", "last_name", "chosen_name", "born")
    found = []
    for first, last, chosen, born, *key in scope.rows.values_list(
        *columns, "id", *Parent.KEY
    ):
        if scope.views[Key(*key)][ADULT].name is not None:
            continue
        likeness = likely_same(asked, PersonFacts(first, last, born))
        name = " ".join(part for part in (chosen or first, last) if part)
        line = DuplicateLine(
            key[0], False, name, born, likeness.match, likeness.reasons
        )
        found += _if_like(likeness, line)
    return found


def _children(
    viewer: Viewer, kids: tuple[ChildIdentity, ...]
) -> list[tuple[int, DuplicateLine]]:
    among = Q(pk__in=())
    for kid in kids:
        among |= _near(kid.last_name, kid.first_name, kid.born)
    scope = Child.scoped(viewer, reads={CHILD}, among=among)
    columns = ("first_name", "last_name", "born", "sex", "birth_order")
    found = []
    for first, last, born, sex, order, *key in scope.rows.values_list(
        *columns, "id", *Child.KEY
    ):
        if scope.views[Key(*key)][CHILD].name is not None:
            continue
        there = PersonFacts(first, last, born, sex or None, birth_order=order)
        likeness = max(
            (likely_same(_facts_of(kid), there) for kid in kids),
            key=lambda each: each.score,
        )
        name = " ".join(part for part in (first, last) if part)
        line = DuplicateLine(key[0], True, name, born, likeness.match, likeness.reasons)
        found += _if_like(likeness, line)
    return found


def _facts_of(kid: ChildIdentity) -> PersonFacts:
    return PersonFacts(
        kid.first_name,
        kid.last_name,
        kid.born,
        kid.sex or None,
        birth_order=kid.birth_order,
    )


def _if_like(
    likeness: Likeness, line: DuplicateLine
) -> list[tuple[int, DuplicateLine]]:
    return [] if likeness.match is Match.NONE else [(likeness.score, line)]


def _near(family: str, given: str, born: date | None) -> Q:
    """Rows worth comparing: the same day (or day and month swapped), or either name."""
    near = Q(born=born) if born else Q()
    if born and born.day <= DAYS_IN_MONTHS:
        near |= Q(born=date(born.year, born.day, born.month))
    for name in (folded(family), folded(given)):
        if name:
            near |= Q(folded__contains=name)
    return near
