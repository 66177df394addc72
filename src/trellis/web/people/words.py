"""The words of the people pages: labels of codes, ages, reasons for a likeness."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trellis.core.people.ages import DAYS_IN_WEEK, AgeInWords, AgeUnit, Gestation
from trellis.core.people.dyads import CaregiverKind
from trellis.core.people.names import Reason
from trellis.core.people.stages import Stage
from trellis.core.people.visits import Visit


Words = dict[str, str | Promise]
Choices = list[tuple[str, str | Promise]]

LANGUAGES: Words = {
    "en": gettext_lazy("English"),
    "es": gettext_lazy("Spanish"),
    "pt": gettext_lazy("Portuguese"),
    "ht": gettext_lazy("Haitian Creole"),
    "kea": gettext_lazy("Cape Verdean Creole"),
    "vi": gettext_lazy("Vietnamese"),
    "km": gettext_lazy("Khmer"),
    "zh": gettext_lazy("Chinese"),
    "ar": gettext_lazy("Arabic"),
    "ru": gettext_lazy("Russian"),
    "fr": gettext_lazy("French"),
}
RACES: Words = {
    "american_indian_alaska_native": gettext_lazy("American Indian or Alaska Native"),
    "asian": gettext_lazy("Asian"),
    "black": gettext_lazy("Black or African American"),
    "middle_eastern_north_african": gettext_lazy("Middle Eastern or North African"),
    "native_hawaiian_pacific_islander": gettext_lazy(
        "Native Hawaiian or other Pacific Islander"
    ),
    "white": gettext_lazy("White"),
    "other": gettext_lazy("Another race"),
    "declined": gettext_lazy("Prefers not to say"),
}
ETHNICITIES: Words = {
    "hispanic": gettext_lazy("Hispanic or Latino"),
    "not_hispanic": gettext_lazy("Not Hispanic or Latino"),
    "declined": gettext_lazy("Prefers not to say"),
}
PAYERS: Words = {
    "medicaid": gettext_lazy("Medicaid"),
    "private": gettext_lazy("Private insurance"),
    "other_public": gettext_lazy("Other public insurance"),
    "uninsured": gettext_lazy("No insurance"),
}
STAGES: Words = {
    Stage.REFERRAL.value: gettext_lazy("Referral"),
    Stage.OUTREACH.value: gettext_lazy("Outreach"),
    Stage.INTAKE.value: gettext_lazy("Consent and intake"),
    Stage.PRENATAL.value: gettext_lazy("Prenatal"),
    Stage.BIRTH_HOSPITALISATION.value: gettext_lazy("Birth in hospital"),
    Stage.EARLY_POSTPARTUM.value: gettext_lazy("Early postpartum"),
    Stage.POSTPARTUM.value: gettext_lazy("Postpartum"),
    Stage.PARENTING.value: gettext_lazy("Parenting"),
    Stage.TRANSITION.value: gettext_lazy("Transition"),
    Stage.PAUSED.value: gettext_lazy("Paused"),
    Stage.TRANSFERRED.value: gettext_lazy("Moved to another programme"),
    Stage.LEFT.value: gettext_lazy("Left"),
    Stage.DECEASED.value: gettext_lazy("Deceased"),
}
VISITS: Words = {
    Visit.DAYS_3_TO_5.value: gettext_lazy("3 to 5 days"),
    Visit.MONTH_1.value: gettext_lazy("1 month"),
    Visit.MONTHS_2.value: gettext_lazy("2 months"),
    Visit.MONTHS_4.value: gettext_lazy("4 months"),
    Visit.MONTHS_6.value: gettext_lazy("6 months"),
    Visit.MONTHS_9.value: gettext_lazy("9 months"),
    Visit.MONTHS_12.value: gettext_lazy("12 months"),
    Visit.MONTHS_15.value: gettext_lazy("15 months"),
    Visit.MONTHS_18.value: gettext_lazy("18 months"),
    Visit.MONTHS_24.value: gettext_lazy("24 months"),
    Visit.MONTHS_30.value: gettext_lazy("30 months"),
}
KINDS: Words = {
    CaregiverKind.BIRTH_PARENT.value: gettext_lazy("Birth parent"),
    CaregiverKind.ADOPTIVE_PARENT.value: gettext_lazy("Adoptive parent"),
    CaregiverKind.KIN.value: gettext_lazy("Kin"),
    CaregiverKind.FOSTER_PARENT.value: gettext_lazy("Foster parent"),
    CaregiverKind.GUARDIAN.value: gettext_lazy("Guardian"),
}
AUTHORITY: Words = {
    "may_consent": gettext_lazy("may consent to care"),
    "may_attend": gettext_lazy("may bring the child"),
    "may_be_messaged": gettext_lazy("may get messages"),
    "may_see_record": gettext_lazy("may see the child's record"),
}
NO_AUTHORITY: Words = {
    "may_consent": gettext_lazy("may not consent to care"),
    "may_attend": gettext_lazy("may not bring the child"),
    "may_be_messaged": gettext_lazy("gets no messages"),
    "may_see_record": gettext_lazy("does not see the child's record"),
}
SEXES: Words = {"f": gettext_lazy("Girl"), "m": gettext_lazy("Boy")}
REASONS: dict[Reason, str | Promise] = {
    Reason.SAME_NAME: gettext_lazy("same name"),
    Reason.SWAPPED_NAMES: gettext_lazy("given and family name the other way round"),
    Reason.SIMILAR_GIVEN: gettext_lazy("similar given name"),
    Reason.SIMILAR_FAMILY: gettext_lazy("similar family name"),
    Reason.GIVEN_NOT_NAMED_YET: gettext_lazy("given name not known yet"),
    Reason.OTHER_FAMILY: gettext_lazy("another family name"),
    Reason.SAME_BIRTH_DATE: gettext_lazy("same birth date"),
    Reason.DAY_AND_MONTH_SWAPPED: gettext_lazy("day and month of birth swapped"),
    Reason.ONE_DIGIT: gettext_lazy("birth date differs in one digit"),
    Reason.BIRTH_DATE_UNKNOWN: gettext_lazy("a birth date is not known"),
    Reason.SAME_SEX: gettext_lazy("same sex"),
    Reason.OTHER_SEX: gettext_lazy("other sex"),
    Reason.SAME_MOTHER: gettext_lazy("same mother"),
    Reason.SIMILAR_MOTHER: gettext_lazy("similar name of the mother"),
    Reason.OTHER_MOTHER: gettext_lazy("another mother"),
    Reason.TWINS: gettext_lazy("twins or siblings"),
}


def choices(words: Words, empty: str | Promise | None = None) -> Choices:
    """The words as choices of a form; ``empty`` stands for not recorded."""
    first: Choices = [] if empty is None else [("", empty)]
    return [*first, *words.items()]


def word(words: Words, code: str) -> str:
    """The word of a code; a code that was brought in and is unknown stands as it is."""
    return str(words.get(code, code))


def age(told: AgeInWords | None) -> str:
    """3 weeks, 4 months."""
    if told is None:
        return ""
    number = told.number
    said = {
        AgeUnit.DAY: ngettext("%(n)s day", "%(n)s days", number),
        AgeUnit.WEEK: ngettext("%(n)s week", "%(n)s weeks", number),
        AgeUnit.MONTH: ngettext("%(n)s month", "%(n)s months", number),
        AgeUnit.YEAR: ngettext("%(n)s year", "%(n)s years", number),
    }
    return said[told.unit] % {"n": number}


def gestation(told: Gestation | None) -> str:
    """36 weeks and 2 days."""
    if told is None:
        return ""
    weeks = ngettext("%(n)s week", "%(n)s weeks", told.weeks) % {"n": told.weeks}
    if not told.days:
        return weeks
    days = ngettext("%(n)s day", "%(n)s days", told.days) % {"n": told.days}
    return _("%(weeks)s and %(days)s") % {"weeks": weeks, "days": days}


def corrected_age(days: int) -> str:
    """5 weeks; before the due date it says so."""
    if days < 0:
        return _("before the due date")
    if days < 2 * DAYS_IN_WEEK:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    weeks = days // DAYS_IN_WEEK
    return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}
