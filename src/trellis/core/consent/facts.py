"""What is known about actor, subject and row when a decision is taken.

Every field is optional; its default says "absent" and never opens a cell. Dates are
whole days in the site's time zone and valid through ``until``; instants carry a zone.
For a row being created the caller names the actor as author and the actor's
organisation as ``author_org``. Source: privacy.md 4.4, "Policy facts".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from trellis.core.access.vocabulary import DataClass, Purpose
from trellis.core.consent.recipients import Party


SESSION_MARGIN_DAYS: Final = 3
BREAK_GLASS_LASTS: Final = timedelta(minutes=60)
BREAK_GLASS_REVIEW_WITHIN: Final = timedelta(hours=72)
ONE_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=64)
def zone_named(name: str | None) -> tzinfo:
    """The IANA time zone; UTC where a site names none.

    Raises:
        zoneinfo.ZoneInfoNotFoundError, ValueError: there is no such zone.
    """
    return ZoneInfo(name) if name else UTC


def start_of(day: date, zone: tzinfo) -> datetime:
    """The instant, in UTC, at which a calendar day begins in the zone.

    The first and last year of the calendar stand for "always" and "never", as in
    files that write 9999-12-31; no zone's offset applies to them.
    """
    if day.year in (MINYEAR, MAXYEAR):
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``starts_on`` through ``until_on``; None is open."""

    starts_on: date | None
    until_on: date | None = None

    def bounds(self, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
        """The same as a half-open pair of instants."""
        starts = start_of(self.starts_on, zone) if self.starts_on else None
        if self.until_on is None or self.until_on.year == MAXYEAR:
            return starts, None
        return starts, start_of(self.until_on + ONE_DAY, zone)

    def contains(self, at: datetime, zone: tzinfo) -> bool:
        """Whether the instant falls into the period."""
        starts, ends = self.bounds(zone)
        return (starts is None or starts <= at) and (ends is None or at < ends)


@dataclass(frozen=True, slots=True)
class IntegratedUnit:
    """A unit listed in the definition of a programme, though it is not its own."""

    id: str
    programme_org: str
    unit: str
    period: Period


@dataclass(frozen=True, slots=True)
class Qsoa:
    """A qualified service organisation agreement: programme-side for its services."""

    id: str
    programme_org: str
    org: str
    services: frozenset[str]
    period: Period


@dataclass(frozen=True, slots=True)
class Agreement:
    """A written agreement on audit or evaluation, 42 CFR 2.53."""

    id: str
    org: str
    period: Period


@dataclass(frozen=True, slots=True)
class Administered:
    """Who gave, signs or was handed one screen, and how far it is settled."""

    screen_id: str
    actor_ids: frozenset[str]
    disposition_at: datetime | None = None
    signed_at: datetime | None = None

    @property
    def settled_at(self) -> datetime | None:
        """When both the disposition was recorded and the screen signed."""
        if self.disposition_at is None or self.signed_at is None:
            return None
        return max(self.disposition_at, self.signed_at)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A group session the actor facilitates; a substitute has dates of their own."""

    session_id: str
    on: date
    starts_on: date | None = None
    until_on: date | None = None

    @property
    def period(self) -> Period:
        """Three days before to three days after, or the substitute's own dates."""
        margin = timedelta(days=SESSION_MARGIN_DAYS)
        return Period(
            self.starts_on or self.on - margin, self.until_on or self.on + margin
        )


@dataclass(frozen=True, slots=True)
class AddressRelease:
    """A case manager released the address to one person for one planned visit."""

    id: str
    released_by: str
    to_actor: str
    subject_id: str
    visit_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody approved or reviewed this very request."""

    by: str
    at: datetime


class RestrictionKind(StrEnum):
    """Agreed with the patient (42 CFR 2.26), or a provision that denies."""

    AGREED = "agreed"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a denial is about; an empty set means all."""

    data_classes: frozenset[DataClass] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    recipients: frozenset[Party] = frozenset()


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction or denial; ends only when the patient withdraws it."""

    id: str
    kind: RestrictionKind
    scope: Scope
    starts_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Restricted:
    """A restricted record: absent for everybody but the few named actors."""

    named: frozenset[str]


class TombstoneScope(StrEnum):
    """Whose loss it is."""

    ADULT = "adult"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """After a loss no message goes out."""

    scope: TombstoneScope
    since: datetime


@dataclass(frozen=True, slots=True)
class StatePack:
    """State rules on notifications; counsel activates and reviews them."""

    code: str
    active: bool
    review_until: date


@dataclass(frozen=True, slots=True)
class Policy:
    """Which edition of these rules answers, and until when."""

    version: str
    valid_until: datetime | None = None


class EmergencyKind(StrEnum):
    """Why consent could not be waited for, 42 CFR 2.51."""

    LIFE_THREAT = "life_threat"
    UNCONSCIOUS = "unconscious"
    URGENT_CARE = "urgent_care"
    DISASTER_CLOSURE = "disaster_closure"


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """An emergency grant for one actor and one patient, with its statutory record."""

    id: str
    actor_id: str
    subject_id: str
    opened_at: datetime
    expires_at: datetime
    reason_type: EmergencyKind
    reason_text: str
    consent_not_obtainable: bool
    recipient_name: str
    recipient_affiliation: str
    nature: str
    closed_at: datetime | None = None
    unreviewed_since: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """The end of the grant: closed, expired, or sixty minutes after opening."""
        ends = min(self.expires_at, self.opened_at + BREAK_GLASS_LASTS)
        return ends if self.closed_at is None else min(ends, self.closed_at)

    @property
    def overdue_at(self) -> datetime | None:
        """From when on the actor's oldest unreviewed entry blocks further use."""
        if self.unreviewed_since is None:
            return None
        return self.unreviewed_since + BREAK_GLASS_REVIEW_WITHIN


class GuardianKind(StrEnum):
    """How a proxy stands to the child."""

    REPRESENTATIVE = "representative"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Facts:
    """The policy snapshot of one decision."""

    care_team: bool = False
    programme_side: bool = False
    site_ops: bool = False
    treating: bool = False
    integrated_unit: IntegratedUnit | None = None
    qsoa: Qsoa | None = None
    service: str | None = None
    author_id: str | None = None
    administered: Administered | None = None
    own_session: OwnSession | None = None
    site_tz: str | None = None
    address_release: AddressRelease | None = None
    told_by_patient: bool = False
    own_site: bool = False
    own_programme: bool = False
    published: bool = False
    suppressed: bool = False
    deidentified: bool = False
    state_rule_hiv: bool = False
    own_care: bool = False
    guardian: GuardianKind | None = None
    clinician_review: Approval | None = None
    agreement_2_53: Agreement | None = None
    approvals: tuple[Approval, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    restricted: Restricted | None = None
    tombstone: Tombstone | None = None
    state_pack: StatePack | None = None
    policy: Policy | None = None

    @property
    def zone(self) -> tzinfo:
        """The site's time zone, in which its dates are read."""
        return zone_named(self.site_tz)

    @property
    def is_dated(self) -> bool:
        """Whether anything in it begins or ends at some instant."""
        return bool(
            self.integrated_unit
            or self.qsoa
            or self.administered
            or self.own_session
            or self.address_release
            or self.clinician_review
            or self.agreement_2_53
            or self.approvals
            or self.restrictions
            or self.tombstone
            or self.state_pack
            or self.policy
        )
