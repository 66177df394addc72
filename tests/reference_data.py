"""Where the official cases and the sample files lie that some tests read.

``TRELLIS_TEST_DATA`` names the folder; without it, ``../shared/data`` beside the
repository. A missing folder fails a test where ``CI`` or that variable is set, and
skips it elsewhere: nobody should believe that cases passed which never ran.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


VARIABLE = "TRELLIS_TEST_DATA"
REPOSITORY = Path(__file__).resolve().parent.parent


def root() -> Path:
    """The folder that holds all reference data; it may be missing."""
    default = REPOSITORY.parent / "shared" / "data"
    return Path(os.environ.get(VARIABLE) or default)


def folder(name: str) -> Path:
    """The folder ``name`` of the reference data; skips or fails where it is missing."""
    found = root() / name
    if found.is_dir():
        return found
    message = (
        f"The reference data folder {name!r} is missing: "
        f"set {VARIABLE} to the folder that holds it."
    )
    if os.environ.get("CI") or os.environ.get(VARIABLE):
        pytest.fail(message)
    pytest.skip(message)
