"""What signed consents and restrictions tell the gate. 1 statement a call."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from trellis.core.access.viewer import Viewer
from trellis.core.consent.json_fields import Fields
from trellis.core.consent.wire_consents import consent_from
from trellis.core.consent.wire_facts import restriction_from
from trellis.records.access.gate import Fact
from trellis.records.consent.models import Directive


MANY = 1000  # from here on it is quicker to fetch the sites' rows than to name all


def signed(viewer: Viewer, patients: frozenset[UUID]) -> Iterator[Fact]:
    """The newest version of each consent and restriction of these patients."""
    rows = Directive.ungated.filter(site_id__in=viewer.site_ids)
    if len(patients) < MANY:
        rows = rows.filter(subject_id__in=patients)
    columns = rows.order_by("version").values_list(
        "directive_id", "kind", "subject_id", "terms"
    )
    newest = {directive: rest for directive, *rest in columns}
    for kind, subject, terms in newest.values():
        if subject not in patients:
            continue
        if kind == Directive.CONSENT:
            yield subject, "consents", consent_from(Fields(terms))
        else:
            yield subject, "restrictions", restriction_from(Fields(terms))
