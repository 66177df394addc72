"""The chart's words: labels of codes, ages, values with their units, sentences."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trellis.core.errors import InvalidInput, NeedsConfirmation, RuleRefused
from trellis.core.groups.doses import DISEASE_OF
from trellis.core.people.ages import AgeUnit, Gestation, age_words
from trellis.records.clinical.lines import GRAMS_IN_KG, MM_IN_CM, DoseLine
from trellis.web import answers, sentences


MINUS = "\N{MINUS SIGN}"
Words = dict[str, str | Promise]

VISITS: Words = {
    "3-5d": gettext_lazy("Visit at 3 to 5 days"),
    "1m": gettext_lazy("1-month visit"),
    "2m": gettext_lazy("2-month visit"),
    "4m": gettext_lazy("4-month visit"),
    "6m": gettext_lazy("6-month visit"),
    "9m": gettext_lazy("9-month visit"),
    "12m": gettext_lazy("12-month visit"),
    "15m": gettext_lazy("15-month visit"),
    "18m": gettext_lazy("18-month visit"),
    "24m": gettext_lazy("24-month visit"),
    "30m": gettext_lazy("30-month visit"),
    "": gettext_lazy("Well-child visit"),
}
STATUS: dict[str, tuple[str | Promise, str]] = {
    "draft": (gettext_lazy("Not signed yet"), "warn"),
    "signed": (gettext_lazy("Signed"), "good"),
    "entered_in_error": (gettext_lazy("Entered in error"), "urgent"),
    "elsewhere": (gettext_lazy("From another record"), "info"),
}
BODY_SITES: Words = {
    "LT": gettext_lazy("Left thigh"),
    "RT": gettext_lazy("Right thigh"),
    "LA": gettext_lazy("Left upper arm"),
    "RA": gettext_lazy("Right upper arm"),
}
ROUTES: Words = {
    "IM": gettext_lazy("Into the muscle (IM)"),
    "SC": gettext_lazy("Under the skin (SC)"),
    "PO": gettext_lazy("By mouth (PO)"),
}
FUNDING: Words = {
    "V01": gettext_lazy("Private stock: not eligible for VFC"),
    "V02": gettext_lazy("VFC: Medicaid"),
    "V03": gettext_lazy("VFC: uninsured"),
    "V04": gettext_lazy("VFC: American Indian or Alaska Native"),
    "V05": gettext_lazy("VFC: insurance does not cover vaccines"),
}
KINDS: Words = {
    "weight": gettext_lazy("Weight"),
    "length": gettext_lazy("Length"),
    "head": gettext_lazy("Head circumference"),
}
SEXES: Words = {"m": gettext_lazy("Boy"), "f": gettext_lazy("Girl")}
# What the rules say, word by word, so that the catalogues hold them.
SENTENCES: tuple[str | Promise, ...] = (
    gettext_lazy("The weight is unusual for this age: z-score %(z)s."),
    gettext_lazy("The length or height is unusual for this age: z-score %(z)s."),
    gettext_lazy("The head circumference is unusual for this age: z-score %(z)s."),
    gettext_lazy("The weight is unusual for this length: z-score %(z)s."),
    gettext_lazy("The weight is %(percent)s %% less than %(days)s days before."),
    gettext_lazy("The weight is %(change)s g more than %(days)s days before."),
    gettext_lazy("The length is %(change)s mm less than %(days)s days before."),
    gettext_lazy("The length is %(change)s mm more than %(days)s days before."),
    gettext_lazy(
        "The head circumference is %(change)s mm less than %(days)s days before."
    ),
    gettext_lazy(
        "The head circumference is %(change)s mm more than %(days)s days before."
    ),
    gettext_lazy("This visit is signed. Add an addendum instead."),
    gettext_lazy("This visit was marked as entered in error."),
    gettext_lazy("This entry came from another record. Correct it there."),
    gettext_lazy(
        "Something in this visit changed after you opened it. "
        "Look at it again, then sign."
    ),
    gettext_lazy("Open this visit and read it before you sign it."),
    gettext_lazy(
        "One of these visits was not opened by you, or it changed since. "
        "Open it first; nothing was signed."
    ),
    gettext_lazy(
        "Somebody else entered another value meanwhile. "
        "Look at both, then save the right one."
    ),
    gettext_lazy(
        "Somebody else saved this note meanwhile. Your text is still here: "
        "put both together, then save again."
    ),
    gettext_lazy("This form was already used for another dose. Open a new one."),
    gettext_lazy("Only a signed visit takes an addendum."),
    gettext_lazy("Write the addendum before you save it."),
    gettext_lazy("Write the assessment before you sign."),
    gettext_lazy("Write the plan before you sign."),
    gettext_lazy("Say why in a few words; the entry stays readable."),
    gettext_lazy("Void the doses of this visit one by one first."),
    gettext_lazy("Confirm the child by name and birth date first."),
    gettext_lazy(
        "That birth date is not this child's. Check that you have the right child."
    ),
    gettext_lazy("This lot has expired. Take another one."),
    gettext_lazy(
        "A dose of this vaccine is already recorded for today. "
        "If that entry is wrong, void it first."
    ),
)


def refusal_text(refusal: RuleRefused | InvalidInput) -> str:
    """The sentence of a refusal in the language of the page."""
    return answers.refusal_text(refusal)


def reasons_to_look(asked: NeedsConfirmation) -> list[str]:
    """The reasons of a confirmation, each translated and then filled in."""
    return [_(sentence) % values for _field, sentence, values in asked.reasons]


def age_text(born: date, on: date) -> str:
    """The age as staff say it: "9 weeks"."""
    age = age_words(born, on)
    if age.unit is AgeUnit.DAY:
        text = ngettext("%(n)s day", "%(n)s days", age.number)
    elif age.unit is AgeUnit.WEEK:
        text = ngettext("%(n)s week", "%(n)s weeks", age.number)
    elif age.unit is AgeUnit.MONTH:
        text = ngettext("%(n)s month", "%(n)s months", age.number)
    else:
        text = ngettext("%(n)s year", "%(n)s years", age.number)
    return text % {"n": age.number}


def gestation_text(gestation: Gestation | None) -> str:
    """ "born at 34+2 weeks" for a child born preterm, else nothing."""
    if gestation is None or not gestation.is_preterm:
        return ""
    weeks = f"{gestation.weeks}+{gestation.days}"
    return _("born at %(weeks)s weeks") % {"weeks": weeks}


def kg_text(weight_g: int | None) -> str:
    """A weight in kg: "5.32 kg", with the third decimal where it says something."""
    if weight_g is None:
        return ""
    places = 3 if weight_g % 10 else 2
    return f"{weight_g / GRAMS_IN_KG:.{places}f} kg"


def cm_text(value_mm: int | None) -> str:
    """A length or a head circumference in cm: "58.0 cm"."""
    return "" if value_mm is None else f"{value_mm / MM_IN_CM:.1f} cm"


def value_text(kind: str, value: int | None) -> str:
    """A stored value of any kind with its unit."""
    return kg_text(value) if kind == "weight" else cm_text(value)


def z_text(z: float | None) -> str:
    """A z-score with its sign: "+0.35", "−1.20"; a dash where there is none."""
    return "–" if z is None else f"{z:+.2f}".replace("-", MINUS)


def dose_name(dose: DoseLine) -> str:
    """How a dose is called in a list: product, or vaccine by its code."""
    disease = sentences.told(DISEASE_OF.get(dose.cvx, ""))
    if dose.product and disease:
        return f"{dose.product} ({disease})"
    return dose.product or disease or f"CVX {dose.cvx}"
