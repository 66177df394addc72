"""Render the clinical tables of ``tests/spec`` to ``docs/clinical/``.

What clinicians sign off is what runs: each module of ``tests/spec/<area>/`` becomes a
part of ``docs/clinical/<area>.md``. Its docstring gives title (first line) and source
(the rest); each test is a sentence; each row of a parametrized test is a line of a
table, under the names of its parameters.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path


ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "tests" / "spec"
TARGET = ROOT / "docs" / "clinical"
MOST_ROWS = 60
HEAD = (
    "<!-- Rendered by `make docs` from tests/spec; change the tests, not this page. -->"
)


def sentence(name: str) -> str:
    """``test_a_late_visit_counts`` reads "A late visit counts."."""
    words = name.removeprefix("test_").replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}."


def cell(text: str) -> str:
    """A value as it may stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def rows_of(node: ast.expr, tables: dict[str, ast.expr]) -> list[ast.expr]:
    """The rows of a parametrized test, written there or named in the module."""
    if isinstance(node, ast.Name):
        node = tables.get(node.id, node)
    return list(node.elts) if isinstance(node, ast.List | ast.Tuple) else []


def values_of(row: ast.expr) -> list[str]:
    """The values of one row; of ``pytest.param`` also its clinical words."""
    if isinstance(row, ast.Call):
        named = [k.value for k in row.keywords if k.arg == "id"]
        return [ast.unparse(value).strip("'\"") for value in (*named, *row.args)]
    parts = row.elts if isinstance(row, ast.Tuple) else [row]
    return ["", *(ast.unparse(part).strip("'\"") for part in parts)]


def names_of(node: ast.expr) -> list[str]:
    """The parameters' names, from a string or a tuple of strings."""
    value = ast.literal_eval(node)
    names = value.split(",") if isinstance(value, str) else value
    return [name.strip().replace("_", " ") for name in names]


def table(call: ast.Call, tables: dict[str, ast.expr]) -> Iterator[str]:
    """One table in Markdown; nothing where the rows are made by a function."""
    rows = rows_of(call.args[1], tables)
    if not rows:
        return
    heads = ["case", *names_of(call.args[0])]
    lines = [values_of(row) for row in rows[:MOST_ROWS]]
    lines = [["", *line] if len(line) < len(heads) else line for line in lines]
    if not any(line[0] for line in lines):
        heads, lines = heads[1:], [line[1:] for line in lines]
    yield ""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for line in lines:
        yield f"| {' | '.join(cell(value) for value in line)} |"
    if len(rows) > MOST_ROWS:
        yield f"\n{len(rows) - MOST_ROWS} more rows are in the test."


def part(path: Path) -> Iterator[str]:
    """One module of the spec as a part of its area's page."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    title, _, source = (ast.get_docstring(module) or path.stem).partition("\n")
    yield f"\n## {title.rstrip('.')}\n"
    yield f"{source.strip()}\n" if source.strip() else ""
    yield f"Runs as `{path.relative_to(ROOT).as_posix()}`."
    tables = {
        target.id: statement.value
        for statement in module.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield f"\n### {sentence(node.name)}"
            if said := ast.get_docstring(node):
                yield f"\n{said}"
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and "parametrize" in ast.dump(mark.func):
                    yield from table(mark, tables)


def main() -> int:
    """Write one page per area; prints their names."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for folder in sorted(path for path in SPEC.glob("*") if path.is_dir()):
        modules = sorted(folder.glob("test_*.py"))
        if not modules:
            continue
        lines = [HEAD, f"\n# {folder.name.capitalize()}"]
        for path in modules:
            lines += part(path)
        page = TARGET / f"{folder.name}.md"
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(page.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
