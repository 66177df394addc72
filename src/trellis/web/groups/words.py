"""The words of the groups' pages: labels of keys that the rules and records use."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trellis.core.groups.absences import AbsenceReason
from trellis.core.groups.cohorts import CohortWarning, DatedFit, Fit
from trellis.core.groups.make_ups import DeadlineReason
from trellis.core.groups.session import PlaceState, SessionStatus
from trellis.core.people.ages import AgeInWords, AgeUnit
from trellis.core.people.visits import Visit


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
