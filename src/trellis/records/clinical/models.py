"""The child's chart: encounters, measurements, doses, problems.

A row is never changed in what it says and never erased: a correction is a new row that
names the one it replaces; an error is marked, with reason and author. Nothing here
names a group, a session or the programme: the chart stands alone.
"""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from trellis.core.access.vocabulary import DataClass
from trellis.records.access.models import Protected
from trellis.records.people.models import Child


WELLCHILD = DataClass.CHILD_WELLCHILD


class Encounter(Protected):
    """One visit of one child. ``visit`` is a key of core.people.visits, or empty.

    ``status``: draft, signed, entered_in_error, or elsewhere (told by another source).
    ``version`` grows with the note alone, so that measuring does not disturb who is
    writing; ``revision`` grows with everything a signer must have seen.
    """

    PATIENT: ClassVar[str] = "child_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "child": WELLCHILD,
        "on": WELLCHILD,
        "visit": WELLCHILD,
        "is_well_child": WELLCHILD,
        "kind": WELLCHILD,
        "status": WELLCHILD,
        "history": WELLCHILD,
        "examination": WELLCHILD,
        "assessment": WELLCHILD,
        "plan": WELLCHILD,
        "version": WELLCHILD,
        "revision": WELLCHILD,
        "reviewed_by_id": WELLCHILD,
        "reviewed_at": WELLCHILD,
        "reviewed_revision": WELLCHILD,
        "signed_by_id": WELLCHILD,
        "signed_by_name": WELLCHILD,
        "signed_at": WELLCHILD,
        "signed_hash": WELLCHILD,
        "signed_content": WELLCHILD,
        "error_reason": WELLCHILD,
        "source": WELLCHILD,
        "external_key": WELLCHILD,
        "import_id": WELLCHILD,
    }

    DRAFT, SIGNED, ERROR, ELSEWHERE = "draft", "signed", "entered_in_error", "elsewhere"

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="encounters"
    )
    on = models.DateField()
    visit = models.CharField(max_length=6, blank=True)
    is_well_child = models.BooleanField(null=True)
    kind = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=16, default=DRAFT)
    history = models.TextField(blank=True)
    examination = models.TextField(blank=True)
    assessment = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    reviewed_by_id = models.UUIDField(null=True, blank=True)  # opened by the signer
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_revision = models.PositiveIntegerField(null=True, blank=True)
    signed_by_id = models.UUIDField(null=True, blank=True)
    signed_by_name = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_hash = models.CharField(max_length=64, blank=True)  # of the signed content
    signed_content = models.TextField(blank=True)  # what was signed, word by word
    error_reason = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=20, default="here")
    external_key = models.CharField(max_length=200, blank=True)
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "signed", "entered_in_error", "elsewhere"]
                ),
                name="encounter_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="signed") | Q(signed_at__isnull=False),
                name="signed_encounter_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["child", "external_key"],
                condition=~Q(external_key=""),
                name="one_encounter_per_child_and_external_key",
            ),
        ]
        indexes = [models.Index(fields=["child", "on"], name="encounter_child_on")]

    def __str__(self) -> str:
        return f"encounter {self.pk}"


class Addendum(Protected):
    """A later addition to a signed encounter; the encounter itself stays as signed."""

    PATIENT: ClassVar[str] = "encounter__child_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "encounter": WELLCHILD,
        "text": WELLCHILD,
        "author_name": WELLCHILD,
    }

    encounter = models.ForeignKey(
        Encounter, on_delete=models.PROTECT, related_name="addenda"
    )
    text = models.TextField()
    author_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"addendum {self.pk}"


