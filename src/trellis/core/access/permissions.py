"""Which acts that are not data a membership may do; derived from the matrix."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from trellis.core.access.matrix import CELLS
from trellis.core.access.viewer import Permission
from trellis.core.access.vocabulary import DataClass, Duty, Role, Write


# A file of families fills all of these; who may not write one may not import.
IMPORTED_CLASSES: Final = (
    DataClass.CHILD_IDENTITY,
    DataClass.ADULT_IDENTITY,
    DataClass.PROGRAMME_RECORD,
)
MANAGED_BY: Final = frozenset({Role.DIRECTOR, Role.COORDINATOR})


def permissions_of(role: Role, duties: AbstractSet[Duty]) -> frozenset[Permission]:
    """The permissions of one active role with the duties of its membership.

    A duty opens no record by itself and counts only with the roles of privacy.md 3.1.
    """
    held = set()
    if _may(role, DataClass.CHILD_WELLCHILD, Write.SIGN):
        held.add(Permission.CLINICAL_ENCOUNTER_SIGN)
    if role is Role.COORDINATOR:
        held |= {Permission.GROUPS_SESSION_CLOSE, Permission.GROUPS_COHORT_PLAN}
    if all(_may(role, data_class, Write.FULL) for data_class in IMPORTED_CLASSES):
        held.add(Permission.IMPORTS_FILE_IMPORT)
    if Duty.ADMINISTRATOR in duties and role in MANAGED_BY:
        held.add(Permission.ACCOUNTS_MEMBERSHIP_MANAGE)
    if Duty.PRIVACY_OFFICER in duties and role is Role.DIRECTOR:
        held.add(Permission.ACCESS_TRAIL_READ)
    return frozenset(held)


def _may(role: Role, data_class: DataClass, write: Write) -> bool:
    return write in CELLS[data_class, role].writes
