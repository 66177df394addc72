"""What a session of each visit talks about: own short texts (docs/domain.md 3.5)."""

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
    Visit.MONTHS_2: Topics(
        "First vaccines, a plan for crying, growth",
        "Sleep, mood, who is on my side",
        "Face and voice mirroring",
    ),
    Visit.MONTHS_4: Topics(
        "Rolling, tummy time, no solids yet",
        "What helps on a hard day; lock-box for medicines",
        "Tummy-time circle",
    ),
    Visit.MONTHS_6: Topics(
        "Solids, first teeth, influenza",
        "Relationships, budgeting and WIC",
        "Reach and grasp",
    ),
    Visit.MONTHS_9: Topics(
        "Development screen, safe home, sleep",
        "Safety plan and a contact with the coach, offered to all",
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
}
GROUP_VISITS: Final = tuple(TOPICS)
