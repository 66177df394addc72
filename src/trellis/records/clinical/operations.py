"""Changing a child's chart. One function is one user action and one transaction.

Nothing is overwritten and nothing erased: a correction is a new row beside the old, an
error is marked with its reason, and a signed visit takes additions only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Model, Q

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin
from trellis.core.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    RuleRefused,
)
from trellis.core.groups.doses import Dose, check_not_given_today, check_right_child
from trellis.core.growth import plausible
from trellis.core.growth.plausible import Unusual, unusual
from trellis.core.people.ages import age_days
from trellis.core.people.visits import Visit
from trellis.records.access import gate
from trellis.records.access.gate import writes
from trellis.records.access.models import provenance
from trellis.records.accounts.models import User
from trellis.records.clinical.entries import (
    FIELD_OF,
    Asked,
    asked_of,
    changes_of,
    to_confirm,
)
from trellis.records.clinical.models import (
    Addendum,
    Encounter,
    Immunization,
    Measurement,
)
from trellis.records.clinical.notes import (
    Note,
    checked_reason,
    digest,
    signed_text,
)
from trellis.records.people.models import Child


E = TypeVar("E", Measurement, Immunization)
R = TypeVar("R", Encounter, Measurement, Immunization)

WELLCHILD: Final = DataClass.CHILD_WELLCHILD
HERE: Final = "here"
REASON_OF: Final[dict[type[Model], str]] = {
    Measurement: "reason",
    Immunization: "error_reason",
}
IS_SIGNED: Final = "This visit is signed. Add an addendum instead."
FROM_ELSEWHERE: Final = "This entry came from another record. Correct it there."
IS_IN_ERROR: Final = "This visit was marked as entered in error."
CHANGED_SINCE_OPENED: Final = (
    "Something in this visit changed after you opened it. Look at it again, then sign."
)
READ_IT_FIRST: Final = "Open this visit and read it before you sign it."
OPEN_THEM_FIRST: Final = (
    "One of these visits was not opened by you, or it changed since. "
    "Open it first; nothing was signed."
)


@writes
def begin_encounter(
    *, by: Viewer, encounter_id: UUID, child_id: UUID, on: date, visit: str
) -> UUID:
    """Open the visit of a child on a day; the key of the one that stands.

    Repeating it changes nothing. A visit already begun here for the same child and
    day is answered instead of a second one. ``visit``: key of core.people.visits, or
    empty.

    Raises:
        NotFound: the child or its chart is not open to ``by``.
        InvalidInput: unknown visit, or a day before birth or after today's.
    """
    child = _locked_child(by, child_id)
    gate.require_write(by, WELLCHILD, gate.new_row(by, child_id, Origin.HIPAA))
    _check_day(by, child.born, on)
    if visit and visit not in set(Visit):
        raise InvalidInput(
            "Visit", visit, accepted="a visit of the schedule", hint="Choose one."
        )
    same_day = Q(child_id=child_id, on=on, status=Encounter.DRAFT, source=HERE)
    begun = Encounter.ungated.filter(same_day | Q(pk=encounter_id, child_id=child_id))
    standing = begun.filter(site_id=child.site_id).order_by("recorded_at").first()
    if standing is not None:
        return standing.pk
    Encounter.ungated.create(
        **provenance(by, site_id=child.site_id, origin=Origin.HIPAA),
        id=encounter_id,
        child_id=child_id,
        on=on,
        visit=visit,
        is_well_child=True,
    )
    _note(by, "clinical.begin-encounter", child_id, encounter=encounter_id)
    return encounter_id


@writes
def record_measurements(
    *,
    by: Viewer,
    encounter_id: UUID,
    keys: Mapping[str, UUID],
    seen: Mapping[str, UUID | None],
    weight_g: int | None = None,
    length_mm: int | None = None,
    position: str = "",
    head_mm: int | None = None,
    is_confirmed: bool = False,
) -> None:
    """Keep what was measured; None leaves what stands. Repeating changes nothing.

    ``keys``: by kind (weight, length, head), the key of the row to make. ``seen``: by
    kind, the key of the value that the form showed; only that one is corrected, by a
    new row that names it.

    Raises:
        NotFound: no such visit, or its chart is not open for writing.
        RuleRefused: the visit is signed.
        InvalidInput: no child can measure that.
        NeedsConfirmation: unusual values, with the reasons, unless confirmed.
        Conflict: somebody else entered another value meanwhile; nothing is saved.
    """
    draft = _draft(by, encounter_id)
    asked = asked_of(weight_g, length_mm, position, head_mm)
    rows = list(Measurement.ungated.filter(encounter=draft))
    current = {row.kind: row for row in rows if row.status == Measurement.CURRENT}
    changes = list(changes_of(asked, rows, current, keys, seen))
    if not changes:
        return
    reasons = _unusual(by, draft, changes, current)
    if reasons and not is_confirmed:
        raise to_confirm(reasons)
    flagged = {reason.field for reason in reasons}
    for change in changes:
        row = _replaced(by, draft, change, current.get(change.kind))
        row.id = keys[change.kind]
        row.is_confirmed = FIELD_OF[change.kind] in flagged
        row.save(force_insert=True)
    _touch(draft)
    _note(by, "clinical.measure", draft.child_id, encounter=draft.pk)


@writes
def mark_measurement_in_error(*, by: Viewer, measurement_id: UUID, reason: str) -> None:
    """Strike a value out; it stays readable with its reason. Repeating is harmless.

    Raises:
        NotFound: no such value open for writing; or its visit is signed and ``by``
            may not sign.
        RuleRefused: no reason, or the value came from elsewhere.
    """
    action = "clinical.measurement-in-error"
    _strike_out(by, Measurement, measurement_id, reason, action)


@writes
def give_dose(
    *,
    by: Viewer,
    key: UUID,
    encounter_id: UUID,
    dose: Dose,
    name_confirmed: bool,
    born_confirmed: date | None,
) -> None:
    """Record a dose given in this visit. The same key again changes nothing.

    Raises:
        NotFound: no such visit, or its chart is not open for writing.
        InvalidInput: a detail is missing or no code of its table.
        RuleRefused: the visit is signed, the child not confirmed, the lot expired, or
            the same vaccine already stands on this day.
        Conflict: the key stands for another dose.
    """
    draft = _draft(by, encounter_id)
    child = _locked_child(by, draft.child_id)  # all doses of a child, one by one
    standing = Immunization.ungated.filter(pk=key, child=child).first()
    if standing is not None:
        if (standing.cvx, standing.lot) == (dose.cvx, dose.lot.strip()):
            return
        raise Conflict("This form was already used for another dose. Open a new one.")
    check_right_child(
        born=child.born, name_confirmed=name_confirmed, born_confirmed=born_confirmed
    )
    dose.check(draft.on)
    today = Immunization.ungated.filter(
        child=child, on=draft.on, status=Immunization.COMPLETED
    )
    check_not_given_today(dose.cvx, today.values_list("cvx", flat=True))
    _create_dose(by, key, draft, dose)
    _touch(draft)
    _note(by, "clinical.give-dose", draft.child_id, encounter=draft.pk, dose=key)


@writes
def void_dose(*, by: Viewer, dose_id: UUID, reason: str) -> None:
    """Mark a dose as entered in error; it stays readable. Repeating is harmless.

    Raises:
        NotFound: no such dose open for writing; or its visit is signed and ``by`` may
            not sign.
        RuleRefused: no reason, or the dose came from elsewhere.
    """
    _strike_out(by, Immunization, dose_id, reason, "clinical.void-dose")


@writes
def write_note(*, by: Viewer, encounter_id: UUID, version: int, note: Note) -> None:
    """Save the four sections as they stand on the form.

    Raises:
        NotFound: no such visit, or its chart is not open for writing.
        RuleRefused: the visit is signed.
        InvalidInput: a section is too long.
        Conflict: somebody else saved the note since; nothing is saved.
    """
    draft = _draft(by, encounter_id)
    if _write(draft, version, note):
        _note(by, "clinical.write-note", draft.child_id, encounter=draft.pk)


@writes
def open_for_signing(*, by: Viewer, encounter_id: UUID, revision: int) -> None:
    """Remember that the clinician had the visit shown as of ``revision``.

    A visit that changed since counts as not opened yet.

    Raises:
        NotFound: no such visit, or not open for signing.
    """
    row = _locked_for_signing(by, encounter_id)
    if row.status != Encounter.DRAFT or row.revision != revision or _is_opened(by, row):
        return
    row.reviewed_by_id, row.reviewed_at = by.user_id, by.at
    row.reviewed_revision = row.revision
    row.save(update_fields=["reviewed_by_id", "reviewed_at", "reviewed_revision"])
    _note(by, "clinical.open-for-signing", row.child_id, encounter=row.pk)


@writes
def sign_encounter(
    *,
    by: Viewer,
    encounter_id: UUID,
    revision: int,
    version: int | None = None,
    note: Note | None = None,
) -> None:
    """Sign a visit that the signer opened; with ``note``, save that text first.

    ``revision`` is the one the page showed. Signing twice changes nothing.

    Raises:
        NotFound: no such visit, or ``by`` may not sign it.
        Conflict: it changed since the page was shown; nothing is saved.
        RuleRefused: not opened by the signer, no assessment, no plan, or the visit
            takes no signature any more.
    """
    row = _locked_for_signing(by, encounter_id)
    if row.status == Encounter.SIGNED and row.signed_by_id == by.user_id:
        return
    _check_draft(row)
    if row.revision != revision:
        raise Conflict(CHANGED_SINCE_OPENED)
    if not _is_opened(by, row):
        raise RuleRefused(READ_IT_FIRST)
    if note is not None:
        _write(row, version, note)
    _sign(by, row)


@writes
def sign_opened(*, by: Viewer, encounter_ids: Collection[UUID]) -> int:
    """Sign several visits, each opened before by the signer; how many were signed.

    Raises:
        NotFound: one of them is not open for signing.
        RuleRefused: one was not opened, changed since, or lacks assessment or plan;
            then none is signed.
    """
    signed = 0
    for encounter_id in sorted(set(encounter_ids)):  # one order of locks for everybody
        row = _locked_for_signing(by, encounter_id)
        if row.status == Encounter.SIGNED:
            continue
        _check_draft(row)
        if not _is_opened(by, row):
            raise RuleRefused(OPEN_THEM_FIRST)
        _sign(by, row)
        signed += 1
    return signed


@writes
def add_addendum(*, by: Viewer, key: UUID, encounter_id: UUID, text: str) -> None:
    """Add to a signed visit, which stays as signed. The same key changes nothing.

    Raises:
        NotFound: no such visit, or its chart is not open for writing.
        RuleRefused: the visit is not signed yet, or the text is empty.
    """
    row = _locked(by, Encounter, encounter_id)
    if row.status in {Encounter.DRAFT, Encounter.ELSEWHERE}:
        raise RuleRefused("Only a signed visit takes an addendum.")
    if Addendum.ungated.filter(pk=key, encounter=row).exists():
        return
    if not text.strip():
        raise RuleRefused("Write the addendum before you save it.")
    Note(history=text).check_length()
    Addendum.ungated.create(
        **provenance(by, site_id=row.site_id, origin=Origin.HIPAA),
        id=key,
        encounter=row,
        text=text.strip(),
        author_name=_name(by),
    )
    _touch(row)
    _note(by, "clinical.add-addendum", row.child_id, encounter=row.pk, addendum=key)


@writes
def mark_entered_in_error(*, by: Viewer, encounter_id: UUID, reason: str) -> None:
    """Mark a whole visit and its measurements; all stays readable.

    Raises:
        NotFound: no such visit open for writing; or it is signed and ``by`` may not
            sign.
        RuleRefused: no reason, it came from elsewhere, or doses of it still stand.
    """
    row = _locked(by, Encounter, encounter_id)
    if row.status == Encounter.ERROR:
        return
    if row.status == Encounter.ELSEWHERE:
        raise RuleRefused(FROM_ELSEWHERE)
    if row.status == Encounter.SIGNED:
        by.require(Permission.CLINICAL_ENCOUNTER_SIGN)
    why = checked_reason(reason)
    doses = Immunization.ungated.filter(encounter=row, status=Immunization.COMPLETED)
    if doses.exists():
        raise RuleRefused("Void the doses of this visit one by one first.")
    current = Measurement.ungated.filter(encounter=row, status=Measurement.CURRENT)
    current.update(status=Measurement.ERROR, reason=why)
    row.status, row.error_reason = Encounter.ERROR, why
    _touch(row, "status", "error_reason")
    _note(by, "clinical.entered-in-error", row.child_id, encounter=row.pk)


def _note(by: Viewer, action: str, child_id: UUID, **identifiers: UUID) -> None:
    gate.note(by, action, [child_id], **{k: str(v) for k, v in identifiers.items()})


def _name(by: Viewer) -> str:
    return (
        User.objects.filter(pk=by.user_id).values_list("name", flat=True).first() or ""
    )


def _locked_child(by: Viewer, child_id: UUID) -> Child:
    # What is begun and given for one child is decided one by one.
    rows = Child.ungated.select_for_update()
    child = rows.filter(pk=child_id, site_id__in=by.site_ids).first()
    if child is None:
        raise NotFound
    key = gate.Key(child.pk, child.origin, child.origin_org_id, child.author_org_id)
    gate.require(by, Action.READ, DataClass.CHILD_IDENTITY, key)
    return child


def _locked(by: Viewer, model: type[R], pk: UUID) -> R:
    # A visit and its rows change one by one: the second person is told, not undone.
    rows = model.ungated.select_for_update()
    row = rows.filter(pk=pk, site_id__in=by.site_ids).first()
    if row is None:
        raise NotFound
    gate.require_write(by, WELLCHILD, _key(row))
    return row


def _key(row: Encounter | Measurement | Immunization) -> gate.Key:
    return gate.Key(row.child_id, row.origin, row.origin_org_id, row.author_org_id)


def _draft(by: Viewer, encounter_id: UUID) -> Encounter:
    row = _locked(by, Encounter, encounter_id)
    _check_draft(row)
    return row


def _check_draft(row: Encounter) -> None:
    if row.status == Encounter.SIGNED:
        raise RuleRefused(IS_SIGNED)
    if row.status == Encounter.ERROR:
        raise RuleRefused(IS_IN_ERROR)
    if row.status == Encounter.ELSEWHERE:
        raise RuleRefused(FROM_ELSEWHERE)


def _locked_for_signing(by: Viewer, encounter_id: UUID) -> Encounter:
    by.require(Permission.CLINICAL_ENCOUNTER_SIGN)
    row = _locked(by, Encounter, encounter_id)
    gate.require(by, Action.SIGN, WELLCHILD, _key(row))
    return row


def _is_opened(by: Viewer, row: Encounter) -> bool:
    return row.reviewed_by_id == by.user_id and row.reviewed_revision == row.revision


def _touch(row: Encounter, *fields: str) -> None:
    row.revision += 1
    row.save(update_fields=["revision", *fields])


def _check_day(by: Viewer, born: date, on: date) -> None:
    age_days(born, on)
    if on > by.today:
        raise InvalidInput(
            "Date", on, accepted="today or earlier", hint="Check the date."
        )


def _unusual(
    by: Viewer,
    draft: Encounter,
    changes: list[Asked],
    current: Mapping[str, Measurement],
) -> tuple[Unusual, ...]:
    """The reasons to look again, for what changes alone."""
    child = Child.ungated.get(pk=draft.child_id)
    values = {FIELD_OF[kind]: row.value for kind, row in current.items()}
    values |= {FIELD_OF[change.kind]: change.value for change in changes}
    places = {kind: row.position for kind, row in current.items()}
    places |= {change.kind: change.position for change in changes}
    place = places.get(Measurement.LENGTH, "")
    now = plausible.Measurement(age_days(child.born, draft.on), **values)
    found = unusual(
        now,
        sex="m" if child.sex == "m" else "f" if child.sex == "f" else None,
        position="l" if place == "l" else "h" if place == "h" else None,
        before=_before(by, child, draft.on),
    )
    changed = {FIELD_OF[change.kind] for change in changes}
    is_body = bool(changed & {"weight_g", "length_mm"})
    return tuple(
        reason
        for reason in found
        if reason.field in changed or (is_body and reason.key == "weight-for-length")
    )


def _before(by: Viewer, child: Child, on: date) -> plausible.Measurement | None:
    """The last value of each kind before the day, under the age of the latest."""
    earlier = Measurement.ungated.filter(
        child=child,
        on__lt=on,
        on__gte=child.born,
        status=Measurement.CURRENT,
        site_id__in=by.site_ids,
    )
    last = {row.kind: row for row in earlier.order_by("on")}
    if not last:
        return None
    latest = max(row.on for row in last.values())
    values = {FIELD_OF[kind]: row.value for kind, row in last.items()}
    return plausible.Measurement(age_days(child.born, latest), **values)


def _replaced(
    by: Viewer, draft: Encounter, change: Asked, old: Measurement | None
) -> Measurement:
    """The row to come; the one it replaces is marked as corrected."""
    if old is not None:
        old.status = Measurement.CORRECTED
        old.save(update_fields=["status"])
    return Measurement(
        **provenance(by, site_id=draft.site_id, origin=Origin.HIPAA),
        child_id=draft.child_id,
        encounter=draft,
        on=draft.on,
        kind=change.kind,
        value=change.value,
        position=change.position,
        replaces=old,
    )


def _create_dose(by: Viewer, key: UUID, draft: Encounter, dose: Dose) -> None:
    own_name = _name(by)
    name = dose.vaccinator_name.strip()
    Immunization.ungated.create(
        **provenance(by, site_id=draft.site_id, origin=Origin.HIPAA),
        id=key,
        child_id=draft.child_id,
        encounter=draft,
        on=draft.on,
        cvx=dose.cvx,
        mvx=dose.mvx,
        product=dose.product,
        lot=dose.lot.strip(),
        expires_on=dose.expires_on,
        body_site=dose.body_site,
        route=dose.route,
        funding=dose.funding,
        vis_edition_on=dose.vis_edition_on,
        vaccinator_id=by.user_id if name == own_name else None,
        vaccinator_name=name,
    )


def _strike_out(by: Viewer, model: type[E], pk: UUID, reason: str, action: str) -> None:
    at_sites = model.ungated.filter(pk=pk, site_id__in=by.site_ids)
    of_visit = at_sites.values_list("encounter_id", flat=True).first()
    # The visit first, as everywhere: one order of locks for everybody.
    encounter = _locked(by, Encounter, of_visit) if of_visit else None
    row = _locked(by, model, pk)
    if row.status == row.ERROR:
        return
    if row.source != HERE:
        raise RuleRefused(FROM_ELSEWHERE)
    if encounter is not None and encounter.status == Encounter.SIGNED:
        by.require(Permission.CLINICAL_ENCOUNTER_SIGN)
    field = REASON_OF[model]
    setattr(row, field, checked_reason(reason))
    row.status = row.ERROR
    row.save(update_fields=["status", field])
    if encounter is not None:
        _touch(encounter)
    _note(by, action, row.child_id, entry=row.pk)


def _write(row: Encounter, version: int | None, note: Note) -> bool:
    """Put the note into the row; False where it stands so already."""
    note.check_length()
    if _standing_note(row) == note:
        return False
    if row.version != version:
        raise Conflict(
            "Somebody else saved this note meanwhile. Your text is still here: "
            "put both together, then save again."
        )
    row.history, row.examination = note.history, note.examination
    row.assessment, row.plan = note.assessment, note.plan
    row.version += 1
    _touch(row, "history", "examination", "assessment", "plan", "version")
    return True


def _standing_note(row: Encounter) -> Note:
    return Note(row.history, row.examination, row.assessment, row.plan)


def _sign(by: Viewer, row: Encounter) -> None:
    note = _standing_note(row)
    note.check_may_sign()
    columns = ("id", "kind", "value", "position")
    measured = Measurement.ungated.filter(encounter=row, status=Measurement.CURRENT)
    details = ("id", "cvx", "mvx", "product", "lot", "expires_on", "body_site", "route")
    given = Immunization.ungated.filter(encounter=row, status=Immunization.COMPLETED)
    row.signed_content = signed_text(
        child_id=row.child_id,
        on=row.on,
        visit=row.visit,
        note=note,
        measurements=list(measured.values(*columns)),
        doses=list(given.values(*details)),
    )
    row.signed_hash = digest(row.signed_content)
    row.status, row.signed_at = Encounter.SIGNED, by.at
    row.signed_by_id, row.signed_by_name = by.user_id, _name(by)
    signed = ["signed_content", "signed_hash", "signed_at", "signed_by_id"]
    _touch(row, "status", "signed_by_name", *signed)
    _note(by, "clinical.sign", row.child_id, encounter=row.pk)
