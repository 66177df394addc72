"""The Spanish catalogue is whole, and no page shows text that cannot be translated."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import astuple

import pytest
from tests import catalogue
from tests.architecture import tree

from trellis.core.groups import agendas
from trellis.core.groups.vaccine_products import PRODUCTS


FOLDER = tree.PACKAGE / "web" / "locale" / "es" / "LC_MESSAGES"
SOURCE, COMPILED = FOLDER / "django.po", FOLDER / "django.mo"

# Errors whose first argument is a whole sentence that a page shows.
REFUSALS = {"RuleRefused", "SessionFull", "NotOnRoster", "Conflict"}
# Only what fills the demo raises these; no page ever does.
UNSEEN = {"src/trellis/records/journeys"}

NOT_SHOWN = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{#.*?#}"
    r"|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|{{.*?}}|{%.*?%}|<script.*?</script>|<!--.*?-->|&[a-z]+;|&#\d+;",
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
SAID_ATTRIBUTE = re.compile(
    r'\b(?:aria-label|title|alt|placeholder|data-confirm)="([^"]*)"'
)
SAID_ARGUMENT = re.compile(
    r"{%\s*include[^%]*?\b(?:label|title|text|hint|noun|message|caption)=\"([^\"]+)\""
)
# The brand, units, codes, and each language's own name and short sign.
ALLOWED = {
    *("Trellis", "EN", "ES", "English", "Español"),
    *("g", "kg", "cm", "mm", "z", "min", "ml", "IM", "SC", "PO", "CVX", "VFC", "VIS"),
    *("PDF", "CSV", "XLSX", "FHIR", "WHO", "no", "x"),
}
WORD = re.compile(r"[^\W\d_]+")


def gettext_program(name: str) -> str:
    """One of gettext's programs; skips where they are absent, fails there under CI."""
    found = shutil.which(name)
    if found:
        return found
    message = f"{name} is missing: apt-get install gettext"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def spanish():
    return catalogue.read(SOURCE)


def test_every_text_has_a_spanish_one(spanish):
    assert [one.key for one in spanish if not all(one.translations.values())] == []
    assert [one.key for one in spanish if one.is_fuzzy] == []


def test_a_text_with_a_plural_has_both_forms(spanish):
    for one in spanish:
        forms = ["msgstr[0]", "msgstr[1]"] if one.key[2] else ["msgstr"]
        assert sorted(one.translations) == forms, one.key


def test_the_places_to_fill_in_are_the_same_in_both_languages(spanish):
    for one in spanish:
        _, text, plural = one.key
        accepted = {tuple(catalogue.places(text)), tuple(catalogue.places(plural))}
        for said in one.translations.values():
            assert tuple(catalogue.places(said)) in accepted, (text, said)


def test_the_compiled_catalogue_is_the_committed_text(tmp_path):
    made = tmp_path / "django.mo"
    program = gettext_program("msgfmt")
    subprocess.run([program, "--check", "-o", made, SOURCE], check=True)
    assert made.read_bytes() == COMPILED.read_bytes(), "run `make messages`"


def test_no_text_of_the_product_is_missing_from_the_catalogue(tmp_path, spanish):
    gettext_program("xgettext")
    package = tmp_path / "trellis"
    kept_out = shutil.ignore_patterns("locale", "static", "__pycache__")
    shutil.copytree(tree.PACKAGE, package, ignore=kept_out)
    (package / "locale").mkdir()
    command = ["makemessages", "--locale", "es", "--no-location", "--verbosity", "0"]
    subprocess.run(
        [sys.executable, "-m", "django", *command],
        cwd=package,
        env=os.environ | {"TRELLIS_DATA": str(tmp_path)},
        check=True,
    )
    now = catalogue.read(package / "locale" / "es" / "LC_MESSAGES" / "django.po")
    wanted, held = {one.key for one in now}, {one.key for one in spanish}
    assert wanted - held == set(), "run `make messages` and translate these"
    assert held - wanted == set(), "run `make messages`: nothing shows these any more"


def constants(path):
    """The texts that a module names at its top."""
    found = {}
    for node in tree.syntax(path).body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign):
            targets, value = [node.target], node.value
        else:
            continue
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            found |= {
                one.id: value.value for one in targets if isinstance(one, ast.Name)
            }
    return found


def sentences():
    """Place and text of every constant sentence with which a rule refuses."""
    for path in tree.modules("core", "records"):
        place = path.relative_to(tree.ROOT).as_posix()
        if any(place.startswith(folder) for folder in UNSEEN):
            continue
        named = constants(path)
        for node in ast.walk(tree.syntax(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id not in REFUSALS or not node.args:
                continue
            said = node.args[0]
            if isinstance(said, ast.Constant):
                yield f"{place}:{node.lineno}", said.value
            elif isinstance(said, ast.Name) and said.id in named:
                yield f"{place}:{node.lineno}", named[said.id]


def test_every_sentence_of_a_refusal_is_in_the_catalogue(spanish):
    held = {one.key[1] for one in spanish}
    found = list(sentences())
    assert len(found) > 40
    assert [one for one in found if one[1] not in held] == []


def test_what_a_site_starts_from_is_in_the_catalogue(spanish):
    held = {one.key[1] for one in spanish}
    topics = {text for one in agendas.TOPICS.values() for text in astuple(one)}
    shown = {one.title for one in agendas.RUN_OF_SHOW} | set(agendas.SUPPLIES)
    vaccines = {one.disease for one in PRODUCTS}
    vaccines |= {name for names in agendas.USUAL_VACCINES.values() for name in names}
    assert (topics | shown | vaccines) - held == set()


def untranslated(text: str) -> list[str]:
    """Words that a template shows as they are written."""
    said = SAID_ARGUMENT.findall(text)
    text = NOT_SHOWN.sub(" ", text)
    said += SAID_ATTRIBUTE.findall(text)
    said += [part for part in TAG.sub("\n", text).splitlines() if part.strip()]
    return [
        part.strip()
        for part in said
        if any(word not in ALLOWED for word in WORD.findall(part))
    ]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>{% translate 'Save' %}</p>", []),
        ("<p>Save</p>", ["Save"]),
        ('<nav aria-label="Pages"></nav>', ["Pages"]),
        ("<nav aria-label=\"{% translate 'Pages' %}\"></nav>", []),
        ('{% include "a.html" with label="Save" only %}', ["Save"]),
        ('{% include "a.html" with label=_("Save") only %}', []),
        ("<p>{{ weight }} kg</p>", []),
    ],
)
def test_literal_text_of_a_template_is_found(template, found):
    assert untranslated(template) == found


def test_no_template_shows_text_that_cannot_be_translated():
    found = {}
    for path in sorted(tree.PACKAGE.rglob("templates/**/*.html")):
        words = untranslated(path.read_text(encoding="utf-8"))
        if words:
            found[path.relative_to(tree.PACKAGE).as_posix()] = words
    assert found == {}
