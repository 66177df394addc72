"""Before the day: cohorts, who belongs to them, the dates laid out, what is laid out.

One function is one user action and one transaction. A form's ``key`` becomes the new
row's key, so that the same form sent twice has one effect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin
from trellis.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from trellis.core.groups.agendas import default_agenda, default_topic
from trellis.core.groups.cohorts import (
    CohortWarning,
    check_places,
    cohort_warnings,
)
from trellis.core.groups.session import check_times
from trellis.core.groups.vaccine_products import check_may_lay_out, product_of
from trellis.core.people.visits import Visit
from trellis.records.access import gate
from trellis.records.access.gate import writes
from trellis.records.access.models import provenance
from trellis.records.accounts.models import Membership
from trellis.records.groups.models import (
    Cohort,
    CohortMember,
    GroupSession,
    Place,
    SessionStaff,
    SessionVaccine,
)
from trellis.records.people.models import Dyad
from trellis.records.sites.models import ClosedDay, Site


ATTENDANCE: Final = DataClass.COHORT_ATTENDANCE
RECORD: Final = DataClass.GROUP_RECORD
NAME_LETTERS: Final = 60


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """One date of a series; ``key`` becomes the session's key."""

    key: UUID
    visit: Visit | None
    starts: datetime
    ends: datetime
    room: str = ""


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody in a session's team, in one of their roles; substitutes have dates."""

    user_id: UUID
    role: str
    starts: date | None = None
    ends: date | None = None


class _Pair(NamedTuple):
    dyad: UUID
    parent: UUID
    born: date


@writes
def open_cohort(
    *,
    by: Viewer,
    key: UUID,
    site_id: int,
    name: str,
    language: str,
    places: int,
    opened_on: date,
) -> None:
    """Open a cohort. The same key again changes nothing.

    Raises:
        NotFound: not the viewer's site or act.
        InvalidInput: no name, or a number of places that no group has.
        RuleRefused: the site has a cohort of this name.
    """
    _require_planner(by, site_id)
    if Cohort.ungated.filter(pk=key).exists():
        return
    check_places(places)
    _check_name(site_id, name)
    Cohort.ungated.create(
        pk=key,
        site_id=site_id,
        name=name.strip(),
        language=language,
        places=places,
        opened_on=opened_on,
    )
    gate.note(by, "groups.open-cohort", cohort=str(key))


@writes
def change_cohort(
    *, by: Viewer, cohort_id: UUID, version: int, name: str, language: str, places: int
) -> None:
    """Change a cohort's name, language or places.

    Raises:
        NotFound, InvalidInput, RuleRefused: as ``open_cohort``.
        Conflict: somebody else changed it meanwhile.
    """
    cohort = _locked_cohort(by, cohort_id)
    said = {"name": name.strip(), "language": language, "places": places}
    if all(getattr(cohort, column) == value for column, value in said.items()):
        return
    _check_version(cohort.version, version, cohort.name)
    check_places(places)
    if said["name"] != cohort.name:
        _check_name(cohort.site_id, name)
    rows = Cohort.ungated.filter(pk=cohort_id)
    rows.update(**said, version=cohort.version + 1)
    gate.note(by, "groups.change-cohort", cohort=str(cohort_id))


@writes
def close_cohort(*, by: Viewer, cohort_id: UUID, version: int, on: date) -> None:
    """Close a cohort from a day on; its members stay in its history.

    Raises:
        NotFound, Conflict: as ``change_cohort``.
        RuleRefused: a session of it is still to come.
    """
    cohort = _locked_cohort(by, cohort_id)
    if cohort.closed_on is not None:
        return
    _check_version(cohort.version, version, cohort.name)
    if _coming(by, cohort_id).exists():
        raise RuleRefused("A session of this group is still to come. Cancel it first.")
    rows = Cohort.ungated.filter(pk=cohort_id)
    rows.update(closed_on=on, version=cohort.version + 1)
    gate.note(by, "groups.close-cohort", cohort=str(cohort_id))


