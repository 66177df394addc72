"""How a run is kept: its counts, its problems, and the cells of what is sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Role
from trellis.records.access import vault
from trellis.records.access.vault import Cell
from trellis.records.imports.models import ImportRun, ReviewItem
from trellis.records.imports.outcomes import ImportOutcome, problem_json


MOST_PROBLEMS: Final = 1_000


def kept_of(outcome: ImportOutcome, run_id: UUID) -> dict[str, Any]:
    """The columns of a run that tell its outcome."""
    problems = [problem_json(one) for one in outcome.problems[:MOST_PROBLEMS]]
    text = json.dumps(problems, ensure_ascii=False) if problems else ""
    return {
        "counts": outcome.counts,
        "problems_sealed": vault.seal(text, problems_cell(run_id)),
        "not_understood": dict(outcome.not_understood),
    }


def name_of(names: Sequence[str]) -> str:
    """What a run is called: its file, or the first and how many more."""
    more = f" (+{len(names) - 1})" if len(names) > 1 else ""
    return f"{names[0][: 190 - len(more)]}{more}" if names else ""


def review_cell(item_id: UUID) -> Cell:
    """Where a waiting line is sealed."""
    return Cell(ReviewItem._meta.db_table, item_id, "line_sealed")


def problems_cell(run_id: UUID) -> Cell:
    """Where the problems of a run are sealed: they quote the file."""
    return Cell(ImportRun._meta.db_table, run_id, "problems_sealed")


def told_problems(sealed: str, run_id: UUID) -> tuple[dict[str, Any], ...]:
    """The problems of ``kept_of`` again."""
    text = vault.unseal(sealed, problems_cell(run_id))
    return tuple(json.loads(text)) if text else ()


def content_cell(run_id: UUID) -> Cell:
    """Where an upload is sealed until it is decided."""
    return Cell(ImportRun._meta.db_table, run_id, "content_sealed")


def files_of(viewer: Viewer) -> Q:
    """Runs whose file may be quoted, brought in and undone: one's own, and the site's.

    A file names families nobody was asked about yet. Whoever stands by the whole site
    may read each of them; everybody else reads the files brought along.
    """
    if viewer.role is Role.COORDINATOR and viewer.is_programme_side:
        return Q()
    return Q(by_id=viewer.user_id)
