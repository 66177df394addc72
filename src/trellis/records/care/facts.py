"""What care links and episodes tell the gate.

Directors and coordinators stand by the site's episodes (``SITE_OPS``), everybody else
by dated care links (``CARE_TEAM``). A child stands where a caregiver of it stands. At
most 2 statements a call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Role
from trellis.core.consent.facts import GuardianKind, IntegratedUnit, Period
from trellis.records.access.gate import Fact
from trellis.records.care.models import CareLink, Episode
from trellis.records.people.models import Dyad


AFTER_END_DAYS: Final = 90  # privacy.md 3.3, SITE_OPS
MANY: Final = 1000  # from here on fetching all is quicker than naming each
BY_SITE: Final = frozenset({Role.DIRECTOR, Role.COORDINATOR})


def standing(viewer: Viewer, patients: frozenset[UUID]) -> Iterator[Fact]:
    """Every fact about these patients, as (patient, field of Facts, value)."""
    if viewer.role is Role.PARENT:
        yield from _own(viewer, patients)
        return
    if viewer.role is Role.EVALUATOR_FUNDER:
        return
    parents = _episodes(viewer) if viewer.role in BY_SITE else _links(viewer)
    found = _with_children(viewer, parents, patients)
    field = "site_ops" if viewer.role in BY_SITE else "care_team"
    for patient in found:
        yield patient, field, True
    if field == "care_team":
        yield from unit_facts(viewer, found)


def unit_facts(viewer: Viewer, patients: Iterable[UUID]) -> Iterator[Fact]:
    """The integration of the viewer's unit, for patients whose care team it is."""
    agreement = viewer.agreement
    if agreement is None:
        return
    unit = IntegratedUnit(
        id=agreement.agreement_id,
        programme_org=str(agreement.programme_org_id),
        unit=agreement.unit,
        # Periods of facts are valid through their last day; columns end exclusively.
        period=Period(
            agreement.starts,
            agreement.ends - timedelta(days=1) if agreement.ends else None,
        ),
    )
    for patient in patients:
        yield patient, "integrated_unit", unit


def _links(viewer: Viewer) -> set[UUID]:
    in_force = Q(starts__lte=viewer.at) & (Q(ends=None) | Q(ends__gt=viewer.at))
    links = CareLink.ungated.filter(
        in_force,
        staff_id=viewer.user_id,
        role=viewer.role.value,
        site_id__in=viewer.site_ids,
    )
    return set(links.values_list("parent_id", flat=True))


def _episodes(viewer: Viewer) -> set[UUID]:
    if not viewer.is_programme_side:
        return set()
    since = viewer.at.date() - timedelta(days=AFTER_END_DAYS)
    current = Q(ended_on=None) | Q(ended_on__gte=since)
    episodes = Episode.ungated.filter(current, site_id__in=viewer.site_ids)
    return set(episodes.values_list("parent_id", flat=True))


def _with_children(
    viewer: Viewer, parents: set[UUID], patients: frozenset[UUID]
) -> set[UUID]:
    """Of the patients: these parents, and the children they care for now."""
    found = patients & parents
    others = patients - parents
    if not others or not parents:
        return set(found)
    for child, caregivers in _caregivers(viewer, others).items():
        if caregivers & parents:
            found |= {child}
    return set(found)


def _caregivers(viewer: Viewer, children: Iterable[UUID]) -> Mapping[UUID, set[UUID]]:
    on = viewer.at.date()
    dyads = Dyad.ungated.filter(
        Q(ends=None) | Q(ends__gt=on), site_id__in=viewer.site_ids
    )
    wanted = set(children)
    if len(wanted) < MANY:
        dyads = dyads.filter(child_id__in=wanted)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for child, parent in dyads.values_list("child_id", "parent_id"):
        found[child].add(parent)
    return found


def _own(viewer: Viewer, patients: frozenset[UUID]) -> Iterator[Fact]:
    if viewer.subject_id is None:
        return
    if viewer.subject_id in patients:
        yield viewer.subject_id, "own_care", True
    children = Dyad.ungated.filter(
        Q(ends=None) | Q(ends__gt=viewer.at.date()),
        parent_id=viewer.subject_id,
        child_id__in=patients,
        may_see_record=True,
    ).annotate(patient=F("child_id"))
    for child in children.values_list("patient", flat=True):
        yield child, "guardian", GuardianKind.REPRESENTATIVE
