"""``trellis import``: counts, exit statuses, and the account it acts as."""

from __future__ import annotations

import json

import pytest

from tests import reference_data
from tests.factories import NINE, SITE, SiteFactory, stored
from tests.integration.imports.files import DANA, IMPOSSIBLE, bundle, roster
from trellis.cli.main import main
from trellis.core.people.roster_columns import COLUMNS
from trellis.fhir.reading import read_fhir_file
from trellis.iis.reading import read_registry_file
from trellis.records.accounts.models import User
from trellis.records.audit.models import AuditEntry
from trellis.records.clinical.models import Immunization, Measurement
from trellis.records.immunization.models import RegistryForecast
from trellis.records.people.models import Child, Parent


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(monkeypatch):
    monkeypatch.setattr("trellis.cli.installation.check_installed", lambda: None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NINE)
    SiteFactory(id=SITE, code="site-1")


@pytest.fixture
def families(tmp_path):
    file = tmp_path / "families.csv"
    file.write_bytes(roster(DANA, IMPOSSIBLE))
    return str(file)


def said(capsys):
    return json.loads(capsys.readouterr().out)


def test_a_roster_with_a_bad_line_ends_with_1_and_keeps_the_good_one(families, capsys):
    assert main(["import", "roster", families, "--json"]) == 1
    result = said(capsys)
    (problem,) = result.pop("problems")
    assert (problem["file"], problem["line"]) == ("families.csv", 3)
    assert problem["field"] == "birth_date"
    assert result == {
        "read": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "refused": 1,
        "review": 0,
    }
    assert len(stored(Parent)) == 1


def test_a_dry_run_prints_the_same_and_writes_nothing(families, capsys):
    main(["import", "roster", families, "--json", "--dry-run"])
    dry = said(capsys)
    assert stored(Parent) == []
    main(["import", "roster", families, "--json"])
    assert said(capsys) == dry


def test_a_record_finds_the_child_the_roster_named(families, tmp_path, capsys):
    main(["import", "roster", families])
    (tmp_path / "mina.json").write_bytes(bundle())
    assert main(["import", "fhir", str(tmp_path / "mina.json")]) == 0
    assert "1 × Claim" in capsys.readouterr().err
    assert main(["import", "fhir", str(tmp_path / "mina.json")]) == 0
    assert "Nothing was changed" in capsys.readouterr().out


def test_it_acts_as_the_named_account_who_cannot_sign_in(families):
    main(["import", "roster", families])
    account = User.objects.get(email="import@service")
    assert not account.is_active
    assert not account.has_usable_password()
    entry = AuditEntry.objects.get(action="imports.roster")
    assert entry.actor_id == account.pk


@pytest.mark.parametrize(
    "words",
    [
        ["import", "roster"],
        ["import", "roster", "missing.csv"],
        ["import", "fhir", "missing.json"],
        ["import", "roster", "FILE", "--site", "nowhere"],
        ["import", "roster", "FILE", "--as-user", "nobody@example.org"],
        ["import", "iis", "FILE"],
    ],
)
def test_what_cannot_be_used_ends_with_2(words, families, capsys):
    assert main([families if word == "FILE" else word for word in words]) == 2
    assert capsys.readouterr().err
    assert stored(Parent) == []


def test_a_roster_without_a_required_column_ends_with_2(tmp_path, capsys):
    (tmp_path / "r.csv").write_text("external_id,site\nP-1,site-1\n")
    assert main(["import", "roster", str(tmp_path / "r.csv")]) == 2
    assert "first_name" in capsys.readouterr().err


def test_own_headings_are_mapped(tmp_path, capsys):
    (tmp_path / "r.csv").write_bytes(roster(DANA).replace(b"external_id", b"No", 1))
    (tmp_path / "m.json").write_text('{"No": "external_id"}')
    words = ["import", "roster", str(tmp_path / "r.csv")]
    assert main([*words, "--mapping", str(tmp_path / "m.json")]) == 0
    (tmp_path / "m.json").write_text('{"No": 4}')
    assert main([*words, "--mapping", str(tmp_path / "m.json")]) == 2


def test_the_template_names_every_column(capfdbinary):
    assert main(["import", "roster", "--template"]) == 0
    header = capfdbinary.readouterr().out.decode("utf-8-sig").strip()
    assert header.split(",") == [column.name for column in COLUMNS]


HEADER = (
    "external_id,site,first_name,last_name,birth_date,child_external_id,"
    "child_first_name,child_last_name,child_birth_date,child_sex,relationship"
)


def roster_naming(children, path):
    """A roster with an invented parent for each child."""
    lines = [
        f"P-{n},site-1,{chr(65 + n % 26)}{chr(97 + n // 26)}da,{child.name.family},"
        f"19{60 + n}-03-11,C-{n},{child.name.given},{child.name.family},{child.born},"
        f"{child.sex},mother"
        for n, child in enumerate(children)
    ]
    path.write_text("\n".join([HEADER, *lines, ""]))
    return str(path)


def test_the_sample_answers_of_registries_find_their_children(tmp_path, capsys):
    files = sorted((reference_data.folder("hl7v2") / "iis_rsp").glob("*.hl7"))
    children = [
        child
        for file in files
        for child in read_registry_file(
            file.read_bytes(), file=file.name, as_of=NINE.date()
        ).children
    ]
    main(["import", "roster", roster_naming(children, tmp_path / "r.csv")])
    assert len(stored(Child)) == len(children)
    assert main(["import", "iis", *map(str, files), "--json"]) in {0, 1}
    assert len(stored(Immunization)) == sum(len(child.doses) for child in children)
    told = sum(len(child.forecasts) for child in children)
    assert len(stored(RegistryForecast)) == told


def test_eight_of_the_sample_children_find_their_place(tmp_path, capsys):
    files = sorted((reference_data.folder("fhir") / "synthea_children").glob("*.json"))
    children = [
        read_fhir_file(file.read_bytes(), file=file.name, as_of=NINE.date()).children[0]
        for file in files
    ]
    named = roster_naming(children[:8], tmp_path / "r.csv")
    assert main(["import", "roster", named]) == 0
    assert main(["import", "fhir", *map(str, files), "--json"]) == 1
    capsys.readouterr()
    told = children[:8]
    assert len(stored(Child)) == 8
    assert len(stored(Immunization)) == sum(len(child.doses) for child in told)
    assert len(stored(Measurement)) == sum(len(child.measurements) for child in told)
    main(["import", "fhir", *map(str, files), "--json"])
    again = said(capsys)
    assert (again["created"], again["updated"]) == (0, 0)
    assert len({one["file"] for one in again["problems"]}) == len(files) - 8