@writes
def place_in_cohort(
    *, by: Viewer, cohort_id: UUID, dyad_ids: tuple[UUID, ...], on: date
) -> tuple[CohortWarning, ...]:
    """Put families into a cohort and on the lists of its sessions to come.

    Answers what to look at again: a wide spread of births, too many families. Who is
    a member already stays one.

    Raises:
        NotFound: the cohort, or one of the families, is not the viewer's to place.
        RuleRefused: the cohort is closed.
    """
    cohort = _locked_cohort(by, cohort_id)
    if cohort.closed_on is not None:
        raise RuleRefused("This group is closed. Open a new one.")
    pairs = _writable_pairs(by, cohort.site_id, dyad_ids)
    members = CohortMember.ungated.filter(cohort_id=cohort_id, ends=None)
    have = set(members.values_list("dyad_id", flat=True))
    fresh = [pair for pair in pairs if pair.dyad not in have]
    made = provenance(by, site_id=cohort.site_id, origin=Origin.PART2)
    CohortMember.ungated.bulk_create(
        CohortMember(**made, cohort=cohort, dyad_id=pair.dyad, starts=on)
        for pair in fresh
    )
    for session in list(_coming(by, cohort_id)):
        _expect(by, session, fresh)
    gate.note(
        by,
        "groups.place-in-cohort",
        [pair.parent for pair in fresh],
        cohort=str(cohort_id),
    )
    births = members.values_list("dyad__child__born", flat=True)
    return cohort_warnings(births, cohort.places)


@writes
def leave_cohort(*, by: Viewer, cohort_id: UUID, dyad_id: UUID, on: date) -> None:
    """End a family's membership; it is no longer expected at sessions to come.

    Raises:
        NotFound: no such cohort or member, or not the viewer's to change.
    """
    _locked_cohort(by, cohort_id)
    members = CohortMember.ungated.filter(
        cohort_id=cohort_id, dyad_id=dyad_id, ends=None
    )
    row = members.values_list("pk", "starts", "dyad__parent_id").first()
    if row is None:
        raise NotFound
    member_id, starts, parent = row
    gate.require_write(by, ATTENDANCE, gate.new_row(by, parent, Origin.PART2))
    if on <= starts:  # never was one: nothing to keep
        CohortMember.ungated.filter(pk=member_id).delete()
    else:
        CohortMember.ungated.filter(pk=member_id).update(ends=on)
    for session in list(_coming(by, cohort_id)):
        _stop_expecting(session, dyad_id)
    gate.note(by, "groups.leave-cohort", [parent], cohort=str(cohort_id))


@writes
def plan_series(*, by: Viewer, cohort_id: UUID, dates: tuple[PlannedDate, ...]) -> int:
    """Lay out sessions of a cohort by hand; its members are expected at each.

    Answers how many were new. All or none are planned.

    Raises:
        NotFound: no such cohort, or not the viewer's act.
        InvalidInput: times that cannot be.
        RuleRefused: the site is closed on a day, or the group meets then already.
    """
    cohort = _locked_cohort(by, cohort_id)
    known = GroupSession.ungated.filter(pk__in=[planned.key for planned in dates])
    have = set(known.values_list("pk", flat=True))
    fresh = [planned for planned in dates if planned.key not in have]
    for planned in fresh:
        check_times(planned.starts, planned.ends)
        _check_day(cohort.site_id, planned.starts)
        _check_free(cohort_id, planned.starts)
        session = _session_of(cohort, planned)
        session.save(force_insert=True)
        _expect(by, session, _members_on(by, cohort, _site_date(cohort, planned)))
        gate.note(by, "groups.plan-session", session=str(planned.key))
    return len(fresh)


