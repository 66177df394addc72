"""Cohorts of one site: whose births lie together, and when they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from trellis.core.groups.agendas import TOPICS
from trellis.core.people.visits import Visit, planning_window
from trellis.synthetic import names, parameters
from trellis.synthetic.chance import Chance
from trellis.synthetic.families import Family, Slot


# The 1-month visit is individual, and the network's groups end at two years.
NOT_HELD: Final = frozenset({Visit.MONTH_1, Visit.MONTHS_30})
HELD_VISITS: Final = tuple(visit for visit in TOPICS if visit not in NOT_HELD)
BIRTHS_BACK_DAYS: Final = 1080
SMALLEST: Final = 6
LARGEST: Final = 8
BIRTH_SPREAD_DAYS: Final = 26
OUTSIDE_DAYS: Final = 24
DUE_SOON_DAYS: Final = 190
# The visit that the group due today is at, site by site.
DUE_TODAY: Final = (
    Visit.MONTHS_6,
    Visit.MONTHS_4,
    Visit.MONTHS_12,
    Visit.MONTHS_2,
    Visit.MONTHS_9,
    Visit.MONTHS_4,
    Visit.MONTHS_15,
    Visit.MONTHS_6,
    Visit.MONTHS_2,
    Visit.MONTHS_18,
    Visit.MONTHS_4,
)
WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
WORKDAYS: Final = 5
MORNING: Final = time(10, 0)
AFTERNOON: Final = time(13, 30)
LENGTH: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A cohort before anybody is in it. ``visit_today``: its visit on the as-of day."""

    name: str
    first_birth_on: date
    last_birth_on: date
    weekday: int
    starts: time
    visit_mean: float
    visit_today: Visit | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The groups of a site and a slot for every family."""

    groups: tuple[GroupPlan, ...]
    slots: tuple[Slot, ...]


def layout(index: int, families: int, as_of: date, chance: Chance) -> Layout:
    """Groups spread over three years of births, one of them due on ``as_of``."""
    order = chance.sample(names.GROUPS, len(names.GROUPS))
    today = _group_today(DUE_TODAY[index % len(DUE_TODAY)], as_of, order[0], chance)
    size = min(families, chance.randint(SMALLEST, LARGEST))
    slots = _members(today, 0, size, as_of, chance)
    slots[0] = Slot(slots[0].born, 0, is_due_today=True, speaks_spanish=True)
    rest = families - size
    pregnant = round(rest * parameters.PREGNANT.value)
    in_groups = round((rest - pregnant) * parameters.GROUP_UPTAKE.value)
    count = in_groups // ((SMALLEST + LARGEST) // 2)
    groups = [today, *_other_groups(count, as_of, order[1:], chance)]
    for number, plan in enumerate(groups[1:], start=1):
        size = min(in_groups, chance.randint(SMALLEST, LARGEST))
        in_groups -= size
        slots += _members(plan, number, size, as_of, chance)
    first = as_of - timedelta(days=BIRTHS_BACK_DAYS)
    slots += [
        Slot(chance.day(as_of + timedelta(days=3), as_of + timedelta(DUE_SOON_DAYS)))
        for _ in range(pregnant)
    ]
    alone = families - len(slots)
    slots += [Slot(chance.day(first, as_of - timedelta(days=3))) for _ in range(alone)]
    return Layout(tuple(groups), tuple(slots))


def _members(
    plan: GroupPlan, number: int, size: int, as_of: date, chance: Chance
) -> list[Slot]:
    """Births inside the window, now and then one outside (never for today's group)."""
    is_today = plan.visit_today is not None
    slots = []
    for _ in range(size):
        born = chance.day(plan.first_birth_on, plan.last_birth_on)
        if not is_today and chance.happens(parameters.OUTSIDE_BIRTH_WINDOW.value):
            born = plan.first_birth_on - timedelta(days=OUTSIDE_DAYS)
        slots.append(Slot(min(born, as_of), number, is_due_today=is_today))
    return slots


def _group_today(visit: Visit, as_of: date, name: str, chance: Chance) -> GroupPlan:
    """A birth window all of whose children are in their planning window today."""
    back = (as_of - timedelta(days=days) for days in range(BIRTHS_BACK_DAYS))
    fitting = sorted(born for born in back if _is_due(visit, born, as_of))
    spread = min(BIRTH_SPREAD_DAYS, len(fitting) - 1)
    first = fitting[(len(fitting) - 1 - spread) // 2]
    weekday = as_of.weekday()
    return GroupPlan(
        name=f"{WEEKDAYS[weekday]} {name}",
        first_birth_on=first,
        last_birth_on=first + timedelta(days=spread),
        weekday=weekday,
        starts=MORNING,
        visit_mean=_visit_mean(chance),
        visit_today=visit,
    )


def _is_due(visit: Visit, born: date, on: date) -> bool:
    window = planning_window(visit, born)
    return window is not None and window.holds(on)


def _other_groups(
    count: int, as_of: date, order: Sequence[str], chance: Chance
) -> list[GroupPlan]:
    """Birth windows at even steps over three years, each a little off its step."""
    groups = []
    for number in range(count):
        step = (BIRTHS_BACK_DAYS - BIRTH_SPREAD_DAYS - 10) / count
        back = round(BIRTHS_BACK_DAYS - (number + 0.6 * chance.random()) * step)
        first = as_of - timedelta(days=max(back, BIRTH_SPREAD_DAYS + 3))
        weekday = chance.randrange(WORKDAYS)
        again, place = divmod(number, len(order))
        word = f"{order[place]} {again + 1}" if again else order[place]
        groups.append(
            GroupPlan(
                name=f"{WEEKDAYS[weekday]} {word}",
                first_birth_on=first,
                last_birth_on=first + timedelta(days=BIRTH_SPREAD_DAYS),
                weekday=weekday,
                starts=chance.choice((MORNING, AFTERNOON)),
                visit_mean=_visit_mean(chance),
                visit_today=None,
            )
        )
    return groups


def _visit_mean(chance: Chance) -> float:
    return chance.share(parameters.VISIT_MEAN.value, parameters.COHORT_ICC.value)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One planned date of a group, and who falls inside and outside it."""

    visit: Visit
    on: date
    inside: tuple[Family, ...]
    outside: tuple[Family, ...]


def meetings(
    plan: GroupPlan, members: Sequence[Family], closed: frozenset[date], as_of: date
) -> list[Meeting]:
    """The series from 2 to 24 months: each date where most members are in window."""
    found = []
    for visit in HELD_VISITS:
        is_today = visit is plan.visit_today
        on = as_of if is_today else _best_day(plan, visit, members, closed | {as_of})
        if on is None:
            continue
        enrolled = [member for member in members if member.is_enrolled(on)]
        if not enrolled:
            continue
        inside = tuple(one for one in enrolled if is_inside(one, visit, on))
        outside = tuple(one for one in enrolled if not is_inside(one, visit, on))
        found.append(Meeting(visit, on, inside, outside))
    return found


def is_inside(member: Family, visit: Visit, on: date) -> bool:
    """Whether a day lies in the planning window of the member's child."""
    return _is_due(visit, member.slot.born, on)


def _best_day(
    plan: GroupPlan, visit: Visit, members: Sequence[Family], closed: frozenset[date]
) -> date | None:
    """The day of the group's weekday with most members inside; the middle of equals."""
    windows = [planning_window(visit, member.slot.born) for member in members]
    known = [window for window in windows if window is not None]
    first = min(window.starts for window in known)
    last = max(window.last_day for window in known)
    days = [
        day
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if day.weekday() == plan.weekday and day not in closed
    ]
    if not days:
        return None
    counts = [sum(window.holds(day) for window in known) for day in days]
    best = [day for day, n in zip(days, counts, strict=True) if n == max(counts)]
    return best[len(best) // 2]


def instant(on: date, at: time, zone: str) -> datetime:
    """The instant in UTC of a wall clock time at the site."""
    local = datetime.combine(on, at, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)
