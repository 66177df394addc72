"""Sessions without anybody in them, as far as group records are open to the viewer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass
from trellis.core.errors import NotFound
from trellis.records.groups.board import HEAD, SessionHead
from trellis.records.groups.models import GroupSession
from trellis.records.sites.models import Site


def heads(viewer: Viewer) -> QuerySet[GroupSession, tuple[Any, ...]]:
    """The sessions at the viewer's sites, in the columns of ``SessionHead``."""
    site = Site.objects.filter(pk=OuterRef("site_id"))
    rows = GroupSession.at_sites(viewer, reads=DataClass.GROUP_RECORD).annotate(
        zone=Subquery(site.values("time_zone")),
        hepb2=Subquery(site.values("gives_hepb2_at_1m")),
    )
    return rows.values_list(*HEAD)


def session_head(viewer: Viewer, session_id: UUID) -> SessionHead:
    """One session. 1 statement.

    Raises:
        NotFound: no such session, or group records are not open to the viewer.
    """
    row = heads(viewer).filter(pk=session_id).first()
    if row is None:
        raise NotFound
    return SessionHead(*row)
