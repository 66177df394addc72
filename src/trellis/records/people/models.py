"""Parents, children, pregnancies and the dated links between them."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from trellis.core.access.vocabulary import DataClass
from trellis.records.access.models import Protected


class Parent(Protected):
    """An adult: a participant of the programme, or another caregiver of a child.

    ``folded`` is the name as searched for: lower case, without accents.
    ``reach_via_sealed`` and ``address_sealed`` are sealed by the vault.
    """

    PATIENT: ClassVar[str] = "id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "external_id": DataClass.ADULT_IDENTITY,
        "first_name": DataClass.ADULT_IDENTITY,
        "last_name": DataClass.ADULT_IDENTITY,
        "chosen_name": DataClass.ADULT_IDENTITY,
        "folded": DataClass.ADULT_IDENTITY,
        "born": DataClass.ADULT_IDENTITY,
        "phone": DataClass.ADULT_IDENTITY,
        "email": DataClass.ADULT_IDENTITY,
        "address_sealed": DataClass.SAFE_ADDRESS,
        "reach_via_sealed": DataClass.SAFE_ADDRESS,
        "language": DataClass.PROGRAMME_RECORD,
        "needs_interpreter": DataClass.PROGRAMME_RECORD,
        "races": DataClass.PROGRAMME_RECORD,
        "ethnicity": DataClass.PROGRAMME_RECORD,
        "payer": DataClass.PROGRAMME_RECORD,
        "version": DataClass.PROGRAMME_RECORD,
        "import_id": DataClass.PROGRAMME_RECORD,
    }

    external_id = models.CharField(max_length=60, blank=True)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80, blank=True)
    chosen_name = models.CharField(max_length=80, blank=True)
    folded = models.CharField(max_length=250, db_index=True)
    born = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    email = models.EmailField(blank=True)
    address_sealed = models.TextField(blank=True)
    reach_via_sealed = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)  # BCP 47; "" = unknown
    needs_interpreter = models.BooleanField(null=True)
    races = models.JSONField(default=list)  # self-reported, several possible
    ethnicity = models.CharField(max_length=30, blank=True)  # self-reported
    payer = models.CharField(max_length=30, blank=True)
    version = models.PositiveIntegerField(default=1)
    import_id = models.UUIDField(null=True, blank=True)  # the import that made it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site_id", "external_id"],
                condition=~Q(external_id=""),
                name="one_parent_per_site_and_external_id",
            ),
        ]

    def __str__(self) -> str:
        return f"parent {self.pk}"


class Child(Protected):
    """A child; the chart's subject. Gestation None is unknown, never term."""

    PATIENT: ClassVar[str] = "id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "external_id": DataClass.CHILD_IDENTITY,
        "first_name": DataClass.CHILD_IDENTITY,
        "last_name": DataClass.CHILD_IDENTITY,
        "folded": DataClass.CHILD_IDENTITY,
        "born": DataClass.CHILD_IDENTITY,
        "sex": DataClass.CHILD_IDENTITY,
        "birth_order": DataClass.CHILD_IDENTITY,
        "gestation_days": DataClass.CHILD_WELLCHILD,
        "version": DataClass.CHILD_IDENTITY,
        "import_id": DataClass.CHILD_IDENTITY,
    }

    external_id = models.CharField(max_length=60, blank=True)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80, blank=True)
    folded = models.CharField(max_length=250, db_index=True)
    born = models.DateField()
    sex = models.CharField(max_length=1, blank=True)  # "m", "f"; "" = unknown
    birth_order = models.PositiveSmallIntegerField(null=True, blank=True)
    gestation_days = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site_id", "external_id"],
                condition=~Q(external_id=""),
                name="one_child_per_site_and_external_id",
            ),
            models.CheckConstraint(
                condition=Q(sex__in=["m", "f", ""]), name="sex_is_m_f_or_unknown"
            ),
            models.CheckConstraint(
                condition=Q(gestation_days=None)
                | Q(gestation_days__gte=22 * 7, gestation_days__lt=45 * 7),
                name="gestation_is_22_to_44_weeks",
            ),
        ]

    def __str__(self) -> str:
        return f"child {self.pk}"


class ChildIdentifier(Protected):
    """An identifier of another system (registry, EHR) under which a child is known."""

    PATIENT: ClassVar[str] = "child_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "child": DataClass.CHILD_IDENTITY,
        "system": DataClass.CHILD_IDENTITY,
        "value": DataClass.CHILD_IDENTITY,
        "import_id": DataClass.CHILD_IDENTITY,
    }

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="identifiers"
    )
    system = models.CharField(max_length=200)
    value = models.CharField(max_length=120)
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site_id", "system", "value"],
                name="one_child_per_site_system_and_identifier",
            ),
        ]

    def __str__(self) -> str:
        return f"identifier {self.pk}"


class Pregnancy(Protected):
    """A pregnancy with its due date; ``ended_on`` once it is over."""

    PATIENT: ClassVar[str] = "parent_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "parent": DataClass.PROGRAMME_RECORD,
        "due_on": DataClass.PROGRAMME_RECORD,
        "ended_on": DataClass.PROGRAMME_RECORD,
        "import_id": DataClass.PROGRAMME_RECORD,
    }

    parent = models.ForeignKey(
        Parent, on_delete=models.PROTECT, related_name="pregnancies"
    )
    due_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "due_on"],
                name="one_pregnancy_per_parent_and_due_date",
            ),
        ]

    def __str__(self) -> str:
        return f"pregnancy {self.pk}"


class Dyad(Protected):
    """One child with one caregiver, from when to when. Kind and authority are legal."""

    PATIENT: ClassVar[str] = "parent_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "parent": DataClass.DYAD_LINK,
        "child": DataClass.DYAD_LINK,
        "starts": DataClass.DYAD_LINK,
        "ends": DataClass.DYAD_LINK,
        "kind": DataClass.CPS_CUSTODY_LEGAL,
        "may_consent": DataClass.CPS_CUSTODY_LEGAL,
        "may_attend": DataClass.CPS_CUSTODY_LEGAL,
        "may_be_messaged": DataClass.CPS_CUSTODY_LEGAL,
        "may_see_record": DataClass.CPS_CUSTODY_LEGAL,
        "import_id": DataClass.DYAD_LINK,
    }

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="dyads")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="dyads")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    # a CaregiverKind of core.people.dyads
    kind = models.CharField(max_length=16)
    may_consent = models.BooleanField(default=True)
    may_attend = models.BooleanField(default=True)
    may_be_messaged = models.BooleanField(default=True)
    may_see_record = models.BooleanField(default=True)
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "child", "starts"],
                name="one_dyad_per_parent_child_and_start",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=F("starts")),
                name="dyad_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"dyad {self.pk}"
