"""Every dialect seen across registries (measures, HL7 v2), a test of its own.

Source: answers of registries in the reference data; HL7 v2.5.1, Implementation Guide
for Immunization Messaging 1.5.
"""

from datetime import date

import pytest
from tests.spec.iis.answers import MMRV, NOTHING_GIVEN, PID, answer, msh, obx


@pytest.mark.parametrize(
    "msh7", ["20260401", "20260401120000", "20260401120000.204-0400", "202604011200"]
)
@pytest.mark.parametrize("msh3", ["", "^^", "WebThing.18.1 (MIGRATION: 2018/08/08)"])
def test_envelope_fields_vary_freely(msh3, msh7):
    read = answer(PID, MMRV, header=msh(msh3=msh3, msh7=msh7))
    assert len(read.doses) == 1


@pytest.mark.parametrize(
    ("msh21", "profile"),
    [("Z42^CDCPHINVS", "Z42"), ("Z42^CDCPHINVS^^", "Z42"), ("Z32^CDCPHINV", "Z32")],
)
def test_the_profile_is_its_first_component(msh21, profile):
    assert answer(PID, header=msh(msh21=msh21)).profile == profile


def test_an_error_acknowledgement_with_data_gives_the_data_and_the_error():
    read = answer(
        "MSA|AE|Q-2",
        "QAK|Q-2|AE",
        "ERR||QPD^1^8|101^Required field missing^HL70357|W||||No zip code",
        PID,
        MMRV,
    )
    assert len(read.doses) == 1
    assert any(error.startswith("ERR W 101 at QPD-1-8") for error in read.errors)
    assert "QAK-2 AE: the registry reports an error" in read.errors


@pytest.mark.parametrize("severity", ["I", "W", "E"])
def test_every_severity_is_shown(severity):
    read = answer(f"ERR|||0^said^HL70357|{severity}||||why", PID)
    assert read.errors == (f"ERR {severity} 0: said: why",)


@pytest.mark.parametrize(
    "name", ["ROWAN^MINA^JUNE", "Rowan^Mina^June^^^^L", "ROWAN^MINA^JUNE^^^^^U"]
)
def test_name_with_three_to_eight_components(name):
    read = answer(f"PID|1||7^^^X^SR||{name}|ALDER|20250310|F|||{{{{Home}}}}")
    assert read.patient.family.upper() == "ROWAN"
    assert read.patient.given.upper() == "MINA"
    assert read.patient.mother_family_name == "ALDER"
    assert read.patient.born == date(2025, 3, 10)


def test_mother_from_the_next_of_kin_where_the_maiden_name_is_empty():
    read = answer(
        "PID|1||7||ROWAN^MINA||20250310|X",
        "NK1|1|OTHER^A|SEL",
        "NK1|2|ROWAN^JO|MTH^Mother",
    )
    assert read.patient.mother_family_name == "ROWAN"
    assert read.patient.sex is None


def test_identifiers_with_gaps_between_repetitions():
    read = answer("PID|1||88^^^^SR~~~~~Q1||ROWAN^MINA||20250310|F")
    assert read.patient.identifiers == (("88", "", "SR"), ("Q1", "", ""))


@pytest.mark.parametrize("when", ["20260311", "20260311132511", "20260311|20260311"])
def test_dose_date_as_date_or_date_time_and_end_maybe_empty(when):
    read = answer(PID, f"RXA|0|1|{when}")
    assert read.doses == ()
    assert "no CVX code" in read.errors[0]


@pytest.mark.parametrize(
    "code",
    [
        "94^MMRV^CVX",
        "94^MMRV^CVX^90710^MMRV^CPT",
        "94^M/M/R/V^CVX^90710^MMRV^C4",
        "94^MMRV^CVX^90710^MMRV^CPT~54^M^LOCAL",
        "94^MMRV^CVX^90710",
        "90710^MMRV^CPT^94^MMRV^CVX",
        "94",
    ],
)
def test_the_vaccine_code_in_either_triplet(code):
    (dose,) = answer(PID, f"RXA|0|1|20260311||{code}|999").doses
    assert (dose.cvx, dose.on) == ("94", date(2026, 3, 11))


@pytest.mark.parametrize("sent", ["01^historical^NIP001", "01", "05", "00^new^NIP0001"])
def test_the_source_is_the_code_of_rxa_9(sent):
    (dose,) = answer(PID, f"RXA|0|1|20260311||94^MMRV^CVX|999|||{sent}").doses
    assert dose.sources == (sent[:2],)


