"""Files brought in: what each did, what it could not, and what waits for a person."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from trellis.core.access.vocabulary import DataClass
from trellis.records.access.models import OfSite, Protected


PROGRAMME = DataClass.PROGRAMME_RECORD


class ImportRun(OfSite):
    """One file (or set of files) brought in once. ``sha256`` is of its bytes.

    ``content_sealed`` holds an upload between the look at it and the decision to bring
    it in, a day at most; it is empty in every other status. ``problems_sealed`` is a
    JSON list: its sentences quote cells of the file, names and dates among them.
    """

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "kind": PROGRAMME,
        "file_name": PROGRAMME,
        "sha256": PROGRAMME,
        "status": PROGRAMME,
        "counts": PROGRAMME,
        "problems_sealed": DataClass.CHILD_IDENTITY,
        "not_understood": PROGRAMME,
        "mapping": PROGRAMME,
        "content_sealed": DataClass.CHILD_IDENTITY,
        "by_id": PROGRAMME,
        "at": PROGRAMME,
        "undone_at": PROGRAMME,
        "undone_by_id": PROGRAMME,
    }

    ROSTER, FHIR, IIS = "roster", "fhir", "iis"
    CHECKED, DONE, UNDONE, LAPSED = "checked", "done", "undone", "lapsed"

    kind = models.CharField(max_length=8)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=8, default=DONE)
    counts = models.JSONField(default=dict)
    problems_sealed = models.TextField(blank=True)  # file, line, field, message
    not_understood = models.JSONField(default=dict)  # kind: count
    mapping = models.JSONField(default=dict)  # own heading: roster column
    content_sealed = models.TextField(blank=True)
    by_id = models.UUIDField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["roster", "fhir", "iis"]),
                name="import_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["checked", "done", "undone", "lapsed"]),
                name="import_status_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportChange(OfSite):
    """A row an import made, changed or took away, so that undoing is exact.

    ``before_sealed`` is the row as it stood, empty where the import made it;
    ``after_sha256`` is of the row as the import left it, empty where it took it away.
    A row that has another digest when the import is undone was changed since.
    """

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "run": PROGRAMME,
        "table": PROGRAMME,
        "row_id": PROGRAMME,
        "before_sealed": PROGRAMME,
        "after_sha256": PROGRAMME,
        "position": PROGRAMME,
    }

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="changes")
    table = models.CharField(max_length=40)
    row_id = models.UUIDField()
    before_sealed = models.TextField(blank=True)  # JSON of the row's columns
    after_sha256 = models.CharField(max_length=64, blank=True)
    position = models.PositiveIntegerField()  # undone from the last to the first

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "position"], name="one_change_per_run_and_position"
            ),
        ]

    def __str__(self) -> str:
        return f"import change {self.pk}"


class ReviewItem(Protected):
    """A line that may be somebody already here: a person decides, nothing is guessed.

    ``line_sealed`` is the line as read, sealed; ``candidates`` are keys with scores.
    The subject is the possible match, whose consent counts.
    """

    PATIENT: ClassVar[str] = "subject_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "run": PROGRAMME,
        "subject_id": PROGRAMME,
        "subject_kind": PROGRAMME,
        "place": PROGRAMME,
        "line_sealed": DataClass.CHILD_IDENTITY,
        "score": PROGRAMME,
        "reasons": PROGRAMME,
        "state": PROGRAMME,
        "decided_by_id": PROGRAMME,
        "decided_at": PROGRAMME,
        "line_key": PROGRAMME,
    }

    WAITING, SAME, DIFFERENT = "waiting", "same", "different"

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="reviews")
    subject_id = models.UUIDField()
    subject_kind = models.CharField(max_length=8)  # parent or child
    place = models.CharField(max_length=120)  # file and line
    line_sealed = models.TextField()
    line_key = models.CharField(max_length=200)  # stable across repeats of the file
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=WAITING)
    decided_by_id = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site_id", "line_key", "subject_id"],
                name="one_review_per_line_and_candidate",
            ),
        ]

    def __str__(self) -> str:
        return f"review item {self.pk}"


class ColumnMapping(OfSite):
    """A saved translation of a site's own column headings to the roster's."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "name": DataClass.CONFIGURATION,
        "columns": DataClass.CONFIGURATION,
    }

    name = models.CharField(max_length=60)
    columns = models.JSONField()  # own heading: roster column

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site_id", "name"], name="one_column_mapping_per_site_and_name"
            ),
        ]

    def __str__(self) -> str:
        return f"column mapping {self.pk}"
