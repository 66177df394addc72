"""What a person signed or refused: immutable versions, read by the gate."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from trellis.core.access.vocabulary import DataClass
from trellis.records.access.models import Protected


class Directive(Protected):
    """One version of one consent or restriction, in the words of privacy.md 4.4.

    ``subject_id`` is the key of the parent or child it is about. Revoking or
    withdrawing writes a new version; the gate hears the newest of each.
    """

    PATIENT: ClassVar[str] = "subject_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "directive_id": DataClass.CONSENTS_ACCOUNTING,
        "version": DataClass.CONSENTS_ACCOUNTING,
        "kind": DataClass.CONSENTS_ACCOUNTING,
        "subject_id": DataClass.CONSENTS_ACCOUNTING,
        "terms": DataClass.CONSENTS_ACCOUNTING,
    }

    CONSENT, RESTRICTION = "consent", "restriction"

    directive_id = models.UUIDField()
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=11)
    subject_id = models.UUIDField(db_index=True)
    terms = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["directive_id", "version"],
                name="one_row_per_directive_and_version",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["consent", "restriction"]),
                name="directive_is_consent_or_restriction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.directive_id} v{self.version}"
