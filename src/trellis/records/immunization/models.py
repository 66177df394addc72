"""What registries say is due: their opinion, kept beside ours and never merged."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from trellis.core.access.vocabulary import DataClass
from trellis.records.access.models import Protected
from trellis.records.people.models import Child


class RegistryForecast(Protected):
    """One line of a registry's forecast, as of the day its file was read.

    ``position`` is the line's place in the registry's answer: some name one vaccine
    twice, for the next dose and the one after.
    """

    PATIENT: ClassVar[str] = "child_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "child": DataClass.CHILD_WELLCHILD,
        "cvx": DataClass.CHILD_WELLCHILD,
        "group": DataClass.CHILD_WELLCHILD,
        "earliest_on": DataClass.CHILD_WELLCHILD,
        "recommended_on": DataClass.CHILD_WELLCHILD,
        "past_due_on": DataClass.CHILD_WELLCHILD,
        "status": DataClass.CHILD_WELLCHILD,
        "source": DataClass.CHILD_WELLCHILD,
        "position": DataClass.CHILD_WELLCHILD,
        "import_id": DataClass.CHILD_WELLCHILD,
    }

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="registry_forecasts"
    )
    cvx = models.CharField(max_length=8)
    group = models.CharField(max_length=60)
    earliest_on = models.DateField(null=True, blank=True)
    recommended_on = models.DateField(null=True, blank=True)
    past_due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "source", "position"],
                name="one_registry_forecast_per_child_source_and_position",
            ),
        ]

    def __str__(self) -> str:
        return f"registry forecast {self.pk}"
