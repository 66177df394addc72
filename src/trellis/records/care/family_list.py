"""The list of families: found, opened by the gate, put in order, cut into pages.

A search matches only what the viewer may see: a parent who is not open is not found by
name, and a child whose caregiver is not open stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, View
from trellis.core.people.ages import age_words
from trellis.core.people.entries import kept_text
from trellis.core.people.names import folded
from trellis.records.access import gate
from trellis.records.access.gate import Key, Sights
from trellis.records.care.models import Episode
from trellis.records.people.lines import ChildOfFamily, FamiliesPage, FamilyLine
from trellis.records.people.models import Child, Dyad, Parent
from trellis.records.people.sides import PLANNING, STAGE_VIEWS, full_name


PAGE_SIZE: Final = 50
READ_WHOLE_UP_TO: Final = 150  # families; above, an unsearched list is cut first
ADULT, CHILD = DataClass.ADULT_IDENTITY, DataClass.CHILD_IDENTITY
LINK, PROGRAMME = DataClass.DYAD_LINK, DataClass.PROGRAMME_RECORD
CHILD_COLUMNS: Final = ("first_name", "last_name", "folded", "external_id", "born")
COLUMNS: Final = (
    "id",
    *Parent.KEY,
    "chosen_name",
    "language",
    *CHILD_COLUMNS,
    *(f"dyads__{name}" for name in ("id", "ends", *Dyad.KEY)),
    "dyads__child_id",
    *(f"dyads__child__{name}" for name in (*Child.KEY, *CHILD_COLUMNS)),
    *(f"episodes__{name}" for name in ("referred_on", "stage", *Episode.KEY)),
)
NAMES_IN_FULL: Final = frozenset({None, View.CLEAN_CHART})


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed, as it is compared: words, the site's number, a birth date."""

    words: tuple[str, ...]
    number: str
    born: date | None

    @classmethod
    def of(cls, text: str) -> Search:
        """Read what was typed; a birth date is written 2026-08-30."""
        number = kept_text(text)
        try:
            born = date.fromisoformat(number)
        except ValueError:
            born = None
        return cls(tuple(folded(number).split()), number, born)

    @property
    def is_empty(self) -> bool:
        """Nothing was asked: everybody is listed."""
        return not self.words and not self.number

    def of_parents(self) -> Q:
        """Families that may match; each is looked at again with open fields alone."""
        either = Q()
        for word in self.words:
            either &= Q(folded__contains=word) | Q(dyads__child__folded__contains=word)
        return self._or_number(either, "") | self._or_number(Q(), "dyads__child__")

    def of_children(self) -> Q:
        """Children that may match by themselves."""
        words = Q()
        for word in self.words:
            words &= Q(folded__contains=word)
        return self._or_number(words, "")

    def finds(self, people: Iterable[_Person]) -> bool:
        """Whether all words are in the names together, or one is meant exactly."""
        known = tuple(people)
        names = " ".join(person.name for person in known)
        if self.words and all(word in names for word in self.words):
            return True
        number = self.number.casefold()
        return any(
            (self.born and person.born == self.born)
            or (person.number and person.number.casefold() == number)
            for person in known
        )

    def _or_number(self, start: Q, path: str) -> Q:
        found = start
        if self.number:
            found |= Q(**{f"{path}external_id__iexact": self.number})
        if self.born:
            found |= Q(**{f"{path}born": self.born})
        return found


@dataclass(frozen=True, slots=True)
class _Person:
    """The searchable part that is open: folded names, birth date, number."""

    name: str
    born: date | None = None
    number: str = ""


