"""Reading the policy facts of a line; each is optional and absent means no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar
from zoneinfo import ZoneInfoNotFoundError

from trellis.core.consent.facts import (
    AddressRelease,
    Administered,
    Agreement,
    Approval,
    Facts,
    GuardianKind,
    IntegratedUnit,
    OwnSession,
    Period,
    Policy,
    Qsoa,
    Restricted,
    Restriction,
    RestrictionKind,
    StatePack,
    Tombstone,
    TombstoneScope,
    zone_named,
)
from trellis.core.consent.json_fields import Fields, refused
from trellis.core.consent.wire_consents import scope_from


T = TypeVar("T")
FLAGS: Final = (
    "care_team",
    "programme_side",
    "site_ops",
    "treating",
    "told_by_patient",
    "own_site",
    "own_programme",
    "published",
    "suppressed",
    "deidentified",
    "state_rule_hiv",
    "own_care",
)


def facts_from(fields: Fields) -> Facts:
    """The facts of a line.

    Raises:
        InvalidInput: a fact is there and not usable.
    """
    flags = {name: fields.flag(name) for name in FLAGS if fields.is_given(name)}
    return Facts(
        **flags,
        integrated_unit=_known(fields, "integrated_unit", _integrated_unit),
        qsoa=_known(fields, "qsoa", _qsoa),
        service=fields.optional("service", fields.text),
        author_id=fields.optional("author_id", fields.text),
        administered=_known(fields, "administered", _administered),
        own_session=_known(fields, "own_session", _own_session),
        site_tz=_site_zone(fields),
        address_release=_known(fields, "address_release", _address_release),
        guardian=fields.optional("guardian", lambda n: fields.word(n, GuardianKind)),
        clinician_review=_known(fields, "clinician_review", _approval),
        agreement_2_53=_known(fields, "agreement_2_53", _agreement),
        approvals=_each(fields, "approvals", _approval),
        restrictions=_each(fields, "restrictions", restriction_from),
        restricted=_known(fields, "restricted", _restricted),
        tombstone=_known(fields, "tombstone", _tombstone),
        state_pack=_known(fields, "state_pack", _state_pack),
        policy=_known(fields, "policy", _policy),
    )


def _known(fields: Fields, name: str, read: Callable[[Fields], T]) -> T | None:
    return read(fields.nested(name)) if fields.has(name) else None


def _each(fields: Fields, name: str, read: Callable[[Fields], T]) -> tuple[T, ...]:
    if not fields.is_given(name):
        return ()
    return tuple(read(item) for item in fields.objects(name))


def _period(fields: Fields) -> Period:
    return Period(fields.day("from"), fields.optional("until", fields.day))


def _integrated_unit(fields: Fields) -> IntegratedUnit:
    return IntegratedUnit(
        id=fields.text("id"),
        programme_org=fields.text("programme_org"),
        unit=fields.text("unit"),
        period=_period(fields),
    )


def _qsoa(fields: Fields) -> Qsoa:
    return Qsoa(
        id=fields.text("id"),
        programme_org=fields.text("programme_org"),
        org=fields.text("org"),
        services=frozenset(fields.texts("services")),
        period=_period(fields),
    )


def _agreement(fields: Fields) -> Agreement:
    return Agreement(
        id=fields.text("id"), org=fields.text("org"), period=_period(fields)
    )


def _administered(fields: Fields) -> Administered:
    return Administered(
        screen_id=fields.text("screen_id"),
        actor_ids=frozenset(fields.texts("actor_ids")),
        disposition_at=fields.optional("disposition_at", fields.instant),
        signed_at=fields.optional("signed_at", fields.instant),
    )


def _own_session(fields: Fields) -> OwnSession:
    return OwnSession(
        session_id=fields.text("session_id"),
        on=fields.day("on"),
        starts_on=fields.optional("from", fields.day),
        until_on=fields.optional("until", fields.day),
    )


def _site_zone(fields: Fields) -> str | None:
    name = fields.optional("site_tz", fields.text)
    try:
        zone_named(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        accepted = "a time zone such as America/New_York"
        raise refused(fields.where("site_tz"), name, accepted) from None
    return name


def _address_release(fields: Fields) -> AddressRelease:
    return AddressRelease(
        id=fields.text("id"),
        released_by=fields.text("released_by"),
        to_actor=fields.text("to_actor"),
        subject_id=fields.text("subject_id"),
        visit_id=fields.text("visit_id"),
        starts_at=fields.instant("from"),
        ends_at=fields.instant("until"),
    )


def _approval(fields: Fields) -> Approval:
    return Approval(by=fields.text("by"), at=fields.instant("at"))


def restriction_from(fields: Fields) -> Restriction:
    """One restriction or denial of the patient.

    Raises:
        InvalidInput: a field is missing or not usable.
    """
    return Restriction(
        id=fields.text("id"),
        kind=fields.word("kind", RestrictionKind),
        scope=scope_from(fields),
        starts_at=fields.instant("from"),
        withdrawn_at=fields.optional("withdrawn_at", fields.instant),
    )


def _restricted(fields: Fields) -> Restricted:
    return Restricted(named=frozenset(fields.texts("named")))


def _tombstone(fields: Fields) -> Tombstone:
    return Tombstone(
        scope=fields.word("scope", TombstoneScope), since=fields.instant("since")
    )


def _state_pack(fields: Fields) -> StatePack:
    return StatePack(
        code=fields.text("code"),
        active=fields.flag("active"),
        review_until=fields.day("review_until"),
    )


def _policy(fields: Fields) -> Policy:
    return Policy(
        version=fields.text("version"),
        valid_until=fields.optional("valid_until", fields.instant),
    )
