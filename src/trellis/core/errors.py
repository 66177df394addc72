"""Every error a person can put right; all else that is raised is a bug.

* TrellisError          written to be read by users; never names a person  HTTP  exit
  + InvalidInput       the value cannot be right                           422   2
  + RuleRefused        the value is fine, a programme rule says no         409   1
    - SessionFull      every place of the group session is taken
    - NotOnRoster      the family is not expected at this group session
    - Conflict         somebody else changed the same thing in between
    - NeedsConfirmation  unusual: a person must look again and confirm
  + AreaClosed         a whole area that the viewer's role never has       403   2
  + NotFound           no such record, or not for this viewer: same text   404   2
"""

from __future__ import annotations


class TrellisError(Exception):
    """Base of all errors whose text may be shown to the person using Trellis."""


class InvalidInput(TrellisError):
    """A value that cannot be right: says which, what was given, what is accepted.

    ``accepted`` may have named places, filled in with ``values``; a page translates
    each part first and puts them together then.
    """

    def __init__(
        self, field: str, given: object, *, accepted: str, hint: str, **values: object
    ) -> None:
        self.field, self.given, self.hint = field, given, hint
        self.accepted, self.values = accepted, values
        shown = accepted % values if values else accepted
        super().__init__(f"{field}: {given} is not accepted ({shown}). {hint}".rstrip())


class RuleRefused(TrellisError):
    """The input is valid, but a programme rule refuses the action.

    ``sentence`` may have named places, filled in with ``values``; a page translates
    the sentence first and fills it in then.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence % values if values else sentence)


class SessionFull(RuleRefused):
    """Every place of the group session is taken."""


class NotOnRoster(RuleRefused):
    """The dyad is not expected at this group session."""


class Conflict(RuleRefused):
    """Somebody else changed the same thing since this person last saw it.

    Nothing was saved. ``current`` says, in words, what stands there now.
    """

    def __init__(self, message: str, *, current: str = "") -> None:
        self.current = current
        super().__init__(message)


class NeedsConfirmation(RuleRefused):
    """An unusual value: shown again, and saved only when a person confirms it.

    ``reasons``: each as (field, sentence with named places, values by name), so that a
    page can translate the sentence before it fills it in.
    """

    def __init__(
        self,
        message: str,
        *,
        reasons: tuple[tuple[str, str, dict[str, str]], ...] = (),
    ) -> None:
        self.reasons = reasons
        super().__init__(message)


class AreaClosed(TrellisError):
    """The viewer's role never has this area; raised at its entrance only."""


class NotFound(TrellisError):
    """Takes no text on purpose: missing and forbidden must read the same."""

    def __init__(self) -> None:
        super().__init__("There is no such record, or it is not open to you.")
