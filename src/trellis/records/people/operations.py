"""Writing about people: registering, changing, linking. Every act leaves its entry.

A new row is written first and asked about then: whether a family stands on somebody's
team depends on the very rows that are being made. A refusal takes all of them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin, Write
from trellis.core.errors import Conflict, NeedsConfirmation, NotFound
from trellis.core.people.dyads import (
    ALL,
    Authority,
    CaregiverKind,
    DyadPeriod,
    check_one_at_a_time,
    check_starts_after_birth,
)
from trellis.core.people.entries import (
    BORN_EARLY_AT_MOST_DAYS,
    DUE_SINCE_AT_MOST_DAYS,
    check_due_date,
    check_not_future,
    kept_text,
)
from trellis.records.access import gate
from trellis.records.access.gate import writes
from trellis.records.access.models import Protected, provenance
from trellis.records.access.vault import Cell, seal, unseal
from trellis.records.people.duplicates import has_probable
from trellis.records.people.entries import (
    ChildIdentity,
    Contact,
    Identity,
    NewChild,
    NewParent,
    Planning,
    authority_columns,
)
from trellis.records.people.models import Child, Dyad, Parent, Pregnancy


P = TypeVar("P", bound=Protected)
ADULT, CHILD = DataClass.ADULT_IDENTITY, DataClass.CHILD_IDENTITY
PROGRAMME, LINK = DataClass.PROGRAMME_RECORD, DataClass.DYAD_LINK
LEGAL, SAFE = DataClass.CPS_CUSTODY_LEGAL, DataClass.SAFE_ADDRESS


@writes
def register_parent(*, by: Viewer, parent: NewParent) -> UUID:
    """Register an adult at one of the actor's sites; the key that was given.

    The same key with the same content again changes nothing.

    Raises:
        NotFound: another site, or the actor may not register adults there.
        InvalidInput: a value that cannot be.
        Conflict: the key, or the site's own number, belongs to another record.
    """
    _check_site(by, parent.site_id)
    columns = {
        **parent.identity.columns(by.today),
        **parent.contact.columns(),
        **parent.planning.columns(),
    }
    is_new = _create(
        by,
        Parent,
        parent.key,
        columns,
        site_id=parent.site_id,
        origin=Origin.PART2,
    )
    key = gate.new_row(by, parent.key, Origin.PART2)
    gate.require_write(by, ADULT, key)
    if parent.planning != Planning():
        gate.require_write(by, PROGRAMME, key)
    if is_new:
        gate.note(by, "people.register-parent", [parent.key])
    return parent.key


@writes
def add_child(
    *, by: Viewer, parent_id: UUID, child: NewChild, is_confirmed: bool = False
) -> UUID:
    """Register a child with this caregiver; the key of their dyad.

    A birth parent's pregnancy that this birth ends is ended with it; of twins, the
    first one ends it and the second finds it ended. The same key again changes nothing.

    Raises:
        NotFound: no such adult for the actor, or the actor may not write here.
        InvalidInput: a value that cannot be.
        NeedsConfirmation: a child like this is registered, and ``is_confirmed`` false.
        Conflict: the key, or the site's own number, belongs to another record.
    """
    parent = _locked(Parent, parent_id, by)
    gate.require(by, Action.READ, ADULT, _key_of(parent, parent_id))
    if not is_confirmed:
        _ask_about_child(by, child)
    period = _starting(child.starts or child.identity.born, child.identity.born, by)
    identity = child.identity.columns(by.today)
    columns = {**identity, "gestation_days": child.gestation_days}
    site_id = parent.site_id
    is_new = _create(
        by, Child, child.key, columns, site_id=site_id, origin=Origin.HIPAA
    )
    dyad_id = _dyad_key(child.key, parent_id)
    if is_new:
        _link(
            by,
            dyad_id,
            parent,
            child.key,
            period=period,
            kind=child.kind,
            authority=child.authority,
        )
    key = gate.new_row(by, child.key, Origin.HIPAA)
    gate.require_write(by, CHILD, key)
    _require_link(by, parent, child.kind, child.authority)
    if is_new and child.kind is CaregiverKind.BIRTH_PARENT:
        _end_pregnancy(parent_id, child.identity.born)
    if is_new:
        gate.note(by, "people.add-child", [parent_id, child.key])
    return dyad_id


@writes
def register_caregiver(
    *, by: Viewer, caregiver: NewParent, child_id: UUID, link: NewChild
) -> UUID:
    """Register another caregiver of a child and link the two; the key of their dyad.

    ``link`` gives kind, authority and start. The same key again changes nothing.

    Raises:
        NotFound: no such child for the actor, or the actor may not write here.
        InvalidInput: a value that cannot be.
        RuleRefused: the period cannot be.
    """
    child = _locked(Child, child_id, by)
    gate.require(by, Action.READ, CHILD, _key_of(child, child_id))
    starts = link.starts or by.today
    period = _starting(starts, child.born, by)
    dyad_id = _dyad_key(child_id, caregiver.key)
    if not Dyad.ungated.filter(pk=dyad_id).exists():
        # The link stands first: by it the gate knows the adult as this child's.
        unsaved = Parent(pk=caregiver.key, site_id=child.site_id)
        _link(
            by,
            dyad_id,
            unsaved,
            child_id,
            period=period,
            kind=link.kind,
            authority=link.authority,
        )
    register_parent(by=by, parent=caregiver)
    _require_link(by, _locked(Parent, caregiver.key, by), link.kind, link.authority)
    gate.note(by, "people.link-caregiver", [caregiver.key, child_id])
    return dyad_id


@writes
def link_caregiver(
    *,
    by: Viewer,
    key: UUID,
    child_id: UUID,
    parent_id: UUID,
    kind: CaregiverKind,
    starts: date,
    authority: Authority,
) -> UUID:
    """Link an adult whom the actor already knows to a child; the key of their dyad.

    Raises:
        NotFound: one of them is not open to the actor, or the actor may not link.
        InvalidInput: it starts before the birth, or in the future.
        RuleRefused: they are already a dyad then.
    """
    parent, child = _locked(Parent, parent_id, by), _locked(Child, child_id, by)
    gate.require(by, Action.READ, ADULT, _key_of(parent, parent_id))
    gate.require(by, Action.READ, CHILD, _key_of(child, child_id))
    _require_link(by, parent, kind, authority)
    period = _starting(starts, child.born, by)
    known = Dyad.ungated.filter(parent_id=parent_id, child_id=child_id)
    if known.filter(pk=key).exists():
        return key
    periods = [DyadPeriod(*row) for row in known.values_list("starts", "ends")]
    check_one_at_a_time([*periods, period])
    _link(by, key, parent, child_id, period=period, kind=kind, authority=authority)
    gate.note(by, "people.link-caregiver", [parent_id, child_id])
    return key


@writes
def end_dyad(*, by: Viewer, dyad_id: UUID, ends: date) -> None:
    """From this day on the two are no dyad; nothing is erased.

    Raises:
        NotFound: no such dyad for the actor, or the actor may not link.
        InvalidInput: the day is not after the start, or lies in the future.
        Conflict: it ended already, on another day.
    """
    dyad = _locked(Dyad, dyad_id, by)
    gate.require_write(by, LINK, _key_of(dyad, dyad.parent_id))
    check_not_future("End", ends, by.today)
    DyadPeriod(dyad.starts, ends)
    if dyad.ends == ends:
        return
    if dyad.ends is not None:
        raise Conflict("This dyad has ended already.", current=f"{dyad.ends}")
    Dyad.ungated.filter(pk=dyad_id).update(ends=ends)
    gate.note(by, "people.end-dyad", [dyad.parent_id, dyad.child_id])


@writes
def change_authority(
    *, by: Viewer, dyad_id: UUID, kind: CaregiverKind, authority: Authority
) -> None:
    """Record what the caregiver is to the child and may do.

    Raises:
        NotFound: no such dyad for the actor, or the actor may not record it.
    """
    dyad = _locked(Dyad, dyad_id, by)
    gate.require_write(by, LEGAL, _key_of(dyad, dyad.parent_id))
    columns = {"kind": kind.value, **authority_columns(authority)}
    Dyad.ungated.filter(pk=dyad_id).update(**columns)
    gate.note(by, "people.change-authority", [dyad.parent_id, dyad.child_id])


@writes
def change_parent(
    *,
    by: Viewer,
    parent_id: UUID,
    version: int,
    identity: Identity | None = None,
    planning: Planning | None = None,
) -> None:
    """Correct who an adult is, or what the programme plans by; None leaves it alone.

    Raises:
        NotFound: no such adult for the actor, or the actor may not change this.
        InvalidInput: a value that cannot be.
        Conflict: somebody changed the record since ``version``.
    """
    parent = _locked(Parent, parent_id, by)
    key = _key_of(parent, parent_id)
    columns: dict[str, Any] = {}
    if identity is not None:
        gate.require_write(by, ADULT, key)
        columns |= identity.columns(by.today)
    if planning is not None:
        gate.require_write(by, PROGRAMME, key)
        columns |= planning.columns()
    if _change(parent, version, columns):
        gate.note(by, "people.change-parent", [parent_id])


@writes
def change_contact(
    *,
    by: Viewer,
    parent_id: UUID,
    version: int,
    contact: Contact | None = None,
    reach_via: str | None = None,
    address: str | None = None,
) -> None:
    """Change phone and e-mail, safe ways to be reached, address; None is left alone.

    Safe ways and address are sealed; safe ways hold no address.

    Raises:
        NotFound: no such adult for the actor, or the actor may not change this.
        InvalidInput: nobody could be reached under the number.
        Conflict: somebody changed the record since ``version``.
    """
    parent = _locked(Parent, parent_id, by)
    key = _key_of(parent, parent_id)
    columns: dict[str, Any] = {}
    if contact is not None:
        gate.require_write(by, ADULT, key, narrow=Write.OWN_CONTACT)
        columns |= contact.columns()
    if reach_via is not None:
        gate.require_write(by, SAFE, key, narrow=Write.EDIT_REACH_VIA)
        columns |= _sealed(parent, "reach_via_sealed", reach_via)
    if address is not None:
        gate.require_write(by, SAFE, key)
        columns |= _sealed(parent, "address_sealed", address)
    if _change(parent, version, columns):
        gate.note(by, "people.change-contact", [parent_id], fields=sorted(columns))


@writes
def change_child(
    *, by: Viewer, child_id: UUID, version: int, identity: ChildIdentity
) -> None:
    """Correct who a child is.

    Raises:
        NotFound: no such child for the actor, or the actor may not change this.
        InvalidInput: a value that cannot be.
        Conflict: somebody changed the record since ``version``.
    """
    child = _locked(Child, child_id, by)
    gate.require_write(by, CHILD, _key_of(child, child_id))
    if _change(child, version, identity.columns(by.today)):
        gate.note(by, "people.change-child", [child_id])


@writes
def record_pregnancy(*, by: Viewer, key: UUID, parent_id: UUID, due_on: date) -> UUID:
    """Record a pregnancy by its due date; the same again changes nothing.

    Raises:
        NotFound: no such adult for the actor, or the actor may not record it.
        InvalidInput: the due date lies too far away.
    """
    parent = _locked(Parent, parent_id, by)
    gate.require_write(by, PROGRAMME, gate.new_row(by, parent_id, Origin.PART2))
    check_due_date(due_on, by.today)
    same = Pregnancy.ungated.filter(parent_id=parent_id, due_on=due_on).first()
    if same is not None:
        return same.pk
    columns = {"parent_id": parent_id, "due_on": due_on}
    site_id = parent.site_id
    _create(by, Pregnancy, key, columns, site_id=site_id, origin=Origin.PART2)
    gate.note(by, "people.record-pregnancy", [parent_id])
    return key


def _check_site(by: Viewer, site_id: int) -> None:
    if site_id not in by.site_ids:
        raise NotFound


def _ask_about_child(by: Viewer, child: NewChild) -> None:
    """The same form sent again is no duplicate of itself."""
    own = Child.ungated.filter(pk=child.key, author_id=by.user_id)
    if not own.exists() and has_probable(by, None, [child.identity]):
        raise NeedsConfirmation(
            "A child very like this is registered already. "
            "Look at them first; register only if this is another child."
        )


def _dyad_key(child_id: UUID, parent_id: UUID) -> UUID:
    """The same for the same form sent twice."""
    return uuid5(child_id, str(parent_id))


def _key_of(row: Protected, patient: UUID) -> gate.Key:
    return gate.Key(patient, row.origin, row.origin_org_id, row.author_org_id)


def _locked(model: type[P], row_id: UUID, by: Viewer) -> P:
    # Ungated: the row's own columns are what the gate is asked with.
    rows = model.ungated.select_for_update().filter(pk=row_id)
    row = rows.filter(site_id__in=by.site_ids).first()
    if row is None:
        raise NotFound
    return row


def _create(
    by: Viewer,
    model: type[P],
    key: UUID,
    columns: Mapping[str, Any],
    *,
    site_id: int,
    origin: Origin,
) -> bool:
    """Whether it was made now; False where the very same row is there already."""
    # Ungated: nothing is told of a row that is there, but whether it is the same.
    own = provenance(by, site_id=site_id, origin=origin)
    try:
        with transaction.atomic():
            row, is_new = model.ungated.get_or_create(
                pk=key, defaults={**own, **columns}
            )
    except IntegrityError as clash:
        raise Conflict(
            "The number given for this person is in use. Check it, or leave it empty."
        ) from clash
    if is_new:
        return True
    if row.site_id != site_id or _differs(row, columns):
        raise Conflict("This form was saved already, with other content.")
    return False


def _differs(row: Protected, columns: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in columns.items())


def _starting(starts: date, born: date, by: Viewer) -> DyadPeriod:
    check_not_future("Start", starts, by.today)
    period = DyadPeriod(starts)
    check_starts_after_birth(period, born)
    return period


def _link(
    by: Viewer,
    key: UUID,
    parent: Parent,
    child_id: UUID,
    *,
    period: DyadPeriod,
    kind: CaregiverKind,
    authority: Authority,
) -> None:
    columns = {
        "parent_id": parent.pk,
        "child_id": child_id,
        "starts": period.starts,
        "kind": kind.value,
        **authority_columns(authority),
    }
    _create(by, Dyad, key, columns, site_id=parent.site_id, origin=Origin.PART2)


def _require_link(
    by: Viewer, parent: Parent, kind: CaregiverKind, authority: Authority
) -> None:
    """May link; and, for anything but a birth parent, may record legal facts."""
    key = gate.new_row(by, parent.pk, Origin.PART2)
    gate.require_write(by, LINK, key)
    if (kind, authority) != (CaregiverKind.BIRTH_PARENT, ALL):
        gate.require_write(by, LEGAL, key)


def _end_pregnancy(parent_id: UUID, born: date) -> None:
    """End the pregnancy whose due date fits this birth; another one stays."""
    # The mother of a child just registered; her pregnancies are told to nobody here.
    fitting = Pregnancy.ungated.filter(
        parent_id=parent_id,
        ended_on=None,
        due_on__gte=born - timedelta(days=DUE_SINCE_AT_MOST_DAYS),
        due_on__lte=born + timedelta(days=BORN_EARLY_AT_MOST_DAYS),
    )
    fitting.update(ended_on=born)


def _change(row: Parent | Child, version: int, columns: Mapping[str, Any]) -> bool:
    """Whether something was changed; False where all stands so already."""
    if not _differs(row, columns):
        return False
    if row.version != version:
        raise Conflict(
            "Somebody changed this record after you opened it. Nothing was saved. "
            "Look at what stands there now."
        )
    # Ungated: the locked row itself.
    type(row).ungated.filter(pk=row.pk).update(**columns, version=version + 1)
    return True


def _sealed(parent: Parent, column: str, text: str) -> dict[str, str]:
    """The column sealed anew; nothing where the same text is sealed there already."""
    cell = Cell(Parent._meta.db_table, parent.pk, column)
    kept = kept_text(text)
    if unseal(getattr(parent, column), cell) == kept:
        return {}
    return {column: seal(kept, cell)}
