"""The guided tour of the demo: seven steps, remembered in the session.

Each step names the persona who may do what it asks and links to a real page. It works
without JavaScript: a form moves to the next step or puts the tour away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trellis.core.access.vocabulary import Role
from trellis.web.role_labels import ROLE_LABELS


TOUR: Final = "tour_step"
AWAY: Final = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, as whom, and where it starts: an address by name, "" on Today."""

    role: Role
    title: str | Promise
    text: str | Promise
    link: str | Promise
    url_name: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as the page shows it; ``persona`` is empty for who is in that role."""

    number: int
    total: int
    title: str | Promise
    text: str | Promise
    link: str | Promise
    url: str
    persona: str
    role: str | Promise

    @property
    def after(self) -> int:
        """The number of the next step; 0 puts the tour away."""
        return self.number + 1 if self.number < self.total else AWAY

    @property
    def before(self) -> int:
        """The number of the step before; 0 at the first."""
        return self.number - 1


STEPS: Final = (
    Step(
        Role.COORDINATOR,
        _("Look at the day"),
        _(
            "Today shows the next group, who is expected, and which child's time is "
            "running out. No clinical notes: a coordinator has none."
        ),
        "",
        "",
    ),
    Step(
        Role.COORDINATOR,
        _("Check families in"),
        _(
            "Open today's group. Mark families as here or late, and one as absent with "
            "a reason. Every other device shows it within 3 seconds."
        ),
        _("Open the groups"),
        "groups:sessions",
    ),
    Step(
        Role.NURSE,
        _("Weigh, measure, vaccinate"),
        _(
            "Enter weight, length and head. The growth scores appear at once, and an "
            "unusual value asks you to look again. Lay the vaccines out once for all."
        ),
        _("Open the groups"),
        "groups:sessions",
    ),
    Step(
        Role.PAEDIATRICS,
        _("Review and sign"),
        _(
            "Open each child's note, complete it, and sign. What is signed stays as it "
            "is; later words are added below it."
        ),
        _("Open the notes to sign"),
        "clinical:sign",
    ),
    Step(
        Role.FACILITATOR,
        _("Run the circle"),
        _(
            "The facilitator sees first names and the agenda of the own group, and "
            "writes what the group talked about. Nobody is named in it."
        ),
        _("Open the groups"),
        "groups:sessions",
    ),
    Step(
        Role.COORDINATOR,
        _("Close the group"),
        _(
            "Closing leaves one note for each child, and for each absent child a visit "
            "to book with its deadline."
        ),
        _("Open the visits to book"),
        "groups:make-ups",
    ),
    Step(
        Role.PARENT,
        _("See it as a parent"),
        _(
            "A parent sees the next appointment and who looked at her record. Every "
            "look of the steps before is there."
        ),
        _("Open the list of looks"),
        "access:trail",
    ),
)


def shown_step(request: HttpRequest) -> ShownStep | None:
    """The step to show; None outside the demo or when the tour was put away."""
    number = state_of(request)
    if not settings.DEMO_MODE or number not in range(1, len(STEPS) + 1):
        return None
    step = STEPS[number - 1]
    viewer = getattr(request, "viewer", None)
    is_in_role = viewer is not None and viewer.role is step.role
    return ShownStep(
        number=number,
        total=len(STEPS),
        title=step.title,
        text=step.text,
        link=step.link,
        url=_address(step.url_name) if is_in_role else "",
        persona="" if is_in_role else f"{step.role.value}.site1@demo.example",
        role=ROLE_LABELS[step.role],
    )


def state_of(request: HttpRequest) -> int:
    """The number of the step the visitor is at; 1 at first, 0 once put away."""
    return int(request.session.get(TOUR, 1))


def keep(request: HttpRequest, number: int) -> None:
    """Remember the step, also across a change of person."""
    request.session[TOUR] = number


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
