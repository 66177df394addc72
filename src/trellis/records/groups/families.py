"""Families as a list shows them: the pair behind a row, as far as it is open.

A row of attendance names a dyad. Whether the pair, the parent's name, the child's name
and the child's due visits may be shown is asked for each of them; where only the child
is open, the line shows the child alone, with no trace of what is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, View
from trellis.core.people.ages import AgeInWords, age_words
from trellis.records.access import gate
from trellis.records.access.gate import Key
from trellis.records.access.models import Protected, Scope


M = TypeVar("M", bound=Protected)

_KEY: Final = ("origin", "origin_org_id", "author_org_id")
# Columns of a row that points to a dyad, in the order of ``_Raw``.
FAMILY: Final = (
    "dyad_id",
    "dyad__parent_id",
    "dyad__child_id",
    *(f"dyad__{name}" for name in _KEY),
    "dyad__parent__first_name",
    "dyad__parent__last_name",
    "dyad__parent__chosen_name",
    "dyad__parent__language",
    "dyad__parent__needs_interpreter",
    *(f"dyad__parent__{name}" for name in _KEY),
    "dyad__child__first_name",
    "dyad__child__last_name",
    "dyad__child__born",
    *(f"dyad__child__{name}" for name in _KEY),
)
OF_PARENT: Final = frozenset(
    {DataClass.ADULT_IDENTITY, DataClass.DYAD_LINK, DataClass.PROGRAMME_RECORD}
)
OF_CHILD: Final = frozenset({DataClass.CHILD_IDENTITY, DataClass.CHILD_WELLCHILD})
# Parts of the programme's record that hold a person's language and make-ups.
OF_ONE_PERSON: Final = frozenset({None, View.VISIT_ADMIN, View.COACH_CARD})


def of_one_person(scope: Scope[M]) -> gate.Sights:
    """The keys whose part of the programme's record holds a person's make-ups."""
    programme = DataClass.PROGRAMME_RECORD
    return {
        key: seen
        for key, seen in scope.views.items()
        if seen[programme].name in OF_ONE_PERSON
    }


@dataclass(frozen=True, slots=True)
class Family:
    """A parent and a child as this viewer may see them; None or "" is not open.

    ``language``: the one to speak with this parent. ``session_language``: open only as
    a need of the whole session. ``due_view``: how much of what is due for the child is
    open; ``is_due_open`` false: nothing.
    """

    dyad_id: UUID
    parent_id: UUID | None
    parent_name: str
    child_id: UUID | None
    child_name: str
    born: date | None
    language: str
    needs_interpreter: bool
    session_language: str
    is_due_open: bool
    due_view: View | None

    def age(self, on: date) -> AgeInWords | None:
        """The child's age on a day, where the birth date is open."""
        if self.born is None or on < self.born:
            return None
        return age_words(self.born, on)

    @property
    def sort_name(self) -> tuple[str, str]:
        """Lists are in the order of the parents' names, then the children's."""
        return (self.parent_name or self.child_name).casefold(), self.child_name


class _Raw(NamedTuple):
    dyad_id: UUID
    parent_id: UUID
    child_id: UUID
    dyad_origin: str
    dyad_org: int
    dyad_author: int
    parent_first: str
    parent_last: str
    parent_chosen: str
    language: str
    needs_interpreter: bool | None
    parent_origin: str
    parent_org: int
    parent_author: int
    child_first: str
    child_last: str
    born: date
    child_origin: str
    child_org: int
    child_author: int

    @property
    def dyad_key(self) -> Key:
        return Key(self.parent_id, self.dyad_origin, self.dyad_org, self.dyad_author)

    @property
    def parent_key(self) -> Key:
        return Key(
            self.parent_id, self.parent_origin, self.parent_org, self.parent_author
        )

    @property
    def child_key(self) -> Key:
        return Key(self.child_id, self.child_origin, self.child_org, self.child_author)


Seen = Mapping[Key, Mapping[DataClass, gate.Sight]]


def families(viewer: Viewer, rows: Iterable[tuple[object, ...]]) -> dict[UUID, Family]:
    """For each dyad of the rows (columns ``FAMILY``), what may be shown of it.

    A dyad of which neither parent nor child is open is left out. Statements: the
    gate's facts for people not yet asked about in this call.
    """
    raws = [_Raw(*row) for row in rows]  # type: ignore[arg-type]  # in order of FAMILY
    people = {one.parent_id for one in raws} | {one.child_id for one in raws}
    gate.foresee(viewer, people)
    keys = {one.dyad_key for one in raws} | {one.parent_key for one in raws}
    of_parent = gate.look(viewer, Action.READ, OF_PARENT, keys)
    child_keys = {one.child_key for one in raws}
    of_child = gate.look(viewer, Action.READ, OF_CHILD, child_keys)
    seen = {**of_parent, **of_child}
    found = (_family(one, seen) for one in raws)
    return {family.dyad_id: family for family in found if family is not None}


def _family(one: _Raw, seen: Seen) -> Family | None:
    adult = seen.get(one.parent_key, {})
    child = seen.get(one.child_key, {})
    is_pair = DataClass.DYAD_LINK in seen.get(one.dyad_key, {})
    identity = child.get(DataClass.CHILD_IDENTITY)
    name = adult.get(DataClass.ADULT_IDENTITY) if is_pair or identity is None else None
    if name is None and identity is None:
        return None
    programme = adult.get(DataClass.PROGRAMME_RECORD) if name is not None else None
    due = child.get(DataClass.CHILD_WELLCHILD) if identity is not None else None
    is_personal = programme is not None and programme.name in OF_ONE_PERSON
    return Family(
        dyad_id=one.dyad_id,
        parent_id=one.parent_id if name is not None else None,
        parent_name=_parent_name(one, name),
        child_id=one.child_id if identity is not None else None,
        child_name=_child_name(one, identity),
        born=one.born if identity is not None and _is_dated(identity) else None,
        language=one.language if is_personal else "",
        needs_interpreter=is_personal and bool(one.needs_interpreter),
        session_language=one.language if programme is not None else "",
        is_due_open=due is not None,
        due_view=due.name if due is not None else None,
    )


def _is_dated(identity: gate.Sight) -> bool:
    return identity.name is not View.FIRST_NAME


def _parent_name(one: _Raw, sight: gate.Sight | None) -> str:
    if sight is None:
        return ""
    first = one.parent_chosen or one.parent_first
    if sight.name is View.FIRST_NAME:
        return first
    return f"{first} {one.parent_last}".strip()


def _child_name(one: _Raw, sight: gate.Sight | None) -> str:
    if sight is None:
        return ""
    if sight.name is View.FIRST_NAME:
        return one.child_first
    return f"{one.child_first} {one.child_last}".strip()
