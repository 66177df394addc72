"""The words of Today for sessions and arrivals."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


STATES: Final[dict[str, tuple[str | Promise, str]]] = {  # words and kind of the tag
    "expected": (_("Expected"), ""),
    "arrived": (_("Here"), "good"),
    "late": (_("Here, late"), "good"),
    "absent": (_("Absent"), "warn"),
    "left_early": (_("Left early"), "info"),
}
SESSION_STATES: Final[dict[str, tuple[str | Promise, str]]] = {
    "planned": (_("Planned"), "info"),
    "open": (_("Open now"), "good"),
    "closed": (_("Closed"), "done"),
}
FITS: Final[dict[str, str | Promise]] = {
    "opens-later": _("too early by %(days)s days"),
    "closed": _("too late by %(days)s days"),
}
EVALUATOR: Final = _(
    "Reports come with a later release. Until then nothing is open to you here, and "
    "no record of a family ever will be."
)
