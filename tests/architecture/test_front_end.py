"""The front end: fetched files are the listed ones, and pages hold no inline code."""

from __future__ import annotations

import hashlib
import re

from tests.architecture import tree


FETCHED = tree.PACKAGE / "web" / "static" / "uswds"
INLINE = {
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script without src": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "event attribute": re.compile(
        r"\son(click|change|input|submit|load|error|focus|blur|key\w+)\s*=",
        re.IGNORECASE,
    ),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "evaluated htmx": re.compile(r"\shx-(on|vals\s*=\s*.js:)", re.IGNORECASE),
    "another machine": re.compile(r"""(src|href)=["'](https?:)?//""", re.IGNORECASE),
}


def listed():
    lines = (tree.ROOT / "tools" / "assets.sha256").read_text("utf-8").splitlines()
    return {path: checksum for checksum, path in (line.split() for line in lines)}


def test_the_fetched_files_are_exactly_the_listed_ones():
    assert FETCHED.is_dir(), "run `make assets`"
    found = {
        path.relative_to(FETCHED).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in FETCHED.rglob("*")
        if path.is_file()
    }
    assert found == listed()


def test_no_fetched_file_names_a_source_map():
    named = [
        path.name
        for pattern in ("*.css", "*.js")
        for path in FETCHED.rglob(pattern)
        if "sourceMappingURL" in path.read_text("utf-8")
    ]
    assert named == []


def test_no_fetched_file_is_kept_in_the_repository():
    ignored = (tree.ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "src/trellis/web/static/uswds/" in ignored
    assert "node_modules/" in ignored


def test_no_template_holds_inline_code_or_leaves_the_machine():
    found = []
    for path in tree.templates():
        text = path.read_text(encoding="utf-8")
        for what, expression in INLINE.items():
            for match in expression.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{tree.at(path, line)} {what}")
    assert found == []
