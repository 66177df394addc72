"""What the rules and records say to people, word by word, so the catalogues hold it.

``answers.refusal_text`` translates these at run time. The sentences of the groups and
of the charts are beside their pages; here are those of people, care, imports, the parts
of every "not accepted", and the agenda that a site starts from.
``tests/architecture/test_translations.py`` finds a sentence that is missing.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


REFUSALS: Final[tuple[str | Promise, ...]] = (
    _(
        "Something with this key or number was saved by somebody else. "
        "Nothing of yours was saved. Open the page again."
    ),
    _(
        "This child and this caregiver are already a dyad on %(day)s. End that "
        "one first, or change its dates."
    ),
    _("The enrolment lies before the referral. Check both dates."),
    _(
        "This stage cannot follow on the present one. Choose a later stage, or "
        "end the episode and open a new one."
    ),
    _("An episode does not end with this stage."),
    _("This record is closed. No new episode can be opened."),
    _("An episode is open already. End it first."),
    _("The enrolment is recorded."),
    _("Somebody recorded another stage."),
    _("This episode has ended. Coming back opens a new one."),
    _("This episode has ended."),
    _(
        "Somebody very like this is registered already. Look at them first; "
        "register only if this is somebody else."
    ),
    _("An episode does not begin with its end."),
    _("This stage needs the date of enrolment first."),
    _("A make-up is open, booked or done."),
    _("Somebody has answered this question already; nothing was changed."),
    _("This file was only looked at; there is nothing to undo."),
    _(
        "This import cannot be undone: somebody has worked with it since (%(what)s). "
        "Nothing was taken back; correct the single records instead."
    ),
    _(
        "This file was looked at more than a day ago and is no longer kept; "
        "choose it again."
    ),
    _("This file was brought in already."),
    _("This dyad has ended already."),
    _(
        "A child very like this is registered already. Look at them first; "
        "register only if this is another child."
    ),
    _("This form was saved already, with other content."),
    _(
        "Somebody changed this record after you opened it. Nothing was saved. "
        "Look at what stands there now."
    ),
    _("The number given for this person is in use. Check it, or leave it empty."),
)
FIELDS: Final[tuple[str | Promise, ...]] = (
    _("Reason"),
    _("Places"),
    _("End"),
    _("Product"),
    _("Lot"),
    _("Weight"),
    _("Length or height"),
    _("Head circumference"),
    _("Date"),
    _("Gestation at birth"),
    _("Start of the dyad"),
    _("End of the dyad"),
    _("Parent's birth date"),
    _("Child's birth date"),
    _("Due date"),
    _("Birth order"),
    _("Visit"),
    _("Name"),
    _("Team"),
    _("Phone"),
    _("Site's own number"),
    _("History"),
    _("Examination"),
    _("Assessment"),
    _("Plan"),
    _("Window"),
    _("Enrolment"),
    _("Stage since"),
    _("Referral"),
    _("Start"),
    _("Vaccinator"),
    _("Child's name"),
)
ACCEPTED: Final[tuple[str | Promise, ...]] = (
    _("%(least)s to %(most)s"),
    _("a time after the start"),
    _("at most %(hours)s hours after the start"),
    _("one of the list"),
    _("1 to %(most)s letters and figures"),
    _("%(least)s to %(most)s %(unit)s"),
    _("%(day)s or later"),
    _("22+0 to 44+6, weeks+days"),
    _("a day after %(day)s"),
    _("a name"),
    _("up to %(most)s letters"),
    _("an age of 10 to 99 years"),
    _("%(day)s or earlier, under 18 years"),
    _("42 days ago to 300 days ahead"),
    _("%(day)s or earlier"),
    _("an end after its start"),
    _("a visit of the schedule"),
    _("today or earlier"),
    _("1 to %(most)s letters"),
    _("a role held at this site"),
    _("up to 60 letters"),
    _("ten digits, or + and the country code"),
    _("CSV in UTF-8 or .xlsx"),
    _("none, by mouth"),
    _("a CVX code"),
    _("V01 to V05"),
)
HINTS: Final[tuple[str | Promise, ...]] = (
    _("Choose one; Not reached if nobody knows yet."),
    _("Open a second cohort for more families."),
    _("Choose it again."),
    _("Check the times."),
    _("Choose one."),
    _("It is printed on the vial and on the box."),
    _("Check the value and its unit."),
    _("Check the date of birth."),
    _("Leave it empty if it is not known; do not enter 0."),
    _("The end is the first day on which they are not a dyad."),
    _("Check the child's date of birth."),
    _("One-word names are fine."),
    _("Shorten it as the person would."),
    _("Check the year."),
    _("Check the date."),
    _("The end is the day after the last day inside."),
    _("Shorten it."),
    _("Shorten it; nothing was saved."),
    _("A neutral name, such as Monday Robins."),
    _("Name it."),
    _("Leave it empty for a single birth."),
    _("Check what was pasted here."),
    _("Check the number, or leave it empty."),
)
VACCINES: Final[tuple[str | Promise, ...]] = (
    _("Chickenpox"),
    _("DTaP"),
    _("DTaP, Hib, hepatitis B, polio"),
    _("DTaP, Hib, polio"),
    _("DTaP, hepatitis B, polio"),
    _("Hepatitis A"),
    _("Hepatitis B"),
    _("Hib"),
    _("Influenza"),
    _("MMR and chickenpox"),
    _("Measles, mumps, rubella"),
    _("Pneumococcal"),
    _("Polio"),
    _("Rotavirus"),
)
# What a site starts from; it changes these, and its own words stay as they are.
AGENDAS: Final[tuple[str | Promise, ...]] = (
    _("Feeding, soothing, safe sleep, weight"),
    _("How the birth was, sleep, mood"),
    _("Holding skin to skin, a short breath"),
    _("First vaccines, a plan for crying, growth"),
    _("Sleep, mood, who is on my side"),
    _("Face and voice mirroring"),
    _("Rolling, tummy time, no solids yet"),
    _("What helps on a hard day; a lock-box for medicines"),
    _("Tummy-time circle"),
    _("Solids, first teeth, influenza"),
    _("Relationships, budgeting and WIC"),
    _("Reach and grasp"),
    _("Development screen, safe home, sleep"),
    _("A safety plan and a contact with the coach, offered to all"),
    _("Peek-a-boo, mindful listening"),
    _("Measles and chickenpox vaccines, lead test, milk"),
    _("One year: what I am proud of"),
    _("Walking and exploring"),
    _("Tantrums, first words"),
    _("My own health: doctor, dentist"),
    _("Naming feelings"),
    _("Development and autism screens, limits with warmth"),
    _("Work, child care, early intervention"),
    _("Turn-taking"),
    _("Toilet, eating together, second autism screen"),
    _("Graduation; inviting the next families"),
    _("A shared book"),
    _("Words and play, teeth, preschool"),
    _("What comes after the group"),
    _("Pretend play"),
    _("Set up the room, the scale and the vaccines"),
    _("Arrive, weigh and measure, one-to-one checks on the mat"),
    _("A quiet start"),
    _("Circle"),
    _("Play together"),
    _("Vaccines, referrals, next date"),
    _("Sign notes, call families who were not here"),
    _("Infant scale, length board, tape for the head"),
    _("Mats, toys that can be wiped, hand rub"),
    _("Vaccines with their information sheets, gloves, plasters"),
    _("Blank forms and pens, agreements to sign"),
    _("Water and a snack; nobody's name on the door"),
    _("Arriving, weighing and measuring"),
    _("Questions, next date"),
)


def told(text: str) -> str:
    """A text of the records in the language of the page, if it is one of those above.

    The topics of a visit are several of them in one line.
    """
    parts = text.removesuffix(".").split(". ")
    return ". ".join(gettext(part) for part in parts) + "." * text.endswith(".")


def product_label(name: str, disease: str) -> str | Promise:
    """A vaccine to choose: its product and what it is against."""
    return format_lazy("{} ({})", name, _(disease))