@dataclass(slots=True)
class _Family:
    """A family while its rows are gathered."""

    order: str
    line: dict[str, Any]
    people: list[_Person] = field(default_factory=list)
    children: dict[UUID, ChildOfFamily] = field(default_factory=dict)
    stages: dict[date, str] = field(default_factory=dict)

    @property
    def keys(self) -> list[UUID]:
        """Everybody the line tells of."""
        parent = self.line["parent_id"]
        return [*self.children, *([] if parent is None else [parent])]

    def told(self) -> FamilyLine:
        """The line as it is shown."""
        by_age = sorted(
            self.children.values(), key=lambda kid: (kid.born or date.min, kid.name)
        )
        stage = self.stages[max(self.stages)] if self.stages else None
        return FamilyLine(children=tuple(by_age), stage=stage, **self.line)


def families_page(viewer: Viewer, text: str, page: int) -> FamiliesPage:
    """The page of families, by name; 50 a page. At most 3 statements and the gate's."""
    search = Search.of(text)
    among = Q() if search.is_empty else search.of_parents()
    also = (("dyads", Dyad), ("dyads__child", Child))
    keys = Parent.keys_at_sites(viewer, among, also=also)
    lonely: list[Key] = []
    if not search.is_empty:
        alone = search.of_children() & Q(dyads=None)
        lonely = _distinct(
            key for (key,) in Child.keys_at_sites(viewer, alone, also=())
        )
    gate.foresee(viewer, _patients(keys, lonely))
    adults = gate.views(viewer, Action.READ, {ADULT}, _distinct(row[0] for row in keys))
    if search.is_empty and len(adults) > READ_WHOLE_UP_TO:
        return _cut_first(viewer, adults, page)
    families = _families(viewer, adults, tuple(adults))
    shown = {kid for family in families for kid in family.children}
    kids = _distinct([*(row[2] for row in keys), *lonely])
    families += _children_alone(viewer, [k for k in kids if k.patient not in shown])
    if not search.is_empty:
        families = [family for family in families if search.finds(family.people)]
    families.sort(key=lambda family: family.order)
    start, number, pages = _cut(len(families), page)
    page_of = families[start : start + PAGE_SIZE]
    gate.shows_only(key for family in page_of for key in family.keys)
    lines = tuple(family.told() for family in page_of)
    return FamiliesPage(lines, number, pages, len(families))


def _cut_first(viewer: Viewer, adults: Sights, page: int) -> FamiliesPage:
    rows = Parent.opened(viewer, adults).order_by("folded", "pk")
    names = list(rows.values_list("pk", flat=True))
    start, number, pages = _cut(len(names), page)
    wanted = frozenset(names[start : start + PAGE_SIZE])
    chosen = tuple(key for key in adults if key.patient in wanted)
    families = _families(viewer, adults, chosen)
    families.sort(key=lambda family: family.order)
    gate.shows_only(key for family in families for key in family.keys)
    lines = tuple(family.told() for family in families)
    return FamiliesPage(lines, number, pages, len(names))


def _cut(total: int, page: int) -> tuple[int, int, int]:
    """First row, number of the page, pages; a page beyond the last is the last."""
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    return (number - 1) * PAGE_SIZE, number, pages


def _patients(
    keys: Iterable[tuple[Key | None, ...]], lonely: Iterable[Key]
) -> set[UUID]:
    found = {key.patient for row in keys for key in row if key is not None}
    return found | {key.patient for key in lonely}


def _distinct(keys: Iterable[Key | None]) -> list[Key]:
    return list(dict.fromkeys(key for key in keys if key is not None))


def _families(viewer: Viewer, adults: Sights, chosen: tuple[Key, ...]) -> list[_Family]:
    """The families of these adults, with the children whose link is open too."""
    if not chosen:
        return []
    rows = Parent.opened(viewer, {key: adults[key] for key in chosen})
    found: dict[UUID, _Family] = {}
    for row in rows.order_by("folded", "pk").values(*COLUMNS):
        key = _key(row, "", row["id"])
        if key.patient not in found:
            found[key.patient] = _family(viewer, key, adults[key][ADULT].name, row)
        _add_child(viewer, found[key.patient], row)
        _add_stage(viewer, found[key.patient], row)
    return list(found.values())


def _key(row: Mapping[str, Any], path: str, patient: UUID) -> Key:
    return Key(patient, *(row[f"{path}{name}"] for name in Parent.KEY))


