"""Forms about people. They check shapes; what may be is decided in core."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trellis.core.people.ages import Gestation
from trellis.core.people.dyads import Authority, CaregiverKind
from trellis.core.people.stages import PATH, Stage, may_follow
from trellis.records.care.operations import NewEpisode, NewFamily
from trellis.records.people.entries import (
    ChildIdentity,
    Contact,
    Identity,
    NewChild,
    NewParent,
    Planning,
)
from trellis.records.people.lines import ChildRecord
from trellis.web.people import words
from trellis.web.widgets import IsoDateInput


NOT_RECORDED: Final = _("Not recorded")
YES_NO: Final[words.Choices] = [
    ("", NOT_RECORDED),
    ("yes", _("Yes")),
    ("no", _("No")),
]
WEEKS_AND_DAYS: Final = re.compile(r"\s*(\d{2})(?:\s*[+/.]\s*(\d))?\s*", re.ASCII)
Section = tuple[str | Promise, list[BoundField]]


class Sectioned(forms.Form):
    """A form drawn in sections; hidden fields are drawn with the first one."""

    SECTIONS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = ()
    is_asked = False  # a person must look again before it is saved
    is_conflict = False  # somebody changed the same thing meanwhile

    def sections(self) -> Iterator[Section]:
        """Title and fields of each section; one without a title if none is given."""
        if not self.SECTIONS:
            yield "", list(self.visible_fields())
        for title, names in self.SECTIONS:
            yield title, [self[name] for name in names if name in self.fields]

    def drop(self, names: Iterable[str]) -> None:
        """Take fields off the form."""
        for name in names:
            del self.fields[name]


class IdentityFields(Sectioned):
    """Who an adult is."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    chosen_name = forms.CharField(
        label=_("Chosen name"),
        help_text=_("What the person wants to be called. It is shown everywhere."),
        max_length=80,
        required=False,
    )
    born = forms.DateField(
        label=_("Birth date"),
        widget=IsoDateInput,
        required=False,
    )
    external_id = forms.CharField(
        label=_("Site's own number"),
        help_text=_("The person's number in your own system, if there is one."),
        max_length=60,
        required=False,
    )

    def identity(self) -> Identity:
        """What was typed."""
        data = self.cleaned_data
        names = ("first_name", "last_name", "chosen_name", "born", "external_id")
        return Identity(**{name: data[name] for name in names})


