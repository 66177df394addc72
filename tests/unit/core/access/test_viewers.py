"""What a viewer may do that is not data, and whose data a class is."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from trellis.core.access.subjects import SubjectKind, subject_kind
from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import DataClass, Purpose, Role
from trellis.core.errors import NotFound


def a_viewer(*permissions):
    return Viewer(
        user_id=UUID(int=7),
        role=Role.COORDINATOR,
        org_id=1,
        site_ids=frozenset({1}),
        purpose=Purpose.OPERATIONS,
        at=datetime(2026, 11, 22, 14, tzinfo=UTC),
        permissions=frozenset(permissions),
    )


def test_an_act_that_is_not_permitted_does_not_exist():
    viewer = a_viewer(Permission.GROUPS_SESSION_CLOSE)
    assert viewer.may(Permission.GROUPS_SESSION_CLOSE)
    assert not viewer.may(Permission.ACCESS_TRAIL_READ)
    viewer.require(Permission.GROUPS_SESSION_CLOSE)
    with pytest.raises(NotFound):
        viewer.require(Permission.ACCESS_TRAIL_READ)


@pytest.mark.parametrize(
    ("data_class", "kind"),
    [
        (DataClass.CHILD_WELLCHILD, SubjectKind.CHILD),
        (DataClass.CHILD_EXPOSURE, SubjectKind.CHILD),
        (DataClass.DYAD_LINK, SubjectKind.PARENT),
        (DataClass.MENTAL_HEALTH, SubjectKind.PARENT),
    ],
)
def test_each_class_is_the_adults_or_the_childs(data_class, kind):
    assert subject_kind(data_class) is kind
