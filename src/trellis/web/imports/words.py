"""The words of the Imports pages, translated once."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from trellis.core.people.names import Reason


KINDS: Final = {
    "roster": _("Roster of families"),
    "fhir": _("Children's records (FHIR)"),
    "iis": _("Immunization registry"),
}
STATUSES: Final = {
    "checked": (_("Looked at, not brought in"), "warn"),
    "done": (_("Brought in"), "good"),
    "undone": (_("Undone"), ""),
    "lapsed": (_("Looked at, no longer kept"), ""),
}
FATES: Final = {
    "created": _("new"),
    "updated": _("changed"),
    "unchanged": _("as before"),
    "review": _("to review"),
    "refused": _("refused"),
}
REASONS: Final = {
    Reason.SAME_NAME: _("same name"),
    Reason.SWAPPED_NAMES: _("given and family name swapped"),
    Reason.SIMILAR_GIVEN: _("similar given name"),
    Reason.SIMILAR_FAMILY: _("similar family name"),
    Reason.GIVEN_NOT_NAMED_YET: _("given name not known yet"),
    Reason.OTHER_FAMILY: _("other family name"),
    Reason.SAME_BIRTH_DATE: _("same birth date"),
    Reason.DAY_AND_MONTH_SWAPPED: _("day and month of birth swapped"),
    Reason.ONE_DIGIT: _("birth date differs in one digit"),
    Reason.BIRTH_DATE_UNKNOWN: _("birth date not known"),
    Reason.SAME_SEX: _("same sex"),
    Reason.OTHER_SEX: _("other sex"),
    Reason.SAME_MOTHER: _("same mother"),
    Reason.SIMILAR_MOTHER: _("similar name of the mother"),
    Reason.OTHER_MOTHER: _("other mother"),
    Reason.TWINS: _("twins or siblings"),
}
SEXES: Final = {"f": _("girl"), "m": _("boy"), "": _("not known")}
STEPS: Final = [_("Choose a file"), _("Look at it"), _("Bring it in")]