@writes
def move_session(
    *,
    by: Viewer,
    session_id: UUID,
    version: int,
    starts: datetime,
    ends: datetime,
    room: str,
) -> None:
    """Move a session that has not begun to another time or room.

    Raises:
        NotFound: no such session, or not the viewer's act.
        Conflict: somebody else changed it meanwhile.
        InvalidInput, RuleRefused: as ``plan_series``; or it has begun.
    """
    session = _planned_session(by, session_id)
    said = {"starts": starts, "ends": ends, "room": room.strip()}
    if all(getattr(session, column) == value for column, value in said.items()):
        return
    _check_version(session.version, version, f"{session.starts:%Y-%m-%d %H:%M} UTC")
    check_times(starts, ends)
    _check_day(session.site_id, starts)
    if starts != session.starts:
        _check_free(session.cohort_id, starts)
    session.revise(version=session.version + 1, **said)
    gate.note(by, "groups.move-session", session=str(session_id))


@writes
def cancel_session(*, by: Viewer, session_id: UUID, version: int) -> None:
    """Cancel a session that has not begun. It stays in the series, as cancelled.

    Raises:
        NotFound, Conflict: as ``move_session``.
        RuleRefused: it has begun.
    """
    session = _planned_session(by, session_id, may_be_cancelled=True)
    if session.status == GroupSession.CANCELLED:
        return
    _check_version(session.version, version, session.status)
    session.revise(version=session.version + 1, status=GroupSession.CANCELLED)
    gate.note(by, "groups.cancel-session", session=str(session_id))


@writes
def set_team(*, by: Viewer, session_id: UUID, team: tuple[TeamMember, ...]) -> None:
    """Say who stands in the team of a session, in place of the one before.

    Raises:
        NotFound: no such session, or not the viewer's act.
        InvalidInput: somebody holds no such role at the site.
    """
    session = GroupSession.locked(by, session_id)
    _require_planner(by, session.site_id)
    held = set(
        Membership.objects.filter(site_id=session.site_id).values_list(
            "user_id", "role"
        )
    )
    for member in team:
        if (member.user_id, member.role) not in held:
            raise InvalidInput(
                "Team", member.role, accepted="a role held at this site", hint=""
            )
    rows = SessionStaff.ungated.filter(session_id=session_id)
    now = {(m.user_id, m.role, m.starts, m.ends) for m in team}
    if now == set(rows.values_list("user_id", "role", "starts", "ends")):
        return
    rows.delete()
    SessionStaff.ungated.bulk_create(
        SessionStaff(
            site_id=session.site_id,
            session_id=session_id,
            user_id=member.user_id,
            role=member.role,
            starts=member.starts,
            ends=member.ends,
        )
        for member in dict.fromkeys(team)
    )
    session.revise()
    gate.note(by, "groups.set-team", session=str(session_id))


@writes
def expect_dyads(*, by: Viewer, session_id: UUID, dyad_ids: tuple[UUID, ...]) -> int:
    """Put families on a session's list; answers how many were not there yet.

    Raises:
        NotFound: the session, or one of the families, is not the viewer's.
        RuleRefused: the session is over.
    """
    session = GroupSession.locked(by, session_id)
    _check_not_over(session)
    pairs = _writable_pairs(by, session.site_id, dyad_ids)
    return _expect(by, session, pairs)


@writes
def stop_expecting(*, by: Viewer, session_id: UUID, dyad_id: UUID) -> None:
    """Take a family off a session's list, while nothing was marked for it.

    Raises:
        NotFound: the session or the family is not the viewer's.
        RuleRefused: the session is over, or the family was marked already.
    """
    session = GroupSession.locked(by, session_id)
    _check_not_over(session)
    (pair,) = _writable_pairs(by, session.site_id, (dyad_id,))
    if not _stop_expecting(session, dyad_id):
        raise RuleRefused("This family is not expected, or was marked already.")
    gate.note(by, "groups.stop-expecting", [pair.parent], session=str(session_id))