class ContactFields(Sectioned):
    """How to reach an adult in the open."""

    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("For example (617) 555-0142."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def contact(self) -> Contact:
        """What was typed."""
        return Contact(self.cleaned_data["phone"], self.cleaned_data["email"])


class PlanningFields(Sectioned):
    """What the programme plans by."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=words.choices(words.LANGUAGES, NOT_RECORDED),
        required=False,
    )
    needs_interpreter = forms.ChoiceField(
        label=_("Needs an interpreter"), choices=YES_NO, required=False
    )
    races = forms.MultipleChoiceField(
        label=_("Race, as the person says it"),
        help_text=_(
            "Several are possible. Used to see whether care reaches everybody."
        ),
        choices=words.choices(words.RACES),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    ethnicity = forms.ChoiceField(
        label=_("Ethnicity, as the person says it"),
        choices=words.choices(words.ETHNICITIES, NOT_RECORDED),
        required=False,
    )
    payer = forms.ChoiceField(
        label=_("Insurance"),
        choices=words.choices(words.PAYERS, NOT_RECORDED),
        required=False,
    )

    def planning(self) -> Planning:
        """What was typed."""
        data = self.cleaned_data
        return Planning(
            language=data["language"],
            needs_interpreter={"yes": True, "no": False}.get(data["needs_interpreter"]),
            races=tuple(data["races"]),
            ethnicity=data["ethnicity"],
            payer=data["payer"],
        )


class ReachField(Sectioned):
    """Safe ways to reach somebody."""

    reach_via = forms.CharField(
        label=_("Safe ways to reach the person"),
        help_text=_("How and when it is safe. No address here."),
        widget=forms.Textarea(attrs={"rows": "3", "maxlength": "500"}),
        max_length=500,
        required=False,
    )


class ChildFields(Sectioned):
    """Who a child is."""

    child_first_name = forms.CharField(label=_("Child's first name"), max_length=80)
    child_last_name = forms.CharField(
        label=_("Child's last name"), max_length=80, required=False
    )
    child_born = forms.DateField(label=_("Child's birth date"), widget=IsoDateInput)
    child_sex = forms.ChoiceField(
        label=_("Sex"),
        choices=words.choices(words.SEXES, NOT_RECORDED),
        required=False,
    )
    child_birth_order = forms.IntegerField(
        label=_("Birth order"),
        help_text=_("Of twins or more: 1, 2, ... Empty for a single birth."),
        min_value=1,
        max_value=6,
        required=False,
    )

    def child_identity(self, external_id: str = "") -> ChildIdentity:
        """What was typed; the site's own number is not on the form."""
        data = self.cleaned_data
        return ChildIdentity(
            first_name=data["child_first_name"],
            last_name=data["child_last_name"],
            born=data["child_born"],
            sex=data["child_sex"],
            birth_order=data["child_birth_order"],
            external_id=external_id,
        )


class BornFields(ChildFields):
    """A child with the length of the pregnancy."""

    gestation = forms.CharField(
        label=_("Weeks of pregnancy at birth"),
        help_text=_("As charted, for example 36+2. Empty if not known."),
        max_length=8,
        required=False,
    )

    def clean_gestation(self) -> Gestation | None:
        """Weeks, or weeks and days."""
        typed = self.cleaned_data["gestation"]
        if not typed.strip():
            return None
        found = WEEKS_AND_DAYS.fullmatch(typed)
        if found is None:
            raise forms.ValidationError(_("Write weeks and days, for example 36+2."))
        weeks, days = int(found.group(1)), int(found.group(2) or 0)
        if weeks not in range(22, 45) or days not in range(7):
            raise forms.ValidationError(_("Between 22+0 and 44+6 is accepted."))
        return Gestation(weeks, days)

    def new_child(self, key: UUID) -> NewChild:
        """What was typed."""
        identity = self.child_identity()
        return NewChild(key, identity, self.cleaned_data["gestation"])


class RegisterForm(
    IdentityFields, ContactFields, ReachField, PlanningFields, BornFields
):
    """One family: a parent, how to reach them, the programme, perhaps a baby."""

    SECTIONS = (
        (
            _("The parent"),
            ("first_name", "last_name", "chosen_name", "born", "external_id"),
        ),
        (_("How to reach the parent"), ("phone", "email", "reach_via")),
        (
            _("Language, background, insurance"),
            ("language", "needs_interpreter", "races", "ethnicity", "payer"),
        ),
        (_("In the programme"), ("referred_on", "enrolled_on", "stage")),
        (
            _("The baby"),
            (
                "due_on",
                "child_first_name",
                "child_last_name",
                "child_born",
                "child_sex",
                "child_birth_order",
                "gestation",
            ),
        ),
    )

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    child_first_name = forms.CharField(
        label=_("Child's first name"),
        help_text=_("Leave the child empty while pregnant. Add a twin afterwards."),
        max_length=80,
        required=False,
    )
    child_born = forms.DateField(
        label=_("Child's birth date"), widget=IsoDateInput, required=False
    )
    due_on = forms.DateField(
        label=_("Due date"),
        help_text=_("While pregnant."),
        widget=IsoDateInput,
        required=False,
    )
    referred_on = forms.DateField(label=_("Referred on"), widget=IsoDateInput)
    enrolled_on = forms.DateField(
        label=_("Enrolled on"),
        help_text=_("Empty until the family has said yes."),
        widget=IsoDateInput,
        required=False,
    )
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[(s.value, words.STAGES[s.value]) for s in PATH[:-1]],
    )

    def clean(self) -> dict[str, Any]:
        """A child is given whole or not at all."""
        data = super().clean() or self.cleaned_data
        named, born = data.get("child_first_name"), data.get("child_born")
        if named and not born and "child_born" not in self.errors:
            self.add_error("child_born", _("A child needs a birth date."))
        if (born or data.get("child_last_name")) and not named:
            self.add_error("child_first_name", _("A child needs a name; Baby is fine."))
        return data

    def family(self, site_id: int) -> NewFamily:
        """What was typed."""
        data = self.cleaned_data
        key = data["key"]
        episode = NewEpisode(
            data["referred_on"], data["enrolled_on"], Stage(data["stage"])
        )
        parent = NewParent(
            key=key,
            site_id=site_id,
            identity=self.identity(),
            contact=self.contact(),
            planning=self.planning(),
        )
        return NewFamily(
            parent=parent,
            episode=episode,
            children=tuple(self.children()),
            due_on=data["due_on"],
            reach_via=data["reach_via"],
        )

    def children(self) -> Iterable[NewChild]:
        """The child, if one was typed."""
        if self.cleaned_data["child_first_name"]:
            yield self.new_child(uuid5(self.cleaned_data["key"], "child"))


