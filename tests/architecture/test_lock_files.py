"""Lock files name versions and hashes, and no place: they hold on any machine."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import chain

import pytest
from tests.architecture import tree


LOCKS = sorted(tree.ROOT.glob("requirements*.lock"))
PLACES = ("://", "file:", "--index-url", "--extra-index-url", "--find-links")
ABSOLUTE = re.compile(r"(?<![\w.-])/[a-z]+/")
MOST_DEPENDENCIES = 12


def requirements(path):
    """Name, version and number of hashes of each pin."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            pin = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", line)
            yield line, pin, len(re.findall(r"--hash=sha256:[0-9a-f]{64}", line))


def pins(path):
    """Name to version."""
    return {pin[1].lower(): pin[2] for _, pin, _ in requirements(path) if pin}


def project():
    return tomllib.loads((tree.ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def names(entries):
    return {
        re.match(r"[A-Za-z0-9._-]+", entry)[0].lower().replace("_", "-")
        for entry in entries
    }


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_no_lock_names_an_address_or_a_folder(path):
    text = path.read_text(encoding="utf-8")
    assert [place for place in PLACES if place in text] == []
    assert ABSOLUTE.findall(text) == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_has_a_version_and_a_hash(path):
    loose = [line for line, pin, hashes in requirements(path) if not (pin and hashes)]
    assert loose == []


@pytest.mark.parametrize("name", ["requirements-full.lock", "requirements-dev.lock"])
def test_installing_one_lock_over_the_other_changes_no_pin(name):
    other = pins(tree.ROOT / name)
    base = pins(tree.ROOT / "requirements.lock")
    assert {p: v for p, v in base.items() if other.get(p) != v} == {}


def test_every_direct_dependency_is_locked():
    base = pins(tree.ROOT / "requirements.lock")
    full = pins(tree.ROOT / "requirements-full.lock")
    extras = project()["optional-dependencies"]
    assert names(project()["dependencies"]) - set(base) == set()
    assert names(extras["postgres"]) - set(base) == set()
    assert names(chain(*extras.values())) - set(full) == set()


def test_at_most_twelve_runtime_dependencies_each_with_its_reason():
    text = (tree.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.split("\ndependencies = [\n", 1)[1].split("\n]", 1)[0]
    lines = [line for line in block.splitlines() if line.strip()]
    assert len(lines) == len(project()["dependencies"]) <= MOST_DEPENDENCIES
    assert [line for line in lines if "#" not in line] == []


def test_every_front_end_package_is_held_by_its_checksum():
    lock = json.loads((tree.ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [n for n, entry in packages.items() if "integrity" not in entry] == []
    assert [n for n, entry in packages.items() if "resolved" in entry] == []
    assert "://" not in json.dumps(lock)


def test_no_lock_of_uv_is_kept():
    assert not (tree.ROOT / "uv.lock").exists()
