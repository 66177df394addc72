"""What a race left behind; run as ``python -m tests.race.tally SESSION``.

Prints one JSON object: what stands in the tables, and what the audit trail says was
done. An edit is lost when the trail has it and the version of its row does not.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

import django


MARKS = (
    "groups.expected",
    "groups.arrived",
    "groups.late",
    "groups.absent",
    "groups.left-early",
)


def main(session_id: str) -> None:
    """Count."""
    django.setup()
    from tests.factories import stored
    from trellis.records.audit.models import AuditEntry
    from trellis.records.clinical.models import Immunization, Measurement
    from trellis.records.groups.models import GroupSession, Place
    from trellis.records.people.models import Child, Parent

    entries = AuditEntry.objects.all()
    marked = Counter(
        entry.detail["place"] for entry in entries.filter(action__in=MARKS)
    )
    session = next(one for one in stored(GroupSession) if str(one.pk) == session_id)
    by_state = Counter(row.status for row in stored(Measurement))
    told = {
        "marked": dict(marked),
        "versions": {str(place.pk): place.version for place in stored(Place)},
        "conflicts": session.conflicts,
        "measurements": dict(by_state),
        "doses": Counter(row.status for row in stored(Immunization)),
        "parents": len(stored(Parent)),
        "children": len(stored(Child)),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