class VersionField(Sectioned):
    """The version of the record that the form was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ParentForm(IdentityFields, PlanningFields, VersionField):
    """Names and what the programme plans by, as far as the viewer may change them."""

    SECTIONS = RegisterForm.SECTIONS[:1] + RegisterForm.SECTIONS[2:3]

    def limit_to(self, may_write: frozenset[str]) -> None:
        """Leave out what the viewer may not change."""
        if "planning" not in may_write:
            self.drop(PlanningFields.base_fields)

    @property
    def plans(self) -> Planning | None:
        """What was typed, None where the viewer may not change it."""
        return self.planning() if "payer" in self.fields else None


class ContactForm(ContactFields, ReachField, VersionField):
    """Phone, e-mail, safe ways and address, as far as the viewer may change them."""

    address = forms.CharField(
        label=_("Address"),
        help_text=_("Sealed. Only case managers read it."),
        widget=forms.Textarea(attrs={"rows": "3", "maxlength": "500"}),
        max_length=500,
        required=False,
    )

    def limit_to(self, may_write: frozenset[str]) -> None:
        """Leave out what the viewer may not change."""
        self.drop({"reach_via", "address"} - may_write)


class ChildForm(ChildFields, VersionField):
    """Correct who a child is."""


class AddChildForm(BornFields):
    """A baby at birth, or another child."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def children(self) -> Iterable[NewChild]:
        """The child that was typed."""
        yield self.new_child(self.cleaned_data["key"])


class PregnancyForm(Sectioned):
    """A pregnancy by its due date."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    due_on = forms.DateField(label=_("Due date"), widget=IsoDateInput)


class StageForm(Sectioned):
    """The next stage of the open episode."""

    seen = forms.ChoiceField(
        choices=[(stage.value, stage.value) for stage in Stage],
        widget=forms.HiddenInput,
    )
    stage = forms.ChoiceField(label=_("Stage"))
    since = forms.DateField(label=_("Since"), widget=IsoDateInput)

    def offer_after(self, now: Stage) -> None:
        """Offer the present stage and those that may follow on it."""
        following = may_follow(now)
        self.fields["stage"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (stage.value, words.STAGES[stage.value])
            for stage in Stage
            if stage in following or stage is now
        ]


class AuthorityFields(Sectioned):
    """What a caregiver is to the child and may do."""

    kind = forms.ChoiceField(
        label=_("To the child"), choices=words.choices(words.KINDS)
    )
    authority = forms.MultipleChoiceField(
        label=_("What the caregiver may do"),
        help_text=_("Tick what somebody has seen a document for."),
        choices=words.choices(words.AUTHORITY),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def told(self) -> tuple[CaregiverKind, Authority]:
        """What was typed."""
        ticked = self.cleaned_data["authority"]
        authority = Authority(
            may_consent_to_care="may_consent" in ticked,
            may_attend="may_attend" in ticked,
            may_be_messaged="may_be_messaged" in ticked,
            may_see_child_record="may_see_record" in ticked,
        )
        return CaregiverKind(self.cleaned_data["kind"]), authority


class CaregiverForm(IdentityFields, ContactFields, AuthorityFields):
    """Another caregiver of a child: kin, a foster parent, a guardian."""

    SECTIONS = (
        (_("The caregiver"), RegisterForm.SECTIONS[0][1]),
        (_("How to reach them"), ("phone", "email")),
        (_("Caring for the child"), ("kind", "starts", "authority")),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    starts = forms.DateField(label=_("Since"), widget=IsoDateInput)

    def caregiver(self, site_id: int, child: ChildRecord) -> tuple[NewParent, NewChild]:
        """The adult, and the link to a child that is registered."""
        kind, authority = self.told()
        key, starts = self.cleaned_data["key"], self.cleaned_data["starts"]
        adult = NewParent(key, site_id, self.identity(), self.contact())
        known = ChildIdentity(child.first_name, child.last_name, child.born)
        link = NewChild(
            child.child_id, known, kind=kind, authority=authority, starts=starts
        )
        return adult, link


class AuthorityForm(AuthorityFields):
    """Change what a caregiver may do."""


class EndForm(Sectioned):
    """The first day on which the two are no dyad."""

    ends = forms.DateField(
        label=_("Not caring for the child from"), widget=IsoDateInput
    )