@writes
def lay_out_vaccine(
    *,
    by: Viewer,
    key: UUID,
    session_id: UUID,
    product_key: str,
    lot: str,
    expires_on: date,
    vis_edition_on: date | None = None,
) -> None:
    """Lay out a lot for a session: entered once, pre-filled for each child.

    Raises:
        NotFound: no such session, or it is not the viewer's to prepare.
        InvalidInput: no such product, or no lot.
        RuleRefused: it expires before the session, or lies there already.
    """
    session = GroupSession.locked(by, session_id)
    if not _may_lay_out(by):
        raise NotFound
    rows = SessionVaccine.ungated.filter(session_id=session_id)
    if rows.filter(pk=key).exists():
        return
    _check_not_over(session)
    product = product_of(product_key)
    on = session.starts.astimezone(_zone(session.site_id)).date()
    check_may_lay_out(lot, expires_on, on, vis_edition_on)
    if rows.filter(cvx=product.cvx, lot=lot.strip()).exists():
        raise RuleRefused("This lot is laid out already.")
    rows.create(
        pk=key,
        site_id=session.site_id,
        session_id=session_id,
        cvx=product.cvx,
        mvx=product.mvx,
        product=product.name,
        lot=lot.strip(),
        expires_on=expires_on,
        vis_edition_on=vis_edition_on,
        route=product.route,
    )
    session.revise()
    gate.note(by, "groups.lay-out-vaccine", session=str(session_id))


@writes
def put_away_vaccine(*, by: Viewer, session_id: UUID, vaccine_id: UUID) -> None:
    """Put a laid out lot away; doses given from it stay in the charts.

    Raises:
        NotFound: no such session, or it is not the viewer's to prepare.
    """
    session = GroupSession.locked(by, session_id)
    if not _may_lay_out(by):
        raise NotFound
    rows = SessionVaccine.ungated.filter(session_id=session_id, pk=vaccine_id)
    if rows.delete()[0]:
        session.revise()
        gate.note(by, "groups.put-away-vaccine", session=str(session_id))


def _may_lay_out(by: Viewer) -> bool:
    """Planners of the session, and whoever may give the dose (the nurse's fridge)."""
    if by.may(Permission.GROUPS_COHORT_PLAN):
        return True
    key = gate.new_row(by, by.user_id, Origin.HIPAA)
    return bool(gate.writable(by, DataClass.CHILD_WELLCHILD, [key]))


def _require_planner(by: Viewer, site_id: int) -> None:
    by.require(Permission.GROUPS_COHORT_PLAN)
    if site_id not in by.site_ids:
        raise NotFound
    gate.site_sight(by, Action.WRITE, RECORD)


def _locked_cohort(by: Viewer, cohort_id: UUID) -> Cohort:
    # its members and its dates change one after the other
    rows = Cohort.ungated.select_for_update().filter(site_id__in=by.site_ids)
    cohort = rows.filter(pk=cohort_id).first()
    if cohort is None:
        raise NotFound
    _require_planner(by, cohort.site_id)
    return cohort


def _planned_session(
    by: Viewer, session_id: UUID, *, may_be_cancelled: bool = False
) -> GroupSession:
    session = GroupSession.locked(by, session_id)
    _require_planner(by, session.site_id)
    if may_be_cancelled and session.status == GroupSession.CANCELLED:
        return session
    if session.status != GroupSession.PLANNED:
        raise RuleRefused("This session has begun or is over: its date stands.")
    return session


def _check_name(site_id: int, name: str) -> None:
    wanted = name.strip()
    if not wanted or len(wanted) > NAME_LETTERS:
        raise InvalidInput(
            "Name",
            wanted or "nothing",
            accepted="1 to %(most)s letters",
            hint="A neutral name, such as Monday Robins.",
            most=NAME_LETTERS,
        )
    if Cohort.ungated.filter(site_id=site_id, name=wanted).exists():
        raise RuleRefused("This site has a group of this name. Choose another one.")


def _check_version(stands: int, seen: int, current: str) -> None:
    if stands != seen:
        raise Conflict(
            "Somebody else changed this meanwhile. Nothing of yours was saved.",
            current=current,
        )


def _check_not_over(session: GroupSession) -> None:
    if session.status in {GroupSession.CLOSED, GroupSession.CANCELLED}:
        raise RuleRefused("This session is over. It no longer changes.")


