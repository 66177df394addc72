"""Exit statuses: 0 done, 1 found something wrong, 2 unusable input, 70 bug."""

from __future__ import annotations

from typing import Final

from trellis.core.errors import RuleRefused, TrellisError


DONE: Final = 0
FOUND_SOMETHING_WRONG: Final = 1
UNUSABLE_INPUT: Final = 2
BUG: Final = 70


def exit_status(error: TrellisError) -> int:
    """1 when a rule refused good input, otherwise 2."""
    return FOUND_SOMETHING_WRONG if isinstance(error, RuleRefused) else UNUSABLE_INPUT
