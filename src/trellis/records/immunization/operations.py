"""Keeping what a registry says is due: replaced as a set, never merged with ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol
from uuid import UUID

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Origin
from trellis.core.errors import NotFound
from trellis.core.people.histories import RegistryForecast as ForecastTold
from trellis.records.access import gate
from trellis.records.access.models import provenance
from trellis.records.immunization.models import RegistryForecast
from trellis.records.people.models import Child


LONGEST_TEXT = {"cvx": 8, "group": 60, "status": 40}
Replaced = Literal["created", "updated", "unchanged"]


class RowKeeper(Protocol):
    """Who remembers the rows an import makes and takes away (the import's ledger)."""

    run_id: UUID

    def create(self, row: Any, site_id: int, patient: UUID) -> None:  # noqa: ANN401 - a row of any table
        """Save a new row."""

    def remove(self, row: Any, site_id: int, patient: UUID) -> None:  # noqa: ANN401 - a row of any table
        """Take a row away."""


@gate.writes
def replace_forecasts(
    *,
    by: Viewer,
    child: Child,
    sender: str,
    forecasts: Sequence[ForecastTold],
    ledger: RowKeeper,
) -> Replaced:
    """Let the registry's lines about this child be exactly these.

    The import's own write rule (decision 17): who may import brings them in unread. An
    answer without forecasts leaves the earlier ones: silence is no opinion.

    Raises:
        NotFound: may not import, or the child is at another site.
    """
    by.require(Permission.IMPORTS_FILE_IMPORT)
    if child.site_id not in by.site_ids:
        raise NotFound
    source = sender[:60]
    told = [_columns(forecast) for forecast in forecasts]
    held = list(
        RegistryForecast.ungated.filter(child=child, source=source).order_by("position")
    )
    standing = [{name: getattr(row, name) for name in _NAMES} for row in held]
    if not told or told == standing:
        return "unchanged"
    for row in held:
        ledger.remove(row, child.site_id, child.pk)
    new = provenance(by, site_id=child.site_id, origin=Origin.HIPAA)
    for position, columns in enumerate(told):
        row = RegistryForecast(
            **new,
            **columns,
            child=child,
            source=source,
            position=position,
            import_id=ledger.run_id,
        )
        ledger.create(row, child.site_id, child.pk)
    return "updated" if held else "created"


_NAMES = (
    "cvx",
    "group",
    "status",
    "earliest_on",
    "recommended_on",
    "past_due_on",
)


def _columns(told: ForecastTold) -> dict[str, Any]:
    return {
        "cvx": told.cvx[: LONGEST_TEXT["cvx"]],
        "group": told.group[: LONGEST_TEXT["group"]],
        "status": (told.status or "")[: LONGEST_TEXT["status"]],
        "earliest_on": told.earliest,
        "recommended_on": told.recommended,
        "past_due_on": told.past_due,
    }
