"""Who may bring a child and consent for it, as the door is told (privacy.md 3.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, View
from trellis.records.access import gate
from trellis.records.access.gate import Key
from trellis.records.people.models import Dyad


ADULT, LINK = DataClass.ADULT_IDENTITY, DataClass.DYAD_LINK
LEGAL: Final = DataClass.CPS_CUSTODY_LEGAL
# The parts of class 15 that hold both: who brings the child, who consents to its care.
TOLD_AT_THE_DOOR: Final = frozenset({None, View.CHECK_IN_AUTHORITY})
COLUMNS: Final = (
    "parent_id",
    *Dyad.KEY,
    *(f"parent__{name}" for name in Dyad.KEY),
    "child_id",
    "may_attend",
    "may_consent",
    "parent__first_name",
    "parent__last_name",
    "parent__chosen_name",
)


@dataclass(frozen=True, slots=True)
class CaregiverAtDoor:
    """A caregiver of a child by name; what they are to each other is not told."""

    name: str
    may_attend: bool
    may_consent: bool


def at_the_door(
    viewer: Viewer, children: Collection[UUID], on: date
) -> dict[UUID, tuple[CaregiverAtDoor, ...]]:
    """The caregivers of these children on a day, by name, as far as they are open.

    Statements: 2, and the gate's facts for adults not yet asked about.
    """
    holds = Q(starts__lte=on) & (Q(ends=None) | Q(ends__gt=on))
    among = holds & Q(child_id__in=children)
    scope = Dyad.scoped(viewer, reads={LINK, LEGAL}, among=among)
    rows = list(scope.rows.values_list(*COLUMNS))
    adults = gate.look(viewer, Action.READ, {ADULT}, {_adult(row) for row in rows})
    found: dict[UUID, list[CaregiverAtDoor]] = defaultdict(list)
    for row in rows:
        adult = adults.get(_adult(row))
        legal = scope.views[Key(row[0], *row[1:4])][LEGAL].name
        if adult is None or legal not in TOLD_AT_THE_DOOR:
            continue
        child, may_attend, may_consent, first, last, chosen = row[7:]
        is_whole = adult[ADULT].name is None
        name = f"{chosen or first} {last if is_whole else ''}".strip()
        found[child].append(CaregiverAtDoor(name, may_attend, may_consent))
    return {
        child: tuple(sorted(told, key=lambda one: one.name.casefold()))
        for child, told in found.items()
    }


def _adult(row: tuple[object, ...]) -> Key:
    return Key(row[0], *row[4:7])  # type: ignore[arg-type]  # in the order of COLUMNS