def test_lot_and_manufacturer_where_given():
    rxa = "RXA|0|1|20260311||20^DTaP^CVX|0.5|mL||00||||||LOT7||PMC^sanofi^MVX|||CP|A"
    (dose,) = answer(PID, rxa).doses
    assert (dose.lot, dose.mvx) == ("LOT7", "PMC")


@pytest.mark.parametrize(
    ("end", "given"),
    [("", 1), ("|CP|A", 1), ("|CP ", 1), ("|NA|A", 0), ("|RE|A", 0), ("|NA ", 0)],
)
def test_given_is_neither_not_administered_nor_refused(end, given):
    start = "RXA|0|1|20260311||94^MMRV^CVX|999|||01|||||||||||"[:-1]
    assert len(answer(PID, start + end).doses) == given


def test_a_deleted_dose_is_gone_and_said():
    deleted = MMRV + "|||||||||||CP|D"
    read = answer(PID, MMRV, deleted)
    assert read.doses == ()
    assert "deleted" in read.errors[0]


def test_a_dose_with_an_impossible_date_is_kept_without_one():
    read = answer(PID, MMRV.replace("20260311", "20260230"))
    assert read.doses[0].on is None
    assert "RXA 1, RXA-3" in read.errors[0]


def test_one_rxa_998_for_all_forecasts_and_sub_id_that_starts_at_0():
    read = answer(
        PID,
        NOTHING_GIVEN,
        obx("30979-9", "107^DTP/aP^CVX^90700^DTP/aP^CPT", sub="0"),
        obx("30980-7", "20260601", sub="0", kind="TS"),
        obx("30979-9", "85^HepA^CVX", sub="1"),
        obx("30980-7", "20260701", sub="1", kind="TS"),
    )
    assert [(due.cvx, due.recommended) for due in read.forecasts] == [
        ("107", date(2026, 6, 1)),
        ("85", date(2026, 7, 1)),
    ]
    assert read.doses == ()


def test_one_rxa_998_per_vaccine_and_sub_id_that_starts_again():
    read = answer(
        PID,
        NOTHING_GIVEN.replace("20260401", "20260401113619"),
        obx("30956-7", "45^HepB^CVX"),
        obx("30980-7", "20260601", kind="TS"),
        NOTHING_GIVEN,
        obx("30956-7", "89^POLIO^CVX"),
        obx("30980-7", "20260701113000", kind="TS"),
    )
    assert [(due.group, due.recommended) for due in read.forecasts] == [
        ("HepB", date(2026, 6, 1)),
        ("POLIO", date(2026, 7, 1)),
    ]


def test_a_sub_id_that_names_two_vaccines_is_two_forecasts():
    read = answer(
        PID,
        NOTHING_GIVEN,
        obx("30956-7", "45^HepB^CVX"),
        obx("30980-7", "20260601", kind="DT"),
        obx("30956-7", "89^Polio^CVX"),
        obx("30980-7", "20260701", kind="DT"),
    )
    assert [due.group for due in read.forecasts] == ["HepB", "Polio"]


def test_evaluations_stand_under_their_dose():
    read = answer(
        PID,
        MMRV,
        obx("38890-0", "03^MMR^CVX"),
        obx("30973-2", "1", kind="ST"),
        obx("59782-3", "2", kind="NM"),
        obx("59781-5", "Y", kind="ID"),
        obx("30956-7", "21^Varicella^CVX", sub="2"),
        obx("30973-2", "0", sub="2"),
        obx("59781-5", "N", sub="2", kind="ID"),
        obx("30982-3", r"too young\T\ early \R\ 1\S\2", sub="2", kind="ST"),
    )
    first, second = read.evaluations
    assert (first.cvx, first.dose_number, first.doses_in_series) == ("03", "1", "2")
    assert (first.is_valid, second.is_valid) == (True, False)
    assert second.dose_number == "0"
    assert second.reason == "too young& early ~ 1^2"
    assert read.forecasts == ()


def test_a_dose_without_validity_is_neither_valid_nor_not():
    (only,) = answer(PID, MMRV, obx("30956-7", "03^MMR^CVX")).evaluations
    assert only.is_valid is None


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("LA13421-5^Not Recommended - Series Complete^LN", "Complete"),
        ("LA13422-3^On Schedule^LN", "On schedule"),
        ("LA13423-1^Overdue^LN", "Overdue"),
        ("LA13424-9^Too Old^LN", "Too old"),
        ("P^Past Due^STC0002", "Past Due"),
        ("U", "U"),
        ("D^Due Now", "Due Now"),
        ("Overdue^Overdue", "Overdue"),
        ("1 of 2^In progress^SeriesStatus", "In progress"),
    ],
)
def test_status_by_code_or_in_the_registrys_words(sent, shown):
    read = answer(
        PID, NOTHING_GIVEN, obx("30956-7", "85^HepA^CVX"), obx("59783-1", sent)
    )
    assert read.forecasts[0].status == shown


