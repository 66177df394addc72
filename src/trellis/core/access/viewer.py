"""Who is asking, and for what. Built once per request, command, job or API call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from trellis.core.access.vocabulary import Duty, Purpose, Role
from trellis.core.errors import NotFound


DEFAULT_ZONE: Final = "America/New_York"


class Permission(StrEnum):
    """``area:object:action`` for acts that are not data. Opens no record by itself."""

    CLINICAL_ENCOUNTER_SIGN = "clinical:encounter:sign"
    GROUPS_SESSION_CLOSE = "groups:session:close"
    GROUPS_COHORT_PLAN = "groups:cohort:plan"
    IMPORTS_FILE_IMPORT = "imports:file:import"
    ACCOUNTS_MEMBERSHIP_MANAGE = "accounts:membership:manage"
    ACCESS_TRAIL_READ = "access:trail:read"


@dataclass(frozen=True, slots=True)
class UnitAgreement:
    """The recorded integration of the viewer's unit with a programme.

    Source: 42 CFR 2.12(c)(3). ``ends`` is exclusive, None while it stands.
    """

    agreement_id: str
    programme_org_id: int
    unit: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person or service account in one role, for one purpose.

    ``at`` is the instant of the request; all its decisions are taken for it. ``zone``
    is the time zone of the site, whose date is ``today``.
    ``site_ids`` are the sites of the active membership. ``subject_id`` is the key of
    the person's own parent record, for the role ``parent`` alone.
    """

    user_id: UUID
    role: Role
    org_id: int
    site_ids: frozenset[int]
    purpose: Purpose
    at: datetime
    unit: str | None = None
    agreement: UnitAgreement | None = None
    is_programme_side: bool = False
    is_medical_personnel: bool = False
    duties: frozenset[Duty] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    subject_id: UUID | None = None
    is_kiosk: bool = False
    zone: str = DEFAULT_ZONE

    @property
    def today(self) -> date:
        """The date at the site: in the evening UTC is a day ahead of it."""
        return self.at.astimezone(ZoneInfo(self.zone)).date()

    def may(self, permission: Permission) -> bool:
        """Whether the viewer may do this act; shows or hides a button."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise NotFound unless the viewer may do this act."""
        if permission not in self.permissions:
            raise NotFound
