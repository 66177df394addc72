"""What a session of each visit talks about, and its run of show.

Own words after the plan of domain.md 3.4 and 3.5; a site changes them session by
session.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from trellis.core.people.visits import Visit


@dataclass(frozen=True, slots=True)
class Topics:
    """One line each for the child, the parent, and play."""

    child: str
    parent: str
    play: str


TOPICS: Final[dict[Visit, Topics]] = {
    Visit.MONTH_1: Topics(
        "Feeding, soothing, safe sleep, weight",
        "How the birth was, sleep, mood",
        "Holding skin to skin, a short breath",
    ),
    Visit.MONTHS_2: Topics(
        "First vaccines, a plan for crying, growth",
        "Sleep, mood, who is on my side",
        "Face and voice mirroring",
    ),
    Visit.MONTHS_4: Topics(
        "Rolling, tummy time, no solids yet",
        "What helps on a hard day; a lock-box for medicines",
        "Tummy-time circle",
    ),
    Visit.MONTHS_6: Topics(
        "Solids, first teeth, influenza",
        "Relationships, budgeting and WIC",
        "Reach and grasp",
    ),
    Visit.MONTHS_9: Topics(
        "Development screen, safe home, sleep",
        "A safety plan and a contact with the coach, offered to all",
        "Peek-a-boo, mindful listening",
    ),
    Visit.MONTHS_12: Topics(
        "Measles and chickenpox vaccines, lead test, milk",
        "One year: what I am proud of",
        "Walking and exploring",
    ),
    Visit.MONTHS_15: Topics(
        "Tantrums, first words", "My own health: doctor, dentist", "Naming feelings"
    ),
    Visit.MONTHS_18: Topics(
        "Development and autism screens, limits with warmth",
        "Work, child care, early intervention",
        "Turn-taking",
    ),
    Visit.MONTHS_24: Topics(
        "Toilet, eating together, second autism screen",
        "Graduation; inviting the next families",
        "A shared book",
    ),
    Visit.MONTHS_30: Topics(
        "Words and play, teeth, preschool",
        "What comes after the group",
        "Pretend play",
    ),
}
GROUP_VISITS: Final = tuple(TOPICS)


# What the routine schedule brings at each visit (CDC, child schedule), to order and to
# lay out; the child's own record decides what is given. HepB: where it is still open.
USUAL_VACCINES: Final[dict[Visit, tuple[str, ...]]] = {
    Visit.MONTH_1: ("Hepatitis B",),
    Visit.MONTHS_2: (
        "DTaP",
        "Polio",
        "Hib",
        "Pneumococcal",
        "Rotavirus",
        "Hepatitis B",
    ),
    Visit.MONTHS_4: ("DTaP", "Polio", "Hib", "Pneumococcal", "Rotavirus"),
    Visit.MONTHS_6: (
        "DTaP",
        "Polio",
        "Hib",
        "Pneumococcal",
        "Rotavirus",
        "Hepatitis B",
        "Influenza",
    ),
    Visit.MONTHS_9: ("Influenza", "Hepatitis B"),
    Visit.MONTHS_12: (
        "Measles, mumps, rubella",
        "Chickenpox",
        "Hepatitis A",
        "Pneumococcal",
        "Hib",
    ),
    Visit.MONTHS_15: ("DTaP", "Influenza"),
    Visit.MONTHS_18: ("Hepatitis A", "Influenza"),
    Visit.MONTHS_24: ("Influenza",),
    Visit.MONTHS_30: ("Influenza",),
}
SUPPLIES: Final = (
    "Infant scale, length board, tape for the head",
    "Mats, toys that can be wiped, hand rub",
    "Vaccines with their information sheets, gloves, plasters",
    "Blank forms and pens, agreements to sign",
    "Water and a snack; nobody's name on the door",
)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """``minute``: from the session's start, below zero before it."""

    minute: int
    title: str


RUN_OF_SHOW: Final = (
    AgendaItem(-30, "Set up the room, the scale and the vaccines"),
    AgendaItem(0, "Arrive, weigh and measure, one-to-one checks on the mat"),
    AgendaItem(45, "A quiet start"),
    AgendaItem(50, "Circle"),
    AgendaItem(80, "Play together"),
    AgendaItem(100, "Vaccines, referrals, next date"),
    AgendaItem(120, "Sign notes, call families who were not here"),
)


def default_topic(visit: Visit | None) -> str:
    """The topics of a visit in one line; empty for a session without a visit."""
    topics = TOPICS.get(visit) if visit is not None else None
    return f"{topics.child}. {topics.parent}. {topics.play}." if topics else ""


def default_agenda() -> list[dict[str, int | str]]:
    """The run of show of two hours, as a session stores it."""
    return [{"minute": item.minute, "title": item.title} for item in RUN_OF_SHOW]