@pytest.mark.parametrize("code", ["0^Hib^CVX", "XYZ^Hib^LOCAL", "90737^Hib^CPT"])
def test_a_vaccine_code_that_is_no_cvx_keeps_its_text_and_is_counted(code):
    read = answer(PID, NOTHING_GIVEN, obx("30956-7", code), obx("30980-7", "20260601"))
    assert (read.forecasts[0].cvx, read.forecasts[0].group) == (None, "Hib")
    assert read.unknown[0][1] == 1


def test_a_series_name_stands_where_no_vaccine_is_named():
    read = answer(
        PID,
        NOTHING_GIVEN,
        obx("59780-7", "VZV^CHICKEN POX"),
        obx("30980-7", "20260601"),
    )
    assert (read.forecasts[0].cvx, read.forecasts[0].group) == (None, "CHICKEN POX")


def test_the_four_dates_of_a_forecast_far_years_included():
    read = answer(
        PID,
        NOTHING_GIVEN,
        obx("30956-7", "17^HIB^CVX"),
        obx("30981-5", "20260501"),
        obx("30980-7", "20260601"),
        obx("59778-1", "20260701"),
        obx("59777-3", "21340815"),
    )
    due = read.forecasts[0]
    assert due.earliest == date(2026, 5, 1)
    assert due.past_due == date(2026, 7, 1)
    assert due.latest == date(2134, 8, 15)


def test_one_bad_observation_never_loses_the_dose_or_the_other_dates():
    read = answer(
        PID,
        MMRV,
        obx("30956-7", ""),
        NOTHING_GIVEN,
        obx("30956-7", "17^HIB^CVX"),
        obx("30980-7", "soon"),
        obx("30981-5", "20260501"),
    )
    assert len(read.doses) == 1
    assert read.forecasts[0].recommended is None
    assert read.forecasts[0].earliest == date(2026, 5, 1)
    assert any("OBX-5 is empty" in error for error in read.errors)
    assert any("'soon' is not a whole date" in error for error in read.errors)


def test_local_observations_and_unknown_segments_are_counted():
    read = answer(
        PID,
        "ZPI|1|local",
        MMRV,
        "OBX|1|CE|VFC-STATUS^VFC^STC|1|V00",
        "OBX|2|ST|30999-1^Group^OURLOCAL|1|x",
        "OBX|3|CE|VFC-STATUS^VFC^STC|1|V00",
    )
    assert dict(read.unknown) == {
        "segment ZPI": 1,
        "OBX VFC-STATUS STC": 2,
        "OBX 30999-1 OURLOCAL": 1,
    }


def test_the_same_dose_twice_is_one_dose_with_both_sources():
    own = "RXA|0|1|20260311||94^MMRV^CVX|0.5|||00^new^NIP001||||||L1||MSD^Merck^MVX"
    (dose,) = answer(PID, MMRV, own).doses
    assert dose.sources == ("01", "00")
    assert (dose.lot, dose.mvx, dose.cvx) == ("L1", "MSD", "94")


def test_an_unspecified_code_and_a_product_of_one_day_are_one_dose():
    group = "RXA|0|1|20260311||107^DTaP NOS^CVX|999|||01"
    product = "RXA|0|1|20260311||20^DTaP^CVX|999|||00"
    (dose,) = answer(PID, group, product).doses
    assert (dose.cvx, dose.sources) == ("20", ("01", "00"))


def test_two_products_beside_their_group_are_two_doses():
    days = [f"RXA|0|1|20260311||{code}^x^CVX|999|||01" for code in (107, 20, 106)]
    assert [dose.cvx for dose in answer(PID, *days).doses] == ["20", "106"]


def test_two_products_of_one_day_are_two_doses():
    other = "RXA|0|1|20260311||133^PCV13^CVX|999|||01"
    assert len(answer(PID, MMRV, other).doses) == 2


@pytest.mark.parametrize(
    ("status", "words"),
    [("NF", "no record found"), ("TM", "too many"), ("PD", "a person must look")],
)
def test_an_answer_without_a_child_says_why(status, words):
    read = answer(f"QAK|Q|{status}|Z34")
    assert read.patient is None
    assert words in read.errors[0]
