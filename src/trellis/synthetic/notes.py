"""Short texts of a signed visit. Each stands alone and names no other family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from trellis.core.people.visits import Visit
from trellis.synthetic.chance import Chance


@dataclass(frozen=True, slots=True)
class Note:
    """The four parts of a visit note."""

    history: str
    examination: str
    assessment: str
    plan: str


YOUNG: Final = (
    "Feeds well by day, twice at night. Parent asks about spitting up.",
    "Breast milk and formula. Sleeps on the back in an own crib.",
    "Formula, about seven bottles a day. Smiles at voices.",
    "Cries most in the evening; parent uses the calming plan.",
)
OLDER: Final = (
    "Eats with the family, drinks from a cup. Two naps.",
    "Points at what interests; a few words. Parent asks about sleep.",
    "Plays beside other children. Eats most foods.",
    "Walks along furniture. Had a cold last month, well since.",
)
EXAMINATION: Final = (
    "Alert. Fontanelle flat, heart without murmur, hips stable, skin clear.",
    "Content in arms. Lungs clear, abdomen soft, tone even on both sides.",
    "Active. Eyes follow, ears clear, gait or posture as expected for age.",
)
ASSESSMENT: Final = (
    "Growing along the own curve. Development as expected for age.",
    "Thriving. Surveillance of development without concern today.",
)
PLAN: Final = (
    "Vaccines of this visit as recorded. Next visit with the group.",
    "Safe sleep and safe home talked through. Next date given.",
    "Reading together every day. Call with questions, day or night.",
)
YOUNG_VISITS: Final = (Visit.MONTH_1, Visit.MONTHS_2, Visit.MONTHS_4, Visit.MONTHS_6)


def note(visit: Visit, chance: Chance) -> Note:
    """A note that fits the age."""
    return Note(
        history=chance.choice(YOUNG if visit in YOUNG_VISITS else OLDER),
        examination=chance.choice(EXAMINATION),
        assessment=chance.choice(ASSESSMENT),
        plan=chance.choice(PLAN),
    )
