"""The words of the groups' pages: labels of keys that the rules and records use."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trellis.core.errors import TrellisError
from trellis.core.groups.absences import AbsenceReason
from trellis.core.groups.cohorts import CohortWarning, DatedFit, Fit
from trellis.core.groups.make_ups import DeadlineReason
from trellis.core.groups.session import PlaceState, SessionStatus, StillOpen
from trellis.core.people.ages import AgeInWords, AgeUnit
from trellis.core.people.visits import Visit
from trellis.web import answers


Words = dict[str, str | Promise]
STATES: dict[str, tuple[str | Promise, str]] = {
    PlaceState.EXPECTED: (gettext_lazy("Expected"), ""),
    PlaceState.ARRIVED: (gettext_lazy("Present"), "good"),
    PlaceState.LATE: (gettext_lazy("Late"), "warn"),
    PlaceState.ABSENT: (gettext_lazy("Absent"), "urgent"),
    PlaceState.LEFT_EARLY: (gettext_lazy("Left early"), "info"),
}
STATUSES: dict[str, tuple[str | Promise, str]] = {
    SessionStatus.PLANNED: (gettext_lazy("Planned"), "info"),
    SessionStatus.OPEN: (gettext_lazy("Open"), "good"),
    SessionStatus.CLOSED: (gettext_lazy("Closed"), "done"),
    SessionStatus.CANCELLED: (gettext_lazy("Cancelled"), ""),
}
VISITS: Words = {
    Visit.DAYS_3_TO_5: gettext_lazy("3 to 5 days"),
    Visit.MONTH_1: gettext_lazy("1 month"),
    Visit.MONTHS_2: gettext_lazy("2 months"),
    Visit.MONTHS_4: gettext_lazy("4 months"),
    Visit.MONTHS_6: gettext_lazy("6 months"),
    Visit.MONTHS_9: gettext_lazy("9 months"),
    Visit.MONTHS_12: gettext_lazy("12 months"),
    Visit.MONTHS_15: gettext_lazy("15 months"),
    Visit.MONTHS_18: gettext_lazy("18 months"),
    Visit.MONTHS_24: gettext_lazy("24 months"),
    Visit.MONTHS_30: gettext_lazy("30 months"),
    "": gettext_lazy("No visit"),
}
REASONS: Words = {
    AbsenceReason.ILLNESS: gettext_lazy("Illness"),
    AbsenceReason.TRANSPORT: gettext_lazy("Transport"),
    AbsenceReason.WORK_OR_SCHOOL: gettext_lazy("Work or school"),
    AbsenceReason.OTHER_APPOINTMENT: gettext_lazy("Another appointment"),
    AbsenceReason.CARE_OF_OTHERS: gettext_lazy("Caring for somebody else"),
    AbsenceReason.WEATHER: gettext_lazy("Weather"),
    AbsenceReason.VISIT_ELSEWHERE: gettext_lazy("Seen elsewhere"),
    AbsenceReason.MOVED: gettext_lazy("Moved away"),
    AbsenceReason.NOT_REACHED: gettext_lazy("Not reached"),
    AbsenceReason.OTHER: gettext_lazy("Another reason"),
}
DEADLINES: Words = {
    DeadlineReason.VISIT_WINDOW: gettext_lazy("then the visit's window closes"),
    DeadlineReason.FIRST_15_MONTHS: gettext_lazy("then the first 15 months end"),
    DeadlineReason.ROTAVIRUS_FIRST: gettext_lazy("last day for a first rotavirus dose"),
    DeadlineReason.ROTAVIRUS_LAST: gettext_lazy("last day for rotavirus"),
    DeadlineReason.SECOND_BIRTHDAY: gettext_lazy("second birthday"),
}
WARNINGS: Words = {
    CohortWarning.WIDE_SPREAD: gettext_lazy(
        "The births are more than 45 days apart. Few dates will suit every child."
    ),
    CohortWarning.TOO_FEW: gettext_lazy("A group needs at least three families."),
    CohortWarning.OVER_PLACES: gettext_lazy("There are more families than places."),
}
LANGUAGES: Words = {
    "en": gettext_lazy("English"),
    "es": gettext_lazy("Spanish"),
    "pt": gettext_lazy("Portuguese"),
    "ht": gettext_lazy("Haitian Creole"),
    "zh": gettext_lazy("Chinese"),
    "vi": gettext_lazy("Vietnamese"),
    "ar": gettext_lazy("Arabic"),
}
MAKE_UP_STATES: dict[str, tuple[str | Promise, str]] = {
    "open": (gettext_lazy("To book"), "warn"),
    "booked": (gettext_lazy("Booked"), "info"),
    "done": (gettext_lazy("Done"), "good"),
}


# What the rules say, word by word, so that the catalogues hold them.
SENTENCES: tuple[str | Promise, ...] = (
    gettext_lazy("This family is not on today's list. Add them first."),
    gettext_lazy(
        "Every place is taken (%(places)s). Offer the next session, or ask "
        "the coordinator to raise the number of places."
    ),
    gettext_lazy("This session is closed. Its list no longer changes."),
    gettext_lazy("This session was cancelled. Its list no longer changes."),
    gettext_lazy("This session is on %(on)s. Families are checked in on the day."),
    gettext_lazy("The session has not started yet, so nobody is late. Choose Present."),
    gettext_lazy(
        "A visit note was begun for this child, so the child was here. If the "
        "note is wrong, mark it as entered in error first."
    ),
    gettext_lazy("Only somebody who came can leave early. Choose Present first."),
    gettext_lazy("This family came. Choose Undo first if that was a mistake."),
    gettext_lazy("This family is marked so already."),
    gettext_lazy("This session is closed already."),
    gettext_lazy("This session was cancelled. There is nothing to close."),
    gettext_lazy(
        "The group's record names nobody: “%(word)s” is a name or number of "
        "somebody on this session's list. Write it without."
    ),
    gettext_lazy(
        "The group's record names nobody: “%(word)s” looks like a phone number, "
        "an address, a number of a person or a date. Write it without."
    ),
    gettext_lazy(
        "This lot expires on %(expires)s, before the session on %(on)s. "
        "Lay out another one."
    ),
    gettext_lazy(
        "The information sheet is dated %(dated)s, after the session. "
        "Check the date printed at its foot."
    ),
    gettext_lazy("This lot is laid out already."),
    gettext_lazy("Somebody else was quicker. Nothing of yours was saved."),
    gettext_lazy(
        "Somebody else changed this record meanwhile. Nothing of yours was saved."
    ),
    gettext_lazy(
        "Somebody else changed this session meanwhile. Look at it again, then close it."
    ),
    gettext_lazy("Somebody else changed this meanwhile. Nothing of yours was saved."),
    gettext_lazy("Somebody else changed this make-up."),
    gettext_lazy("Check the family in first, then open the child's visit."),
    gettext_lazy("A session of this group is still to come. Cancel it first."),
    gettext_lazy("This group is closed. Open a new one."),
    gettext_lazy("This family is not expected, or was marked already."),
    gettext_lazy("This session has begun or is over: its date stands."),
    gettext_lazy("This session is over. It no longer changes."),
    gettext_lazy("The site is closed on %(on)s (%(name)s). Choose another day."),
    gettext_lazy("This site has a group of this name. Choose another one."),
    gettext_lazy("This group meets at that time already."),
)


def refusal_text(refusal: TrellisError) -> str:
    """The sentence of a refusal in the language of the page."""
    if isinstance(refusal, StillOpen):
        return _still_open(refusal)
    return answers.refusal_text(refusal)


def _still_open(refusal: StillOpen) -> str:
    """Why a session is not closed: how much is open, point by point."""
    n = refusal.waiting
    waiting = ngettext(
        "%(n)s family has no outcome yet.", "%(n)s families have no outcome yet.", n
    ) % {"n": n}
    n = refusal.missing
    missing = ngettext(
        "%(n)s child came and has no note.", "%(n)s children came and have no note.", n
    ) % {"n": n}
    n = refusal.unsigned
    unsigned = ngettext(
        "%(n)s visit note is not signed yet.",
        "%(n)s visit notes are not signed yet.",
        n,
    ) % {"n": n}
    points = (
        (refusal.waiting, waiting),
        (refusal.missing, missing),
        (refusal.unsigned, unsigned),
    )
    is_open = [text for number, text in points if number]
    return " ".join([_("Not closed."), *is_open, _("Finish these, then close.")])


def language_word(code: str) -> str:
    """The name of a language; its code where we have no name for it."""
    return str(LANGUAGES.get(code, code))


def session_title(visit: str) -> str:
    """What a session is called: by the visit it is for."""
    if not visit:
        return _("Group session")
    return _("Group session, %(age)s") % {"age": VISITS[visit]}


def age_text(age: AgeInWords | None) -> str:
    """An age as it is spoken; empty where the birth date is not open."""
    if age is None:
        return ""
    words = {
        AgeUnit.DAY: ngettext("%(n)s day", "%(n)s days", age.number),
        AgeUnit.WEEK: ngettext("%(n)s week", "%(n)s weeks", age.number),
        AgeUnit.MONTH: ngettext("%(n)s month", "%(n)s months", age.number),
        AgeUnit.YEAR: ngettext("%(n)s year", "%(n)s years", age.number),
    }
    return words[age.unit] % {"n": age.number}


def fit_text(dated: DatedFit | None) -> str:
    """How a date lies to a child's planning window, in a few words."""
    if dated is None or dated.fit is Fit.INSIDE:
        return ""
    if dated.fit is Fit.INDIVIDUAL:
        return _("individual visit")
    if dated.fit is Fit.OPENS_LATER:
        words = ngettext(
            "window opens in %(n)s day", "window opens in %(n)s days", dated.days
        )
    else:
        words = ngettext(
            "window closed %(n)s day ago", "window closed %(n)s days ago", dated.days
        )
    return words % {"n": dated.days}