def _zone(site_id: int) -> ZoneInfo:
    return ZoneInfo(Site.objects.values_list("time_zone", flat=True).get(pk=site_id))


def _site_date(cohort: Cohort, planned: PlannedDate) -> date:
    return planned.starts.astimezone(_zone(cohort.site_id)).date()


def _check_day(site_id: int, starts: datetime) -> None:
    on = starts.astimezone(_zone(site_id)).date()
    closed = ClosedDay.objects.filter(site_id=site_id, on=on)
    name = closed.values_list("name", flat=True).first()
    if name is not None:
        raise RuleRefused(
            "The site is closed on %(on)s (%(name)s). Choose another day.",
            on=on,
            name=name,
        )


def _check_free(cohort_id: UUID, starts: datetime) -> None:
    taken = GroupSession.ungated.filter(cohort_id=cohort_id, starts=starts)
    if taken.exclude(status=GroupSession.CANCELLED).exists():
        raise RuleRefused("This group meets at that time already.")


def _session_of(cohort: Cohort, planned: PlannedDate) -> GroupSession:
    return GroupSession(
        pk=planned.key,
        site_id=cohort.site_id,
        cohort=cohort,
        visit=planned.visit.value if planned.visit else "",
        starts=planned.starts,
        ends=planned.ends,
        room=planned.room.strip(),
        places=cohort.places,
        topic=default_topic(planned.visit),
        agenda=default_agenda(),
    )


def _coming(by: Viewer, cohort_id: UUID) -> QuerySet[GroupSession]:
    rows = GroupSession.ungated.filter(cohort_id=cohort_id, starts__gt=by.at)
    # its list is about to change
    return rows.filter(status=GroupSession.PLANNED).select_for_update()


def _members_on(by: Viewer, cohort: Cohort, on: date) -> list[_Pair]:
    """The members on a day whose attendance is the viewer's to write."""
    in_force = Q(ends=None) | Q(ends__gt=on)
    rows = CohortMember.ungated.filter(in_force, cohort=cohort)
    columns = rows.values_list("dyad_id", "dyad__parent_id", "dyad__child__born")
    return _writable(by, (_Pair(*row) for row in columns))


def _writable_pairs(
    by: Viewer, site_id: int, dyad_ids: tuple[UUID, ...]
) -> list[_Pair]:
    rows = Dyad.ungated.filter(pk__in=dyad_ids, site_id=site_id)
    columns = rows.values_list("pk", "parent_id", "child__born")
    pairs = _writable(by, (_Pair(*row) for row in columns))
    if len(pairs) < len(set(dyad_ids)):
        raise NotFound
    return pairs


def _writable(by: Viewer, pairs: Iterable[_Pair]) -> list[_Pair]:
    keys = {pair: gate.new_row(by, pair.parent, Origin.PART2) for pair in pairs}
    is_open = gate.writable(by, ATTENDANCE, set(keys.values()))
    return [pair for pair, key in keys.items() if key in is_open]


def _expect(by: Viewer, session: GroupSession, pairs: Iterable[_Pair]) -> int:
    rows = Place.ungated.filter(session_id=session.pk)
    have = set(rows.values_list("dyad_id", flat=True))
    fresh = [pair for pair in pairs if pair.dyad not in have]
    if not fresh:
        return 0
    made = provenance(by, site_id=session.site_id, origin=Origin.PART2)
    Place.ungated.bulk_create(
        Place(**made, session_id=session.pk, dyad_id=pair.dyad) for pair in fresh
    )
    session.revise()
    patients = [pair.parent for pair in fresh]
    gate.note(by, "groups.expect", patients, session=str(session.pk))
    return len(fresh)


def _stop_expecting(session: GroupSession, dyad_id: UUID) -> bool:
    rows = Place.ungated.filter(
        session_id=session.pk, dyad_id=dyad_id, state=Place.EXPECTED, encounter=None
    )
    if not rows.delete()[0]:
        return False
    session.revise()
    return True
