"""Whose data a class is: the adult's, the child's, or nobody's.

A line that shows several classes is opened for each of its subjects (privacy.md 2).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from trellis.core.access.vocabulary import DataClass


class SubjectKind(StrEnum):
    """Whose consent and care-team links count for a class."""

    PARENT = "parent"
    CHILD = "child"


CHILD_CLASSES: Final = frozenset(
    {
        DataClass.CHILD_IDENTITY,
        DataClass.CHILD_WELLCHILD,
        DataClass.CHILD_EXPOSURE,
        DataClass.CPS_CUSTODY_LEGAL,
    }
)


def subject_kind(data_class: DataClass) -> SubjectKind:
    """The child for the child's own classes, the adult for every other."""
    return SubjectKind.CHILD if data_class in CHILD_CLASSES else SubjectKind.PARENT
