"""What care links and episodes tell the gate.

Directors and coordinators stand by the site's episodes (``SITE_OPS``), everybody else
by dated care links (``CARE_TEAM``). A child stands where a caregiver of it stands; so
does another caregiver of that child who is in no episode of her or his own (kin, foster
parents). 1 statement a call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, Value

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Role
from trellis.core.consent.facts import GuardianKind, IntegratedUnit, Period
from trellis.records.access.gate import Fact
from trellis.records.care.models import CareLink, Episode
from trellis.records.people.models import Dyad


AFTER_END_DAYS: Final = 90  # privacy.md 3.3, SITE_OPS
MANY: Final = 1000  # from here on fetching all is quicker than naming each
BY_SITE: Final = frozenset({Role.DIRECTOR, Role.COORDINATOR})
# Whose care team makes the own organisation one that treats: a consent may name its
# recipients as those who treat (42 CFR 2.11, privacy.md 4.4).
TREATING: Final = frozenset(
    {Role.NURSE, Role.PAEDIATRICS, Role.OBSTETRICS, Role.SUD_COUNSELLOR}
)


def standing(viewer: Viewer, patients: frozenset[UUID]) -> Iterator[Fact]:
    """Every fact about these patients, as (patient, field of Facts, value)."""
    if viewer.role is Role.PARENT:
        yield from _own(viewer, patients)
        return
    if viewer.role is Role.EVALUATOR_FUNDER:
        return
    found = _with_children(viewer, patients)
    if viewer.role not in BY_SITE:
        yield from team_facts(viewer, found)
        return
    for patient in found:
        yield patient, "site_ops", True


def team_facts(viewer: Viewer, patients: Collection[UUID]) -> Iterator[Fact]:
    """What follows from standing on the care team of these patients."""
    for patient in patients:
        yield patient, "care_team", True
        if viewer.role in TREATING:
            yield patient, "treating", True
    yield from _unit_facts(viewer, patients)


def _unit_facts(viewer: Viewer, patients: Iterable[UUID]) -> Iterator[Fact]:
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


def _links(viewer: Viewer) -> QuerySet[CareLink]:
    in_force = Q(starts__lte=viewer.at) & (Q(ends=None) | Q(ends__gt=viewer.at))
    return CareLink.ungated.filter(
        in_force,
        staff_id=viewer.user_id,
        role=viewer.role.value,
        site_id__in=viewer.site_ids,
    )


def _episodes(viewer: Viewer) -> QuerySet[Episode]:
    if not viewer.is_programme_side:
        return Episode.ungated.none()
    since = viewer.today - timedelta(days=AFTER_END_DAYS)
    current = Q(ended_on=None) | Q(ended_on__gte=since)
    return Episode.ungated.filter(current, site_id__in=viewer.site_ids)


def _with_children(viewer: Viewer, patients: frozenset[UUID]) -> set[UUID]:
    """Of the patients: the parents the viewer stands by, the children they care for
    now, and others who care for such a child without being in the programme themselves.
    """
    parents: set[UUID] = set()
    caregivers: list[tuple[UUID, UUID, bool]] = []
    for child, adult, is_in_programme in _rows(viewer, patients):
        if child == adult:
            parents.add(adult)
        else:
            caregivers.append((child, adult, is_in_programme))
    children = {child for child, adult, _ in caregivers if adult in parents}
    beside = {
        adult
        for child, adult, is_in_programme in caregivers
        if child in children and adult not in parents and not is_in_programme
    }
    return set(patients & (parents | children | beside))


def _rows(
    viewer: Viewer, patients: frozenset[UUID]
) -> Iterable[tuple[UUID, UUID, bool]]:
    """Child, caregiver, whether the caregiver was ever in the programme; and whom the
    viewer stands by, each beside herself or himself. One statement for both.
    """
    columns = ("one", "other", "is_in_programme")
    stood_by = _episodes(viewer) if viewer.role in BY_SITE else _links(viewer)
    herself = stood_by.annotate(
        one=F("parent_id"),
        other=F("parent_id"),
        is_in_programme=Value(value=True, output_field=BooleanField()),
    )
    dyads = Dyad.ungated.filter(_current(viewer), site_id__in=viewer.site_ids)
    if len(patients) < MANY:
        near = Dyad.ungated.filter(Q(child_id__in=patients) | Q(parent_id__in=patients))
        dyads = dyads.filter(child_id__in=near.values("child_id"))
    episodes = Episode.ungated.filter(parent_id=OuterRef("parent_id"))
    cared_for = dyads.annotate(
        one=F("child_id"), other=F("parent_id"), is_in_programme=Exists(episodes)
    )
    rows = herself.order_by().values_list(*columns)
    return rows.union(cared_for.order_by().values_list(*columns), all=True)


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
    )
    # Whom the programme cares for speaks for the child here. To any other legal
    # guardian the child's record must not show that there is a programme.
    is_here = Episode.ungated.filter(parent_id=OuterRef("parent_id"))
    rows = children.annotate(is_in_programme=Exists(is_here))
    for child, is_in in rows.values_list("child_id", "is_in_programme"):
        kind = GuardianKind.REPRESENTATIVE if is_in else GuardianKind.OTHER
        yield child, "guardian", kind
