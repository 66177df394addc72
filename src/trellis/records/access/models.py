"""The bases of every table with a patient or a site in it. No table of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NoReturn, Self, TypeVar
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q, QuerySet

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin
from trellis.core.errors import NotFound
from trellis.records.access import gate


M = TypeVar("M", bound=models.Model)


class Closed(models.Manager[Any]):
    """The default manager of protected tables: refuses, also through relations."""

    def get_queryset(self) -> NoReturn:
        """Refuse."""
        raise RuntimeError("Protected rows are read by Model.scoped(viewer, ...).")


@dataclass(frozen=True, slots=True)
class Scope(Generic[M]):
    """What is open: the rows, and how much of each class for which key."""

    rows: QuerySet[M]
    views: gate.Sights

    def sight(
        self, data_class: DataClass, patient: UUID, origin: str, org: int, author: int
    ) -> gate.Sight:
        """How much of a class is open on a row, by the row's own columns."""
        return self.views[gate.Key(patient, origin, org, author)][data_class]


class Protected(models.Model):
    """Key, site, provenance, and no way past the gate; ``objects`` does not exist."""

    PATIENT: ClassVar[str]  # path to the key of the patient whose consent counts
    CLASSES: ClassVar[Mapping[str, DataClass]]  # of each field declared by the table
    KEY: ClassVar[tuple[str, ...]] = ("origin", "origin_org_id", "author_org_id")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    site_id = models.BigIntegerField(db_index=True)
    origin = models.CharField(
        max_length=8, choices=[(word.value, word.value) for word in Origin]
    )
    origin_org_id = models.BigIntegerField()
    author_id = models.UUIDField()
    author_org_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    closed = Closed()
    ungated = models.Manager[Self]()  # operations.py and facts.py only

    class Meta:
        abstract = True

    @classmethod
    def scoped(
        cls, viewer: Viewer, *, reads: AbstractSet[DataClass], among: Q | None = None
    ) -> Scope[Self]:
        """Rows at the viewer's sites that are open in every class of ``reads``.

        Statements: 1 for the keys, and the gate's facts for patients not yet asked
        about in this call. The rows themselves are read by the caller.
        """
        at_sites = cls._at_sites(viewer, among)
        columns = at_sites.order_by().values_list(cls.PATIENT, *cls.KEY).distinct()
        keys = [gate.Key(*row) for row in columns]
        views = gate.views(viewer, Action.READ, reads, keys)
        if not views:  # as many statements where nothing is as where nothing is open
            return Scope(at_sites.none(), views)
        if len(views) == len(keys):
            return Scope(at_sites, views)
        return Scope(at_sites.filter(cls._is_of(views)), views)

    @classmethod
    def keys_at_sites(
        cls,
        viewer: Viewer,
        among: Q,
        *,
        also: Sequence[tuple[str, type[Protected]]] = (),
    ) -> list[tuple[gate.Key | None, ...]]:
        """Keys alone, of rows and of rows joined to them, to ask the gate once.

        ``also``: path from this table and its model; None where there is no such row.
        1 statement. Nothing is open by it: look at the keys, then take ``opened``.
        """
        paths = [("", cls), *((f"{path}__", model) for path, model in also)]
        columns = [
            f"{path}{name}"
            for path, model in paths
            for name in (model.PATIENT, *model.KEY)
        ]
        # As a subquery: the condition may join what `also` joins, and must not cut it.
        chosen = cls.ungated.filter(pk__in=cls._at_sites(viewer, among).values("pk"))
        rows = chosen.order_by().values_list(*columns).distinct()
        width = len(cls.KEY) + 1
        starts = range(0, len(columns), width)
        return [
            tuple(
                None if row[at] is None else gate.Key(*row[at : at + width])
                for at in starts
            )
            for row in rows
        ]

    @classmethod
    def opened(cls, viewer: Viewer, views: gate.Sights) -> QuerySet[Self]:
        """The rows of keys that the gate has opened in this call. No statement."""
        return cls._at_sites(viewer, None).filter(cls._is_of(views))

    @classmethod
    def _at_sites(cls, viewer: Viewer, among: Q | None) -> QuerySet[Self]:
        at_sites = cls.ungated.filter(site_id__in=viewer.site_ids)
        return at_sites if among is None else at_sites.filter(among)

    @classmethod
    def _is_of(cls, views: gate.Sights) -> Q:
        is_open = Q(pk__in=())
        for law in {key[1:] for key in views}:
            patients = [key.patient for key in views if key[1:] == law]
            same_law = dict(zip(cls.KEY, law, strict=True))
            is_open |= Q(**{f"{cls.PATIENT}__in": patients}, **same_law)
        return is_open


def provenance(by: Viewer, *, site_id: int, origin: Origin) -> dict[str, Any]:
    """The columns every new protected row carries, for a row made by ``by`` now."""
    return {
        "site_id": site_id,
        "origin": origin.value,
        "origin_org_id": by.org_id,
        "author_id": by.user_id,
        "author_org_id": by.org_id,
        "recorded_at": by.at,
    }


class OfSite(models.Model):
    """A row of a site in which nobody is named: a cohort, a session, a room."""

    CLASSES: ClassVar[Mapping[str, DataClass]]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    site_id = models.BigIntegerField(db_index=True)

    closed = Closed()
    ungated = models.Manager[Self]()  # operations.py and facts.py only

    class Meta:
        abstract = True

    @classmethod
    def at_sites(cls, viewer: Viewer, *, reads: DataClass) -> QuerySet[Self]:
        """The rows of the viewer's sites; none where the class is closed to the role.

        Statements: none; the rows are read by the caller.
        """
        try:
            gate.site_sight(viewer, Action.READ, reads)
        except NotFound:
            return cls.ungated.none()
        return cls.ungated.filter(site_id__in=viewer.site_ids)
