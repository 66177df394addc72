"""The language lint finds what hurts and leaves plain sentences alone."""

from __future__ import annotations

import pytest
from tools import language_lint


WORDS = language_lint.read_words()
CAUGHT = [
    pytest.param(pattern, sentence, id=sentence)
    for pattern in WORDS.patterns
    for sentence in pattern.catches
]
PASSED = [
    pytest.param(sentence, id=sentence)
    for pattern in WORDS.patterns
    for sentence in pattern.passes
]
PLAIN = (
    "user account",
    "The import failed.",
    "Clean the room.",
    "a clean build",
    "the dirty flag",
    "drug interaction",
    "a habit of reading",
    "The hearing test failed to save.",
    "Denied by policy.",
    "Substance Abuse and Mental Health Services Administration",
)


@pytest.mark.parametrize(("pattern", "sentence"), CAUGHT)
def test_each_pattern_catches_its_sentences(pattern, sentence):
    assert pattern.expression.search(sentence)


@pytest.mark.parametrize("sentence", PASSED)
def test_no_pattern_at_all_touches_a_plain_sentence(sentence):
    assert list(WORDS.found_in(sentence)) == []


@pytest.mark.parametrize("sentence", PLAIN)
def test_words_that_only_offend_about_people_pass_elsewhere(sentence):
    assert list(WORDS.found_in(sentence)) == []


@pytest.mark.parametrize("pattern", WORDS.patterns, ids=lambda pattern: pattern.name)
def test_each_pattern_has_two_sentences_each_way(pattern):
    assert len(pattern.catches) >= 2
    assert len(pattern.passes) >= 2
    assert pattern.instead


def test_a_finding_names_the_line_in_a_wrapped_sentence():
    text = "A first line.\nThe mother\nrefused it."
    assert [(line, found) for line, found, _ in WORDS.found_in(text)] == [
        (2, "mother refused")
    ]


def test_strings_of_a_python_file_are_read_and_comments_are_not(tmp_path):
    path = tmp_path / "a.py"
    path.write_text('# She failed treatment.\nSAID = "She failed treatment."\n')
    assert [text for _, text in language_lint.texts_of(path)] == [
        "She failed treatment."
    ]


def test_a_translation_with_an_avoided_word_is_found(tmp_path, capsys):
    path = tmp_path / "django.po"
    path.write_text('msgid "Visit"\nmsgstr "La madre es adicta."\n', encoding="utf-8")
    assert language_lint.main([str(path)]) == 1
    assert "django.po:2" in capsys.readouterr().out
