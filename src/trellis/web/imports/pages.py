"""What the templates of the Imports pages are given."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from trellis.core.errors import InvalidInput
from trellis.core.people.names import Reason
from trellis.records.imports.queries import (
    PAGE,
    PersonShown,
    ReviewLine,
    RunLine,
    RunList,
    RunPage,
)
from trellis.web.imports.words import FATES, KINDS, REASONS, SEXES, STATUSES, STEPS


def crumbs(here: str) -> list[dict[str, str]]:
    """The way from the list to a page."""
    return [{"label": _("Imports"), "url": reverse("imports:list")}, {"label": here}]


def list_page(found: RunList, number: int) -> dict[str, Any]:
    """The list of runs."""
    return {
        "runs": [_line(run) for run in found.runs],
        "total": found.total,
        "waiting": found.waiting,
        "number": number,
        "pages": max(1, -(-found.total // PAGE)),
    }


def run_page(found: RunPage) -> dict[str, Any]:
    """One run: counts as tiles, problems, what was left."""
    run = found.run
    counts = run.counts
    kinds = {"refused": "urgent", "review": "warn"}
    return {
        "run": _line(run),
        "crumbs": crumbs(run.file_name),
        "steps": STEPS,
        "step": 2 if run.status == "checked" else len(STEPS) + 1,
        "stats": [
            {
                "label": label,
                "value": counts.get(name, 0),
                "kind": kinds.get(name, "") if counts.get(name) else "",
            }
            for name, label in FATES.items()
        ],
        "read": counts.get("read", 0),
        "problems": found.problems,
        "left": found.not_understood,
        "waiting": found.waiting,
        "may_decide": found.may_decide,
        "is_unusable": not counts.get("read") and bool(found.problems),
        "changes_nothing": not any(
            counts.get(name) for name in ("created", "updated", "review")
        ),
    }


def review_rows(lines: tuple[ReviewLine, ...]) -> list[dict[str, Any]]:
    """Each question with the two people side by side."""
    return [
        {
            "id": line.id,
            "place": line.place,
            "is_child": line.kind == "child",
            "score": line.score,
            "reasons": [REASONS[Reason(word)] for word in line.reasons],
            "told": line.told.name,
            "here": line.here.name,
            "facts": _facts(line.told, line.here, is_child=line.kind == "child"),
        }
        for line in lines
    ]


def is_same(answer: str) -> bool:
    """What a review button said.

    Raises:
        InvalidInput: neither of the two answers.
    """
    if answer not in ("same", "different"):
        hint = _("Press one of the two buttons.")
        raise InvalidInput("answer", answer, accepted="same, different", hint=hint)
    return answer == "same"


def _facts(
    told: PersonShown, here: PersonShown, *, is_child: bool
) -> list[dict[str, Any]]:
    rows: list[tuple[str, object, object]] = [
        (_("Name"), told.name, here.name),
        (_("Date of birth"), told.born, here.born),
        (_("Number"), told.number, here.number),
    ]
    if is_child:
        rows.append((_("Sex"), SEXES[told.sex], SEXES[here.sex]))
    return [
        {"term": term, "told": left, "here": right, "differs": left != right}
        for term, left, right in rows
    ]


def _line(run: RunLine) -> dict[str, Any]:
    label, kind = STATUSES[run.status]
    counts = run.counts
    return {
        "id": run.id,
        "file_name": run.file_name,
        "kind_label": KINDS[run.kind],
        "is_roster": run.kind == "roster",
        "at": run.at,
        "by_name": run.by_name,
        "status": run.status,
        "status_label": label,
        "status_kind": kind,
        "counts": [
            f"{counts[name]} {word}" for name, word in FATES.items() if counts.get(name)
        ],
    }
