"""Reading a child's chart. Whoever has a part of the class only has no chart here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin, View
from trellis.core.errors import NotFound
from trellis.core.growth.standards import Sex
from trellis.core.people.ages import DAYS_IN_WEEK, Gestation
from trellis.core.people.exposures import tells_of_exposure
from trellis.records.access import gate
from trellis.records.access.gate import peeks, reads
from trellis.records.access.models import Protected, Scope
from trellis.records.accounts.models import User
from trellis.records.clinical.lines import (
    AddendumLine,
    ChildChart,
    ChildLine,
    ConditionLine,
    DoseLine,
    GrowthPoint,
    MeasurementLine,
    SigningLine,
    Stages,
    VisitLine,
    VisitPage,
    growth_of,
)
from trellis.records.clinical.models import (
    Addendum,
    Condition,
    Encounter,
    Immunization,
    Measurement,
)
from trellis.records.clinical.notes import Note, is_as_signed
from trellis.records.people.models import Child
from trellis.records.sites.models import Site


M = TypeVar("M", bound=Protected)

WELLCHILD: Final = DataClass.CHILD_WELLCHILD
IDENTITY: Final = DataClass.CHILD_IDENTITY
# The clean chart of another legal guardian is all that these lines can hold: they are
# an allow-list without links, and what tells of an exposure has a class of its own.
CHART: Final = frozenset({None, View.CLEAN_CHART})
SIGNING_DAYS: Final = 14
SIGNING_LINES: Final = 50
NAMED: Final = ("id", "first_name", "last_name", "born", "sex")
MEASURED: Final = (
    "id",
    "encounter_id",
    "on",
    "kind",
    "value",
    "position",
    "status",
    "is_confirmed",
    "reason",
    "source",
    "recorded_at",
)
GIVEN: Final = (
    "id",
    "encounter_id",
    "on",
    "cvx",
    "mvx",
    "product",
    "lot",
    "expires_on",
    "body_site",
    "route",
    "funding",
    "vis_edition_on",
    "vaccinator_name",
    "status",
    "error_reason",
    "source",
)
DRAFTED: Final = (
    "id",
    "on",
    "visit",
    "measured",
    "assessment",
    "plan",
    "reviewed_by_id",
    "reviewed_revision",
    "revision",
    *(f"child__{name}" for name in (*NAMED, *Child.KEY)),
)
LISTED: Final = (
    "id",
    "on",
    "visit",
    "status",
    "signed_by_name",
    "signed_at",
    "source",
)


@reads("clinical.child-chart")
def child_chart(*, viewer: Viewer, child_id: UUID) -> ChildChart:
    """The whole chart: growth with z-scores, doses, visits, problems.

    Raises:
        NotFound: no such child, or its chart is not wholly open.

    Statements: 11, the gate's facts and the audit entry.
    """
    child = _child(viewer, child_id)
    about = Q(child_id=child_id)
    measurements = _measurements(viewer, about)
    visits = _whole(Encounter.scoped(viewer, reads={WELLCHILD}, among=about))
    return ChildChart(
        child=child,
        growth=growth_of(child, measurements),
        measurements=measurements,
        doses=_doses(viewer, about),
        visits=tuple(
            VisitLine(*row) for row in visits.order_by("-on").values_list(*LISTED)
        ),
        conditions=_conditions(viewer, about),
        place_name=child.place_name,
        is_writable=_may_write(viewer, child_id),
    )


@reads("clinical.visit")
def visit_page(*, viewer: Viewer, encounter_id: UUID) -> VisitPage:
    """One visit: what was measured, with z-scores, given and written, and by whom.

    Raises:
        NotFound: no such visit, or the child's chart is not wholly open.

    Statements: 9 to 11, the gate's facts and the audit entry.
    """
    return _visit(viewer, encounter_id)


@reads("clinical.visit-summary")
def visit_summary(*, viewer: Viewer, encounter_id: UUID) -> VisitPage:
    """The visit for the paper that the family takes home: a copy that leaves.

    Raises:
        NotFound: no such visit, or ``viewer`` may not hand out a copy of it.

    Statements: 9 to 11, the gate's facts and the audit entry.
    """
    page = _visit(viewer, encounter_id)
    for data_class in (IDENTITY, WELLCHILD):
        gate.require(viewer, Action.EXPORT, data_class, gate.Key(*page.child.key))
    return page


def _visit(viewer: Viewer, encounter_id: UUID) -> VisitPage:
    row = _encounter(viewer, encounter_id)
    child = _child(viewer, row["child_id"])
    up_to = Q(child_id=child.child_id, on__lte=row["on"])
    measurements = _measurements(viewer, up_to)
    doses = _doses(viewer, up_to)
    note = Note(row["history"], row["examination"], row["assessment"], row["plan"])
    return VisitPage(
        encounter_id=encounter_id,
        child=child,
        on=row["on"],
        visit=row["visit"],
        status=row["status"],
        note=note,
        version=row["version"],
        revision=row["revision"],
        signed_by_name=row["signed_by_name"],
        signed_at=row["signed_at"],
        is_as_signed=not row["signed_hash"]
        or is_as_signed(row["signed_content"], row["signed_hash"], note),
        error_reason=row["error_reason"],
        is_opened_by_viewer=row["reviewed_by_id"] == viewer.user_id
        and row["reviewed_revision"] == row["revision"],
        is_writable=_may_write(viewer, child.child_id),
        measurements=tuple(m for m in measurements if m.encounter_id == encounter_id),
        growth=growth_of(child, measurements),
        doses=tuple(d for d in doses if d.encounter_id == encounter_id),
        earlier_doses=tuple(
            d for d in doses if d.encounter_id != encounter_id and not d.is_void
        ),
        addenda=_addenda(viewer, encounter_id) if row["signed_at"] else (),
        place_name=child.place_name,
    )


@peeks
def visit_revision(*, viewer: Viewer, encounter_id: UUID) -> int:
    """A number that grows with every change of the visit.

    Raises:
        NotFound: no such visit, or the child's chart is not wholly open.

    Statements: 2 and the gate's facts.
    """
    rows = _whole(Encounter.scoped(viewer, reads={WELLCHILD}, among=Q(pk=encounter_id)))
    revision = rows.values_list("revision", flat=True).first()
    if revision is None:
        raise NotFound
    return revision


@reads("clinical.growth")
def growth_points(*, viewer: Viewer, child_id: UUID) -> tuple[GrowthPoint, ...]:
    """The child's growth day by day, oldest first.

    Raises:
        NotFound: no such child, or its chart is not wholly open.

    Statements: 5, the gate's facts and the audit entry.
    """
    child = _child(viewer, child_id)
    return growth_of(child, _measurements(viewer, Q(child_id=child_id)))


@reads("clinical.stages")
def encounter_stages(
    *, viewer: Viewer, encounter_ids: Collection[UUID]
) -> Mapping[UUID, Stages]:
    """How far each visit is; visits that are not open are left out.

    Statements: 2, the gate's facts and the audit entry, however many visits.
    """
    among = Q(pk__in=list(encounter_ids))
    rows = _whole(Encounter.scoped(viewer, reads={WELLCHILD}, among=among))
    counted = rows.annotate(
        measured=Count(
            "measurements",
            filter=Q(measurements__status=Measurement.CURRENT),
            distinct=True,
        ),
        given=Count(
            "immunizations",
            filter=Q(immunizations__status=Immunization.COMPLETED),
            distinct=True,
        ),
    )
    columns = ("id", "measured", "given", "assessment", "plan", "status")
    return {
        pk: Stages(
            is_measured=measured > 0,
            is_vaccinated=given > 0,
            is_noted=bool(assessment.strip() and plan.strip()),
            is_signed=status == Encounter.SIGNED,
        )
        for pk, measured, given, assessment, plan, status in counted.values_list(
            *columns
        )
    }


@reads("clinical.signing-list")
def signing_list(*, viewer: Viewer, on: date) -> tuple[SigningLine, ...]:
    """Visits of the day and the two weeks before that nobody has signed yet.

    The newest first, at most 50. Statements: 2, the gate's facts, the audit entry.
    """
    among = Q(
        status=Encounter.DRAFT, on__lte=on, on__gt=on - timedelta(days=SIGNING_DAYS)
    )
    rows = _whole(Encounter.scoped(viewer, reads={WELLCHILD}, among=among))
    current = Q(measurements__status=Measurement.CURRENT)
    counted = rows.annotate(measured=Count("measurements", filter=current))
    drafts = list(counted.order_by("-on", "pk").values(*DRAFTED)[:SIGNING_LINES])
    keys = {_child_key(draft) for draft in drafts}
    named = gate.look(viewer, Action.READ, {IDENTITY}, keys)
    return tuple(
        _signing_line(viewer, draft) for draft in drafts if _child_key(draft) in named
    )


def _child_key(draft: Mapping[str, Any]) -> gate.Key:
    return gate.Key(*(draft[f"child__{name}"] for name in ("id", *Child.KEY)))


def _signing_line(viewer: Viewer, draft: Mapping[str, Any]) -> SigningLine:
    name = f"{draft['child__first_name']} {draft['child__last_name']}"
    return SigningLine(
        encounter_id=draft["id"],
        child_name=name.strip(),
        born=draft["child__born"],
        on=draft["on"],
        visit=draft["visit"],
        is_measured=draft["measured"] > 0,
        has_note=bool(draft["assessment"].strip() and draft["plan"].strip()),
        is_opened=draft["reviewed_by_id"] == viewer.user_id
        and draft["reviewed_revision"] == draft["revision"],
    )


def _whole(scope: Scope[M]) -> QuerySet[M]:
    """The rows of whoever has a chart, not a view of a part of it."""
    rows = scope.rows
    views = scope.views.items()
    parts = {k for k, opened in views if opened[WELLCHILD].name not in CHART}
    if len(parts) == len(scope.views):
        return rows.none()
    for key in parts:
        law = dict(zip(Child.KEY, key[1:], strict=True))
        rows = rows.exclude(**{rows.model.PATIENT: key.patient}, **law)
    return rows


def _child(viewer: Viewer, child_id: UUID) -> ChildLine:
    scope = Child.scoped(viewer, reads={IDENTITY, WELLCHILD}, among=Q(pk=child_id))
    site = Site.objects.filter(pk=OuterRef("site_id")).values("neutral_name")
    rows = _whole(scope).annotate(place_name=Subquery(site))
    columns = (*NAMED, "gestation_days", "place_name", *Child.KEY)
    found = rows.values_list(*columns).first()
    names = {opened[IDENTITY].name for opened in scope.views.values()}
    if found is None or not names <= CHART:
        raise NotFound
    pk, first_name, last_name, born, sex, gestation_days, place_name, *law = found
    return ChildLine(
        child_id=pk,
        first_name=first_name,
        last_name=last_name,
        born=born,
        sex=_sex(sex),
        gestation=Gestation(*divmod(gestation_days, DAYS_IN_WEEK))
        if gestation_days
        else None,
        place_name=place_name or "",
        key=(pk, *law),
    )


def _sex(code: str) -> Sex | None:
    return "m" if code == "m" else "f" if code == "f" else None


def _encounter(viewer: Viewer, encounter_id: UUID) -> dict[str, Any]:
    among = Q(pk=encounter_id)
    rows = _whole(Encounter.scoped(viewer, reads={WELLCHILD}, among=among))
    found = rows.values().first()
    if found is None:
        raise NotFound
    return dict(found)


def _measurements(viewer: Viewer, among: Q) -> tuple[MeasurementLine, ...]:
    rows = _whole(Measurement.scoped(viewer, reads={WELLCHILD}, among=among))
    found = list(rows.order_by("on", "recorded_at").values(*MEASURED, "author_id"))
    authors = User.objects.filter(pk__in={row["author_id"] for row in found})
    names = dict(authors.values_list("pk", "name"))
    return tuple(
        MeasurementLine(
            names.get(row["author_id"], ""), *(row[name] for name in MEASURED)
        )
        for row in found
    )


def _doses(viewer: Viewer, among: Q) -> tuple[DoseLine, ...]:
    rows = _whole(Immunization.scoped(viewer, reads={WELLCHILD}, among=among))
    return tuple(
        DoseLine(*row) for row in rows.order_by("-on", "cvx").values_list(*GIVEN)
    )


def _conditions(viewer: Viewer, among: Q) -> tuple[ConditionLine, ...]:
    """The problems; those that tell of an exposure where the sealed part is open."""
    rows = _whole(Condition.scoped(viewer, reads={WELLCHILD}, among=among))
    ordered = rows.order_by("abated_on", "-onset_on", "text")
    columns = ("text", "onset_on", "abated_on", "code", "child_id", *Condition.KEY)
    found = []
    for text, onset_on, abated_on, code, *own in ordered.values_list(*columns):
        if tells_of_exposure(code, text) and not _is_unsealed(viewer, gate.Key(*own)):
            continue
        found.append(ConditionLine(text, onset_on, abated_on))
    return tuple(found)


def _is_unsealed(viewer: Viewer, key: gate.Key) -> bool:
    """Whether the whole sealed part is open; it counts as derived from Part 2."""
    derived = key._replace(origin=Origin.DERIVED.value)
    seen = gate.look(viewer, Action.READ, {DataClass.CHILD_EXPOSURE}, [derived])
    return any(
        opened[DataClass.CHILD_EXPOSURE].name is None for opened in seen.values()
    )


def _addenda(viewer: Viewer, encounter_id: UUID) -> tuple[AddendumLine, ...]:
    among = Q(encounter_id=encounter_id)
    rows = _whole(Addendum.scoped(viewer, reads={WELLCHILD}, among=among))
    columns = ("text", "author_name", "recorded_at")
    found = rows.order_by("recorded_at").values_list(*columns)
    return tuple(AddendumLine(*row) for row in found)


def _may_write(viewer: Viewer, child_id: UUID) -> bool:
    key = gate.new_row(viewer, child_id, Origin.HIPAA)
    return bool(gate.writable(viewer, WELLCHILD, [key]))
