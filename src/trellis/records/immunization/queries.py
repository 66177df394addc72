"""What registries say is due for a child: their opinion, shown as theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass
from trellis.records.access import gate
from trellis.records.immunization.models import RegistryForecast


WELLCHILD = DataClass.CHILD_WELLCHILD


@dataclass(frozen=True, slots=True)
class RegistryForecastLine:
    """One line of a registry's forecast. ``source`` is ``iis:`` and its keeper."""

    cvx: str
    group: str
    earliest_on: date | None
    recommended_on: date | None
    past_due_on: date | None
    status: str
    source: str


@gate.reads("immunization.registry-forecasts")
def registry_forecasts(
    *, viewer: Viewer, child_id: UUID
) -> tuple[RegistryForecastLine, ...]:
    """The registries' lines about one child, in their order; 2 statements and facts.

    Only where the whole class is open: a view of it shows no vaccine by name.
    """
    scope = RegistryForecast.scoped(
        viewer, reads={WELLCHILD}, among=Q(child_id=child_id)
    )
    if any(sights[WELLCHILD].name is not None for sights in scope.views.values()):
        return ()
    rows = scope.rows.order_by("source", "position").values_list(
        "cvx",
        "group",
        "earliest_on",
        "recommended_on",
        "past_due_on",
        "status",
        "source",
    )
    return tuple(RegistryForecastLine(*row) for row in rows)
