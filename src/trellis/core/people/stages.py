"""The stages of an episode of care, and which may follow on which.

Source: domain.md section 3.2. Coming back after any end is an ordinary step: it opens
a new episode, and no word here speaks of failing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from trellis.core.errors import RuleRefused


class Stage(StrEnum):
    """Where a family stands in the programme; the last four are ways of leaving."""

    REFERRAL = "referral"
    OUTREACH = "outreach"
    INTAKE = "intake"
    PRENATAL = "prenatal"
    BIRTH_HOSPITALISATION = "birth_hospitalisation"
    EARLY_POSTPARTUM = "early_postpartum"
    POSTPARTUM = "postpartum"
    PARENTING = "parenting"
    TRANSITION = "transition"
    PAUSED = "paused"
    TRANSFERRED = "transferred"
    LEFT = "left"
    DECEASED = "deceased"


PATH: Final = (
    Stage.REFERRAL,
    Stage.OUTREACH,
    Stage.INTAKE,
    Stage.PRENATAL,
    Stage.BIRTH_HOSPITALISATION,
    Stage.EARLY_POSTPARTUM,
    Stage.POSTPARTUM,
    Stage.PARENTING,
    Stage.TRANSITION,
)
BEFORE_ENROLMENT: Final = frozenset({Stage.REFERRAL, Stage.OUTREACH, Stage.INTAKE})
# How an episode ends; after all but a death a new one may open.
ENDS: Final = frozenset(
    {
        Stage.TRANSITION,
        Stage.PAUSED,
        Stage.TRANSFERRED,
        Stage.LEFT,
        Stage.DECEASED,
    }
)
AFTER_BIRTH: Final = frozenset(
    {Stage.EARLY_POSTPARTUM, Stage.POSTPARTUM, Stage.PARENTING}
)


def may_follow(now: Stage) -> frozenset[Stage]:
    """The stages that may come next in the same episode.

    Forward, and over stages that a family did not need; from the time after a birth
    also to prenatal, for the next pregnancy. Nothing follows on an end: coming back
    opens a new episode.
    """
    if now not in PATH:
        return frozenset()
    later = frozenset(PATH[PATH.index(now) + 1 :])
    return later | {Stage.PRENATAL} if now in AFTER_BIRTH else later


def check_may_follow(now: Stage, asked: Stage) -> None:
    """Return if ``asked`` may come after ``now`` in one episode.

    Raises:
        RuleRefused: it may not; the sentence names what may.
    """
    if asked not in may_follow(now):
        raise RuleRefused(
            "This stage cannot follow on the present one. "
            "Choose a later stage, or end the episode and open a new one."
        )


def check_is_end(reason: Stage) -> None:
    """Return if an episode can end so.

    Raises:
        RuleRefused: it is a stage on the way.
    """
    if reason not in ENDS:
        raise RuleRefused("An episode does not end with this stage.")


def check_may_open(last_end: Stage | None) -> None:
    """Return if a new episode may open after one that ended so (None: the first).

    Raises:
        RuleRefused: the person has died.
    """
    if last_end is Stage.DECEASED:
        raise RuleRefused("This record is closed. No new episode can be opened.")
