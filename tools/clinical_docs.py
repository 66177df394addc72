"""Render the clinical tables of ``tests/spec`` to ``docs/clinical/``.

    python tools/clinical_docs.py [--check]

What clinicians sign off is what runs: each module of ``tests/spec/<area>/`` becomes a
part of ``docs/clinical/<area>.md``. Its docstring gives title (first line) and source
(the rest); each test is a sentence; each row of a parametrized test is a line of a
table, under the names of its parameters. ``--check`` writes nothing and says what is
out of date.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "tests" / "spec"
TARGET = ROOT / "docs" / "clinical"
MOST_ROWS = 60
LONGEST_CELL = 150  # what is longer is built by the program, and nobody reads it
TITLES = {
    "consent": "Consent: who may see what",
    "fhir": "Children's records as FHIR files",
    "groups": "The group day",
    "growth": "Growth",
    "iis": "Answers of immunization registries",
    "imports": "Rosters as files",
    "people": "Ages, visits, duplicates, rosters",
}
HEAD = (
    "<!-- Rendered by `make docs` from tests/spec; change the tests, not this page. -->"
)
NOTE = (
    "Each line of a table is run as a test whenever the program is built. A dash means "
    "that the value is not known or not given; “(empty)” is an empty text."
)
FOR_PROGRAMS = frozenset({"line", "given"})  # requests as the program takes them
PAPERS = (
    "Sources named measures, domain and privacy are the papers of the project's "
    "design, kept outside this repository; what they rest on is named beside them."
)
PLAIN_WORDS = {None: "—", True: "yes", False: "no", "": "(empty)", b"": "(empty)"}
WORDS_OF_NAMES = {"InvalidInput": "refused", "RuleRefused": "refused"}
WORDS_OF_VALUES = {  # how the values of these are said, in their order
    "Gestation": ("%s weeks", "%s days"),
    "Measurement": ("age %s days", "%s g", "length %s mm", "head %s mm"),
}
NAMES_IN_SENTENCES = {
    **{"anthro": "anthro", "csv": "CSV", "ndjson": "NDJSON", "hl7": "HL7"},
    **{"json": "JSON", "iso": "ISO", "rxa": "RXA", "cvx": "CVX", "excel": "Excel"},
    **{"us core": "US Core", "fhir": "FHIR", "american": "American"},
    **{"hepatitis b 2": "hepatitis B (second dose)", "registrys": "registry's"},
    **{"a sites own": "a site's own", "nicu": "NICU", "hepb2": "hepatitis B 2"},
}


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the spec: its tree, its named tables, and its comments by line."""

    path: Path
    tree: ast.Module
    named: Mapping[str, ast.expr]
    lines: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Module:
        """Parse the file."""
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        named = {
            target.id: statement.value
            for statement in tree.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        return cls(path, tree, named, tuple(text.splitlines()))

    def heads_of(self, name: str) -> list[str]:
        """The names a comment above a table gives its columns; none without one."""
        comment = self.lines[self.named[name].lineno - 2]
        if not comment.startswith("# ") or ": " not in comment:
            return []
        first, _, rest = comment.removeprefix("# ").partition(": ")
        return [first, *rest.removesuffix(", in days").split(", ")]


def sentence(name: str) -> str:
    """``test_a_late_visit_counts`` reads "A late visit counts."."""
    words = name.removeprefix("test_").replace("_", " ").strip()
    for plain, written in NAMES_IN_SENTENCES.items():
        words = re.sub(rf"\b{plain}\b", written, words)
    return f"{words[:1].upper()}{words[1:]}."


def in_words(node: ast.expr, named: Mapping[str, ast.expr]) -> str:
    """A value as a reader takes it: dates as dates, yes and no, names without signs."""
    shown: str | None = None
    if isinstance(node, ast.Constant):
        shown = _constant(node.value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        shown = f"-{in_words(node.operand, named)}"
    elif isinstance(node, ast.Attribute | ast.Name):
        shown = _named(node, named)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        inner = ", ".join(in_words(part, named) for part in node.elts)
        shown = f"({inner})" if inner and isinstance(node, ast.Tuple) else inner
        shown = shown or "none"
    elif isinstance(node, ast.Dict):
        shown = _pairs(node, named)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        shown = _call(node, node.func.id, named)
    return f"`{ast.unparse(node)}`" if shown is None else shown


def _constant(value: object) -> str:
    if value is None or isinstance(value, bool) or value in ("", b""):
        return PLAIN_WORDS[value]  # type: ignore[index]  # the four plain ones
    if isinstance(value, bytes):
        return f"`{str(value)[2:-1]}`"
    if isinstance(value, str):
        shown = value.encode("unicode_escape").decode() if _is_odd(value) else value
        is_code = shown != value or value != value.strip() or '":' in value
        return f"`{shown}`" if is_code else shown
    return str(value)


def _is_odd(text: str) -> bool:
    return not text.isprintable()


def _named(node: ast.Attribute | ast.Name, named: Mapping[str, ast.expr]) -> str:
    """A constant's value where it is short, else its name in words."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    if not name.isupper():
        return WORDS_OF_NAMES.get(name, name.replace("_", " "))
    value = named.get(name)
    if isinstance(value, ast.Constant | ast.Call):
        shown = in_words(value, named)
        if len(shown) < LONGEST_CELL // 3:
            return shown
    return name.capitalize().replace("_", " ")


def _pairs(node: ast.Dict, named: Mapping[str, ast.expr]) -> str:
    pairs = (
        f"{in_words(key, named)}: {in_words(value, named)}" if key else "..."
        for key, value in zip(node.keys, node.values, strict=True)
    )
    return ", ".join(pairs).replace("_", " ") or "none"


def _call(node: ast.Call, name: str, named: Mapping[str, ast.expr]) -> str:
    values = [in_words(value, named) for value in node.args]
    if name in {"date", "datetime"} and all(value.isdigit() for value in values):
        year, *rest = (int(value) for value in values)
        return "-".join([f"{year:04}", *(f"{part:02}" for part in rest[:2])])
    if name in WORDS_OF_VALUES:
        spoken = zip(WORDS_OF_VALUES[name], values, strict=False)
        return ", ".join(form % v for form, v in spoken if v != PLAIN_WORDS[None])
    values += [f"{k.arg} {in_words(k.value, named)}" for k in node.keywords]
    inner = ", ".join(values).replace("_", " ")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").strip()
    return f"{words.lower()}: {inner}" if inner else f"{words.lower()} as it stands"


def rows_of(node: ast.expr, module: Module) -> list[list[ast.expr]]:
    """The rows of a parametrized test; the first value of each is its case or None."""
    if isinstance(node, ast.Name):
        node = module.named.get(node.id, node)
    if isinstance(node, ast.Call) and len(node.args) == 1:  # rows(TABLE)
        return [list(_parts(row)) for row in _elements(node.args[0], module)]
    if isinstance(node, ast.ListComp):
        return list(_from_comprehension(node, module))
    return [_row(row) for row in _elements(node, module)]


def _elements(node: ast.expr, module: Module) -> list[ast.expr]:
    if isinstance(node, ast.Name):
        node = module.named.get(node.id, node)
    if isinstance(node, ast.Dict):
        return [
            ast.Tuple([key, *_parts(value)])
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        ]
    return list(node.elts) if isinstance(node, ast.List | ast.Tuple) else []


def _parts(row: ast.expr) -> list[ast.expr]:
    return row.elts if isinstance(row, ast.Tuple) else [row]


def _row(row: ast.expr) -> list[ast.expr]:
    if isinstance(row, ast.Call) and ast.unparse(row.func) == "pytest.param":
        named = [k.value for k in row.keywords if k.arg == "id"]
        return [*(named or [ast.Constant("")]), *row.args]
    return [ast.Constant(""), *_parts(row)]


def _from_comprehension(node: ast.ListComp, module: Module) -> Iterator[list[ast.expr]]:
    """``[pytest.param(c, id=t) for t, c in TABLE]``, with the values for the names."""
    (generator, *_) = node.generators
    if generator.ifs or not isinstance(node.elt, ast.Call):
        return
    names = [part.id for part in _parts(generator.target) if isinstance(part, ast.Name)]
    for element in _elements(generator.iter, module):
        values = dict(zip(names, _parts(element), strict=False))
        yield [
            values.get(part.id, part) if isinstance(part, ast.Name) else part
            for part in _row(node.elt)
        ]


def names_of(node: ast.expr) -> list[str]:
    """The parameters' names, from a string or a tuple of strings."""
    value = ast.literal_eval(node)
    names = value.split(",") if isinstance(value, str) else value
    return [name.strip().replace("_", " ") for name in names]


def table(call: ast.Call, module: Module) -> Iterator[str]:
    """One table in Markdown; nothing where the rows are made by the program."""
    rows = rows_of(call.args[1], module)
    if not rows:
        return
    heads = ["case", *names_of(call.args[0])]
    source = call.args[1]
    if isinstance(source, ast.Name) and len(rows[0]) > len(heads):
        said = source.id.lower().replace("_", " ")
        heads = (
            ["case", *module.heads_of(source.id)]
            if module.heads_of(source.id)
            else ([*heads, said])
        )
    cells = [[in_words(value, module.named) for value in row] for row in rows]
    keep = [
        at
        for at, head in enumerate(heads)
        if head not in FOR_PROGRAMS and _is_readable([row[at] for row in cells])
    ]
    if len(keep) == 1 and heads[keep[0]] != "case":
        yield f"\n*{heads[keep[0]]}*: {'; '.join(row[keep[0]] for row in cells)}"
        return
    yield ""
    yield f"| {' | '.join(heads[at] for at in keep)} |"
    yield f"|{'---|' * len(keep)}"
    for row in cells[:MOST_ROWS]:
        yield f"| {' | '.join(cell(row[at], heads[at]) for at in keep)} |"
    if len(rows) > MOST_ROWS:
        yield f"\n{len(rows) - MOST_ROWS} more lines are in the test."


def _is_readable(column: list[str]) -> bool:
    is_nothing = all(text == PLAIN_WORDS[""] for text in column)
    return not is_nothing and max(map(len, column)) <= LONGEST_CELL


def cell(text: str, head: str) -> str:
    """A value as it may stand in a table; the codes of decisions in words."""
    if head in {"reason", "reasons"}:
        text = ", ".join(_decision(code) for code in text.split(", "))
    return text.replace("|", "\\|").replace("\n", " ")


def _decision(code: str) -> str:
    if not code.isupper():
        return code
    words = code.removeprefix("BASIS_").replace("BTG", "emergency")
    words = words.replace("_", " ").lower()
    return f"{'open' if code.startswith('BASIS_') else 'closed'}: {words}"


def part(module: Module) -> Iterator[str]:
    """One module of the spec as a part of its area's page."""
    docstring = ast.get_docstring(module.tree) or module.path.stem
    title, _, source = docstring.partition("\n")
    yield f"\n## {title.rstrip('.')}\n"
    if source.strip():
        yield f"{source.strip()}\n"
    yield f"Runs as `{module.path.relative_to(ROOT).as_posix()}`."
    alone = []
    for node in module.tree.body:
        if not (isinstance(node, ast.FunctionDef) and node.name.startswith("test_")):
            continue
        lines = list(_test(node, module))
        if lines:
            yield from lines
        else:
            alone.append(f"- {sentence(node.name)} {ast.get_docstring(node) or ''}")
    if alone:
        yield "\n### Also true\n"
        yield from (line.rstrip().replace("\n", " ") for line in alone)


def _test(node: ast.FunctionDef, module: Module) -> Iterator[str]:
    """One test with its tables; nothing where it has none."""
    tables = [list(table(mark, module)) for mark in _parametrized(node)]
    many = [lines for lines in tables if lines]
    if not many:
        return
    yield f"\n### {sentence(node.name)}"
    if said := ast.get_docstring(node):
        yield f"\n{said}"
    if len(many) > 1:
        yield "\nEach of these with each of the others."
    for lines in many:
        yield from lines


def _parametrized(node: ast.FunctionDef) -> Iterator[ast.Call]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and "parametrize" in ast.dump(mark.func):
            yield mark


def pages() -> dict[Path, str]:
    """Every page as it should be, with a list of them."""
    found, contents = {}, [HEAD, "\n# Clinical rules\n", NOTE, "", PAPERS, ""]
    for folder in sorted(path for path in SPEC.glob("*") if path.is_dir()):
        modules = [Module.read(path) for path in sorted(folder.glob("test_*.py"))]
        if not modules:
            continue
        title = TITLES.get(folder.name, folder.name.capitalize())
        lines = [HEAD, f"\n# {title}\n", NOTE]
        contents.append(f"- [{title}]({folder.name}.md)")
        for module in modules:
            lines += part(module)
            first = (ast.get_docstring(module.tree) or "").partition("\n")[0]
            contents.append(f"  - {first.rstrip('.')}")
        found[TARGET / f"{folder.name}.md"] = "\n".join(lines) + "\n"
    found[TARGET / "README.md"] = "\n".join(contents) + "\n"
    return found


def main(arguments: list[str]) -> int:
    """Write the pages and print their names, or with ``--check`` those out of date."""
    stale = [
        path
        for path, text in pages().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path in stale:
        print(path.relative_to(ROOT))
    if "--check" in arguments:
        return 1 if stale else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
