"""Find words that hurt people, in the context in which they do.

    python tools/language_lint.py [FILE ...]

Without arguments: templates, translations, strings and data files of the product and
of its tests, and the documents. The patterns, with what each must catch and must leave
alone, are in ``language_patterns.toml``.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


ROOT = Path(__file__).resolve().parent.parent
PATTERNS = Path(__file__).with_name("language_patterns.toml")
FOLDERS = ("src", "tests", "docs", "benchmarks")
TEXTS = frozenset(
    {".html", ".txt", ".po", ".md", ".csv", ".json", ".jsonl", ".typ", ".js"}
    | {".toml", ".svg", ".hl7", ".py"}
)
FETCHED = "src/trellis/web/static/uswds"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One expression with its context, and the sentences that test it."""

    name: str
    expression: re.Pattern[str]
    instead: str
    catches: tuple[str, ...]
    passes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The whole data file."""

    patterns: tuple[Pattern, ...]
    allowed: re.Pattern[str]
    exempt: frozenset[str]

    def found_in(self, text: str) -> Iterator[tuple[int, str, Pattern]]:
        """Line (from 1), words and pattern of everything found in the text."""
        text = self.allowed.sub(lambda match: "\N{MIDDLE DOT}" * len(match[0]), text)
        for pattern in self.patterns:
            for match in pattern.expression.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                yield line, " ".join(match[0].split()), pattern


def read_words(path: Path = PATTERNS) -> Words:
    """Read and compile the data file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    allowed = "|".join(_spaced(re.escape(name)) for name in data["allowed"])
    return Words(
        patterns=tuple(_pattern(entry) for entry in data["pattern"]),
        allowed=re.compile(allowed, re.IGNORECASE),
        exempt=frozenset(data["exempt"]),
    )


def _pattern(entry: dict) -> Pattern:
    flags = 0 if entry.get("keeps_case") else re.IGNORECASE
    return Pattern(
        name=entry["name"],
        expression=re.compile(_spaced(entry["match"]), flags),
        instead=entry["instead"],
        catches=tuple(entry["catches"]),
        passes=tuple(entry["passes"]),
    )


def _spaced(expression: str) -> str:
    return expression.replace("\\ ", " ").replace(" ", r"\s+")


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """First line and text of each part that people may read; of Python, the strings."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix != ".py":
        yield 1, text
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def files_to_read(root: Path, exempt: frozenset[str]) -> Iterator[Path]:
    """Every text of the product, its tests and its documents."""
    candidates = list(root.glob("*.md"))
    for folder in FOLDERS:
        candidates += (root / folder).rglob("*")
    for path in sorted(candidates):
        name = path.relative_to(root).as_posix()
        is_text = path.suffix in TEXTS and path.is_file()
        if is_text and name not in exempt and not name.startswith(FETCHED):
            yield path


def main(arguments: list[str]) -> int:
    """Print one line per finding; 1 when there is any."""
    words = read_words()
    chosen = [Path(argument).resolve() for argument in arguments]
    count = 0
    for path in chosen or files_to_read(ROOT, words.exempt):
        for first, text in texts_of(path):
            for line, found, pattern in words.found_in(text):
                count += 1
                name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
                place = f"{name}:{first + line - 1}"
                print(f"{place}: “{found}”: write {pattern.instead} ({pattern.name})")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