def _family(
    viewer: Viewer, key: Key, view: View | None, row: Mapping[str, Any]
) -> _Family:
    is_first_only = view is not None
    first, last, chosen = row["first_name"], row["last_name"], row["chosen_name"]
    name = chosen or first if is_first_only else full_name(first, last, chosen)
    open_ = gate.look(viewer, Action.READ, {PROGRAMME}, [key]).get(key, {})
    shown = PLANNING.get(open_[PROGRAMME].name, ()) if open_ else ()
    line = {
        "parent_id": key.patient,
        "parent_name": name,
        "parent_born": None if is_first_only else row["born"],
        "language": row["language"] if "language" in shown else None,
        "is_first_name_only": is_first_only,
    }
    person = (
        _Person(folded(name))
        if is_first_only
        else _Person(row["folded"], row["born"], row["external_id"])
    )
    return _Family(order=person.name, line=line, people=[person])


def _add_child(viewer: Viewer, family: _Family, row: Mapping[str, Any]) -> None:
    child_id, dyad_id, ends = (
        row["dyads__child_id"],
        row["dyads__id"],
        row["dyads__ends"],
    )
    if child_id is None or child_id in family.children:
        return
    if ends is not None and ends <= viewer.today:
        return
    link = _key(row, "dyads__", row["id"])
    key = _key(row, "dyads__child__", child_id)
    link_open = gate.look(viewer, Action.READ, {LINK}, [link])
    child_open = gate.look(viewer, Action.READ, {CHILD}, [key])
    if link not in link_open or key not in child_open:
        return
    columns = {name: row[f"dyads__child__{name}"] for name in CHILD_COLUMNS}
    view = child_open[key][CHILD].name
    kid, person = _child(viewer, child_id, dyad_id, view=view, columns=columns)
    family.children[child_id] = kid
    family.people.append(person)


def _add_stage(viewer: Viewer, family: _Family, row: Mapping[str, Any]) -> None:
    referred_on = row["episodes__referred_on"]
    if referred_on is None or referred_on in family.stages:
        return
    key = _key(row, "episodes__", row["id"])
    open_ = gate.look(viewer, Action.READ, {PROGRAMME}, [key]).get(key)
    if open_ and open_[PROGRAMME].name in STAGE_VIEWS:
        family.stages[referred_on] = row["episodes__stage"]


def _child(
    viewer: Viewer,
    child_id: UUID,
    dyad_id: UUID | None,
    *,
    view: View | None,
    columns: Mapping[str, Any],
) -> tuple[ChildOfFamily, _Person]:
    first, last, born = columns["first_name"], columns["last_name"], columns["born"]
    if view not in NAMES_IN_FULL:
        kid = ChildOfFamily(child_id, dyad_id, first, None, None)
        return kid, _Person(folded(first))
    on = viewer.today
    age = age_words(born, on) if born <= on else None
    kid = ChildOfFamily(child_id, dyad_id, full_name(first, last), born, age)
    return kid, _Person(columns["folded"], born, columns["external_id"])


def _children_alone(viewer: Viewer, keys: list[Key]) -> list[_Family]:
    """Children whose caregiver is not open to the viewer, or is not known yet."""
    views = gate.views(viewer, Action.READ, {CHILD}, keys)
    if not views:
        return []
    found = []
    rows = Child.opened(viewer, views).values("id", *Child.KEY, *CHILD_COLUMNS)
    for row in rows.order_by("folded"):
        view = views[_key(row, "", row["id"])][CHILD].name
        kid, person = _child(viewer, row["id"], None, view=view, columns=row)
        line = {
            "parent_id": None,
            "parent_name": "",
            "parent_born": None,
            "language": None,
            "is_first_name_only": view not in NAMES_IN_FULL,
        }
        family = _Family(order=person.name, line=line, people=[person])
        family.children[kid.child_id] = kid
        found.append(family)
    return found
