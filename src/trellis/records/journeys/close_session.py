"""Closing a group session: one act over several areas, whole or not at all."""

from __future__ import annotations

from uuid import UUID

from trellis.core.access.viewer import Viewer
from trellis.records.access.gate import writes
from trellis.records.groups import operations as groups
from trellis.records.groups.operations import ClosedCounts


@writes
def close_session(*, by: Viewer, session_id: UUID, version: int) -> ClosedCounts:
    """Close the session once every child that came has a signed visit.

    What stands afterwards: a signed encounter of each child in the child's own chart,
    the group's record with numbers and without any family's facts, and an open make-up
    with its deadline for each family that missed it. One transaction.

    Raises:
        NotFound: no such session, or closing is not an act of ``by``.
        Conflict: the session changed since it was looked at.
        RuleRefused: somebody has no outcome yet, or a visit is missing or unsigned.
    """
    return groups.mark_closed(by=by, session_id=session_id, version=version)
