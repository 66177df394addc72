"""Why a family did not come, in neutral words; none of them judges anybody."""

from __future__ import annotations

from enum import StrEnum

from trellis.core.errors import InvalidInput


class AbsenceReason(StrEnum):
    """One word for the list; details are spoken about, not written here."""

    ILLNESS = "illness"
    TRANSPORT = "transport"
    WORK_OR_SCHOOL = "work-or-school"
    OTHER_APPOINTMENT = "other-appointment"
    CARE_OF_OTHERS = "care-of-others"
    WEATHER = "weather"
    VISIT_ELSEWHERE = "visit-elsewhere"
    MOVED = "moved"
    NOT_REACHED = "not-reached"
    OTHER = "other"


def absence_reason(word: str) -> AbsenceReason:
    """The reason by its key.

    Raises:
        InvalidInput: there is no such reason.
    """
    try:
        return AbsenceReason(word)
    except ValueError as unknown:
        raise InvalidInput(
            "Reason",
            word or "nothing",
            accepted=", ".join(AbsenceReason),
            hint="Choose one; Not reached if nobody knows yet.",
        ) from unknown
