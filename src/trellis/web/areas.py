"""Which whole areas of the screen a role can ever enter, and the mark on each view.

An area is closed to a role when the access matrix gives that role nothing, or counts
only, in every class the area shows. Whoever may enter can still be shown an empty
list: records are decided one by one by the gate. Derived, so that a change of the
matrix moves the doors with it; the test of this module spells the result out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from trellis.core.access.matrix import CELLS
from trellis.core.access.permissions import permissions_of
from trellis.core.access.viewer import Permission
from trellis.core.access.vocabulary import DataClass, Duty, Role
from trellis.core.errors import AreaClosed


class Area(StrEnum):
    """A part of the site that has its own entrance."""

    TODAY = "today"
    PEOPLE = "people"
    CHARTS = "charts"
    GROUPS = "groups"
    IMPORTS = "imports"
    ACCESS_TRAIL = "access-trail"
    ACCOUNT = "account"


EVERYBODY = frozenset(Role)
_COUNTS_ONLY = "G"

# The classes whose rows an area shows; one that is open is enough to enter.
CLASSES_SHOWN: dict[Area, tuple[DataClass, ...]] = {
    Area.PEOPLE: (
        DataClass.ADULT_IDENTITY,
        DataClass.CHILD_IDENTITY,
        DataClass.DYAD_LINK,
    ),
    Area.CHARTS: (DataClass.CHILD_WELLCHILD, DataClass.CHILD_EXPOSURE),
    Area.GROUPS: (
        DataClass.COHORT_ATTENDANCE,
        DataClass.PROGRAMME_RECORD,
        DataClass.GROUP_RECORD,
    ),
    Area.ACCESS_TRAIL: (DataClass.AUDIT_LOG,),
}


def _ever_shown(role: Role, classes: tuple[DataClass, ...]) -> bool:
    cells = (CELLS[data_class, role] for data_class in classes)
    return any(not cell.is_never and cell.default != _COUNTS_ONLY for cell in cells)


def _roles_of(entered: Area) -> frozenset[Role]:
    if entered is Area.IMPORTS:  # writes, so the permission decides
        duties = frozenset(Duty)
        importing = Permission.IMPORTS_FILE_IMPORT
        return frozenset(r for r in Role if importing in permissions_of(r, duties))
    if entered not in CLASSES_SHOWN:
        return EVERYBODY
    return frozenset(r for r in Role if _ever_shown(r, CLASSES_SHOWN[entered]))


ROLES_OF: dict[Area, frozenset[Role]] = {
    entered: _roles_of(entered) for entered in Area
}


@dataclass(frozen=True, slots=True)
class AreaMark:
    """Who may enter a view at all. ``area`` is None for a page open to anybody."""

    area: Area | None
    roles: frozenset[Role] = EVERYBODY

    @property
    def is_public(self) -> bool:
        """Whether nobody needs to be signed in."""
        return self.area is None


View = TypeVar("View", bound=Callable[..., Any])
_MARK = "area_mark"


def area(name: str, roles: frozenset[Role] | None = None) -> Callable[[View], View]:
    """Mark a view as part of an area; ``roles`` may only narrow the area's own.

    Raises:
        ValueError: there is no such area, or ``roles`` is wider than the area.
    """
    entered = Area(name)
    allowed = ROLES_OF[entered] if roles is None else roles
    if not allowed <= ROLES_OF[entered]:
        raise ValueError(f"{name} is closed to some of the roles named")
    return _marker(AreaMark(entered, allowed))


def public(view: View) -> View:
    """Mark a view as open without signing in: sign-in, language, health."""
    return _marker(AreaMark(None))(view)


def mark_of(view: Callable[..., Any]) -> AreaMark | None:
    """The mark of a view function, through decorators that keep ``__dict__``."""
    mark = getattr(view, _MARK, None)
    return mark if isinstance(mark, AreaMark) else None


def refuse_closed_area(mark: AreaMark, role: Role) -> None:
    """Raise AreaClosed when the role never has this area."""
    if role not in mark.roles:
        raise AreaClosed("This part of the site does not belong to your role.")


def _marker(mark: AreaMark) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        setattr(view, _MARK, mark)
        return view

    return decorate
