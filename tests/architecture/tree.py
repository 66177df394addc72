"""The source tree as the house-rule tests read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path


ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "trellis"


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the tree, methods and inner functions included."""

    path: Path
    name: str
    line: int
    lines: int
    first: str | None

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.name} ({self.lines})"


def modules(*folders: str) -> list[Path]:
    """Python files below the named folders of the package, without migrations."""
    starts = [PACKAGE / folder for folder in folders] or [PACKAGE]
    found = {path for start in starts for path in start.rglob("*.py")}
    return sorted(path for path in found if "migrations" not in path.parts)


@cache
def syntax(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(paths: list[Path]) -> Iterator[Function]:
    """Every function with its length in lines, decorators left out."""
    for path in paths:
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                given = [*node.args.posonlyargs, *node.args.args]
                first = given[0].arg if given else None
                yield Function(path, node.name, node.lineno, lines, first)


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and last name of every call: ``a.b.today()`` gives ``today``."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.lineno, node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node.lineno, node.func.id


def attributes(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of every attribute that is read."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that is imported."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def at(path: Path, line: int) -> str:
    """A place as editors understand it."""
    return f"{path.relative_to(ROOT)}:{line}"


def packages(folder: str) -> set[str]:
    """Names of the packages directly below one folder of the product."""
    return {path.parent.name for path in (PACKAGE / folder).glob("*/__init__.py")}


def templates() -> list[Path]:
    """Every HTML template of the product."""
    return sorted(PACKAGE.rglob("templates/**/*.html"))