class Measurement(Protected):
    """One weight (g), length or height (mm), or head circumference (mm).

    ``status``: current, corrected (another row replaces it) or entered_in_error.
    """

    PATIENT: ClassVar[str] = "child_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "child": WELLCHILD,
        "encounter": WELLCHILD,
        "on": WELLCHILD,
        "kind": WELLCHILD,
        "value": WELLCHILD,
        "position": WELLCHILD,
        "status": WELLCHILD,
        "is_confirmed": WELLCHILD,
        "replaces": WELLCHILD,
        "reason": WELLCHILD,
        "source": WELLCHILD,
        "external_key": WELLCHILD,
        "import_id": WELLCHILD,
    }

    WEIGHT, LENGTH, HEAD = "weight", "length", "head"
    CURRENT, CORRECTED, ERROR = "current", "corrected", "entered_in_error"

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="measurements"
    )
    encounter = models.ForeignKey(
        Encounter,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measurements",
    )
    on = models.DateField()
    kind = models.CharField(max_length=8)
    value = models.PositiveIntegerField()  # g or mm
    position = models.CharField(max_length=1, blank=True)  # "l", "h"; "" = unknown
    status = models.CharField(max_length=16, default=CURRENT)
    is_confirmed = models.BooleanField(
        default=False
    )  # an unusual value, looked at again
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
    )
    reason = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=20, default="here")
    external_key = models.CharField(max_length=200, blank=True)
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["weight", "length", "head"]),
                name="measurement_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["current", "corrected", "entered_in_error"]),
                name="measurement_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["encounter", "kind"],
                condition=Q(status="current"),
                name="one_current_value_per_encounter_and_kind",
            ),
            models.UniqueConstraint(
                fields=["child", "external_key"],
                condition=~Q(external_key=""),
                name="one_measurement_per_child_and_external_key",
            ),
        ]
        indexes = [models.Index(fields=["child", "on"], name="measurement_child_on")]

    def __str__(self) -> str:
        return f"measurement {self.pk}"


class Immunization(Protected):
    """One dose: given here, or told by a registry, an EHR file or the family.

    ``status``: completed or entered_in_error (voided, never erased).
    """

    PATIENT: ClassVar[str] = "child_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "child": WELLCHILD,
        "encounter": WELLCHILD,
        "on": WELLCHILD,
        "cvx": WELLCHILD,
        "mvx": WELLCHILD,
        "product": WELLCHILD,
        "lot": WELLCHILD,
        "expires_on": WELLCHILD,
        "body_site": WELLCHILD,
        "route": WELLCHILD,
        "funding": WELLCHILD,
        "vis_edition_on": WELLCHILD,
        "vaccinator_id": WELLCHILD,
        "vaccinator_name": WELLCHILD,
        "status": WELLCHILD,
        "error_reason": WELLCHILD,
        "source": WELLCHILD,
        "external_key": WELLCHILD,
        "import_id": WELLCHILD,
    }

    COMPLETED, ERROR = "completed", "entered_in_error"

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="immunizations"
    )
    encounter = models.ForeignKey(
        Encounter,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="immunizations",
    )
    on = models.DateField()
    cvx = models.CharField(max_length=4)
    mvx = models.CharField(max_length=8, blank=True)
    product = models.CharField(max_length=80, blank=True)
    lot = models.CharField(max_length=30, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    body_site = models.CharField(max_length=8, blank=True)  # HL7 0163: LT, RT, LA, RA
    route = models.CharField(max_length=8, blank=True)  # NCIT: IM, SC, PO
    funding = models.CharField(max_length=8, blank=True)  # VFC eligibility: V01 to V05
    vis_edition_on = models.DateField(null=True, blank=True)
    vaccinator_id = models.UUIDField(null=True, blank=True)
    vaccinator_name = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=16, default=COMPLETED)
    error_reason = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=60, default="here")
    external_key = models.CharField(max_length=200, blank=True)
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["completed", "entered_in_error"]),
                name="immunization_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["child", "on", "cvx", "source"],
                condition=Q(status="completed"),
                name="one_dose_per_child_day_vaccine_and_source",
            ),
        ]
        indexes = [models.Index(fields=["child", "on"], name="immunization_child_on")]

    def __str__(self) -> str:
        return f"immunization {self.pk}"


class Condition(Protected):
    """A problem of the child as coded by another system."""

    PATIENT: ClassVar[str] = "child_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "child": WELLCHILD,
        "system": WELLCHILD,
        "code": WELLCHILD,
        "text": WELLCHILD,
        "onset_on": WELLCHILD,
        "abated_on": WELLCHILD,
        "source": WELLCHILD,
        "external_key": WELLCHILD,
        "import_id": WELLCHILD,
    }

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="conditions"
    )
    system = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=250)
    onset_on = models.DateField(null=True, blank=True)
    abated_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=20)
    external_key = models.CharField(max_length=200)
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "external_key"],
                name="one_condition_per_child_and_external_key",
            ),
        ]

    def __str__(self) -> str:
        return f"condition {self.pk}"
