"""What care links and episodes tell the gate.

Directors and coordinators stand by the site's episodes (``SITE_OPS``), everybody else
by dated care links (``CARE_TEAM``). A child stands where a caregiver of it stands; so
does another caregiver of that child who is in no episode of her or his own (kin, foster
parents). At most 2 statements a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

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
    since = viewer.today - timedelta(days=AFTER_END_DAYS)
    current = Q(ended_on=None) | Q(ended_on__gte=since)
    episodes = Episode.ungated.filter(current, site_id__in=viewer.site_ids)
    return set(episodes.values_list("parent_id", flat=True))


def _with_children(
    viewer: Viewer, parents: set[UUID], patients: frozenset[UUID]
) -> set[UUID]:
    """Of the patients: these parents, the children they care for now, and others who
    care for such a child without being in the programme themselves.
    """
    found = patients & parents
    others = patients - parents
    if not others or not parents:
        return set(found)
    standing_children = set()
    also: list[tuple[UUID, UUID]] = []
    for child, caregiver, is_in_programme in _caregivers(viewer, others):
        if caregiver in parents:
            standing_children.add(child)
        elif not is_in_programme:
            also.append((child, caregiver))
    beside = {adult for child, adult in also if child in standing_children}
    return set(found) | (others & (standing_children | beside))


def _caregivers(
    viewer: Viewer, patients: Iterable[UUID]
) -> Iterator[tuple[UUID, UUID, bool]]:
    """Child, caregiver, whether the caregiver was ever in the programme."""
    dyads = Dyad.ungated.filter(_current(viewer), site_id__in=viewer.site_ids)
    wanted = set(patients)
    if len(wanted) < MANY:
        near = Dyad.ungated.filter(Q(child_id__in=wanted) | Q(parent_id__in=wanted))
        dyads = dyads.filter(child_id__in=near.values("child_id"))
    episodes = Episode.ungated.filter(parent_id=OuterRef("parent_id"))
    rows = dyads.annotate(is_in_programme=Exists(episodes))
    yield from rows.values_list("child_id", "parent_id", "is_in_programme")


def _current(viewer: Viewer) -> Q:
    return Q(ends=None) | Q(ends__gt=viewer.today)


def _own(viewer: Viewer, patients: frozenset[UUID]) -> Iterator[Fact]:
    if viewer.subject_id is None:
        return
    if viewer.subject_id in patients:
        yield viewer.subject_id, "own_care", True
    children = Dyad.ungated.filter(
        _current(viewer),
        parent_id=viewer.subject_id,
        child_id__in=patients,
        may_see_record=True,
    ).annotate(patient=F("child_id"))
    for child in children.values_list("patient", flat=True):
        yield child, "guardian", GuardianKind.REPRESENTATIVE
