"""Forms about care: the team, the episode, a caregiver who is registered already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from trellis.core.access.vocabulary import Role
from trellis.core.people.dyads import ALL, Authority, CaregiverKind
from trellis.core.people.stages import ENDS, PATH, Stage
from trellis.records.care.lines import StaffChoice
from trellis.records.care.operations import NewEpisode
from trellis.records.people.lines import FamilyLine
from trellis.web.people import words
from trellis.web.people.forms import AuthorityFields, Sectioned
from trellis.web.role_labels import ROLE_LABELS
from trellis.web.widgets import IsoDateInput


OPENING: Final = PATH[:-1]


class TeamForm(Sectioned):
    """Somebody joins the care team."""

    member = forms.ChoiceField(label=_("Who"))
    starts = forms.DateField(label=_("Since"), widget=IsoDateInput)

    def offer(self, staff: Iterable[StaffChoice]) -> None:
        """Offer the staff of the site, each in each of their roles."""
        self.fields["member"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("Choose")),
            *(
                (
                    f"{one.staff_id}:{one.role}",
                    f"{one.name}, {ROLE_LABELS[Role(one.role)]}",
                )
                for one in staff
            ),
        ]

    def member_told(self) -> tuple[UUID, Role]:
        """Who was chosen, in which role."""
        key, _colon, role = self.cleaned_data["member"].partition(":")
        return UUID(key), Role(role)


class EnrolForm(Sectioned):
    """The day on which the family said yes."""

    on = forms.DateField(label=_("Enrolled on"), widget=IsoDateInput)


class EndEpisodeForm(Sectioned):
    """How and when an episode ended."""

    reason = forms.ChoiceField(
        label=_("What comes now"),
        choices=[(one.value, words.STAGES[one.value]) for one in Stage if one in ENDS],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=_("On"), widget=IsoDateInput)


class OpenEpisodeForm(Sectioned):
    """A new episode: coming back is an ordinary step."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    referred_on = forms.DateField(label=_("Since"), widget=IsoDateInput)
    enrolled_on = forms.DateField(
        label=_("Enrolled on"),
        help_text=_("Empty until the family has said yes."),
        widget=IsoDateInput,
        required=False,
    )
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[(one.value, words.STAGES[one.value]) for one in OPENING],
    )

    def episode(self) -> NewEpisode:
        """What was typed."""
        data = self.cleaned_data
        return NewEpisode(
            data["referred_on"], data["enrolled_on"], Stage(data["stage"])
        )


class LinkRegisteredForm(AuthorityFields):
    """An adult who is registered becomes another caregiver of a child."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    adult = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)
    starts = forms.DateField(label=_("Since"), widget=IsoDateInput)
    field_order = ("adult", "kind", "starts", "authority")

    def offer(self, adults: Iterable[FamilyLine], *, may_record_kind: bool) -> None:
        """Offer these adults; kind and authority to whoever may record them."""
        self.fields["adult"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (str(one.parent_id), _choice(one)) for one in adults
        ]
        if not may_record_kind:
            self.drop(("kind", "authority"))

    def told(self) -> tuple[CaregiverKind, Authority]:
        """What was typed; a birth parent where the kind is not asked."""
        if "kind" not in self.fields:
            return CaregiverKind.BIRTH_PARENT, ALL
        return super().told()


def _choice(one: FamilyLine) -> str:
    if one.parent_born is None:
        return one.parent_name
    return f"{one.parent_name} ({one.parent_born.isoformat()})"
