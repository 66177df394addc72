"""The growth chart: well-formed, labelled, free of scripts, styles and foreign text."""

import re
from xml.etree import ElementTree as ET

import pytest

from trellis.core.growth.standards import table
from trellis.web.clinical.charts import ChartPoint, ChartWords, growth_chart


SVG = "{http://www.w3.org/2000/svg}"
WEIGHTS = [
    ChartPoint(0, 3.2, "3.2 kg"),
    ChartPoint(63, 5.0, "5 kg"),
    ChartPoint(124, 6.2, "6.2 kg"),
]


def chart(points=WEIGHTS, sex="f", indicator="weight", **more):
    return growth_chart(
        sex,
        indicator,
        points,
        **{"title": "Weight by age", "description": "Three weights.", **more},
    )


def texts(drawing):
    return [element.text for element in ET.fromstring(drawing).iter(f"{SVG}text")]


@pytest.mark.parametrize("sex", ["m", "f"])
@pytest.mark.parametrize("indicator", ["weight", "length", "head"])
@pytest.mark.parametrize("last_day", [0, 365, 366, 730, 731, 1095])
def test_every_chart_is_well_formed_and_draws_inside_itself(sex, indicator, last_day):
    value = table(indicator, sex).at(last_day).value_at(1)
    drawing = chart([ChartPoint(last_day, value, "now")], sex, indicator)
    root = ET.fromstring(drawing)
    _, _, width, height = map(float, root.get("viewBox").split())
    for path in root.iter(f"{SVG}path"):
        places = re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))
        assert places
        assert all(0 <= float(x) <= width for x, _ in places)
        assert all(0 <= float(y) <= height for _, y in places)
    assert sum(1 for _ in root.iter(f"{SVG}circle")) == 1


def test_the_chart_is_an_image_with_a_title_and_a_description():
    root = ET.fromstring(chart(chart_id="noa"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "noa-title noa-desc"
    assert root.find(f"{SVG}title").text == "Weight by age"
    assert root.find(f"{SVG}desc").text == "Three weights."
    assert root.get("width") is None, "it takes the width of the page"


@pytest.mark.parametrize("forbidden", ["style=", "<script", "<style", "onload", "href"])
def test_nothing_the_content_security_policy_forbids(forbidden):
    assert forbidden not in chart()


def test_all_text_is_escaped():
    evil = "<script>alert('\"&')</script>"
    drawing = chart(
        [ChartPoint(10, 3.4, evil)],
        title=evil,
        description=evil,
        chart_id=evil,
        words=ChartWords(age=evil, weight=evil, standard=evil),
    )
    assert "<script" not in drawing
    root = ET.fromstring(drawing)
    assert root.find(f"{SVG}title").text == evil
    assert evil in texts(drawing)


def test_curves_and_points_are_named_where_they_are():
    found = texts(chart())
    for label in ("\N{MINUS SIGN}3", "\N{MINUS SIGN}2", "0", "+2", "+3", "z-score"):
        assert label in found
    for label in ("3.2 kg", "5 kg", "6.2 kg", "Weight, kg", "Age in months"):
        assert label in found
    assert "WHO Child Growth Standards, girls" in found


def test_curves_differ_by_their_lines_and_not_only_by_colour():
    root = ET.fromstring(chart())
    curves = [p for p in root.iter(f"{SVG}path") if p.get("class") == "growth-curve"]
    dashes = [curve.get("stroke-dasharray") for curve in curves]
    assert len(curves) == 5
    assert dashes[0] == dashes[4] != dashes[1] == dashes[3] != dashes[2]


@pytest.mark.parametrize(("last_day", "months"), [(365, 12), (366, 24), (731, 36)])
def test_the_age_axis_is_as_long_as_needed(last_day, months):
    root = ET.fromstring(chart([ChartPoint(last_day, 9.0, "9 kg")]))
    ticks = [
        int(text.text)
        for text in root.iter(f"{SVG}text")
        if text.get("text-anchor") == "middle" and text.text.isdigit()
    ]
    assert max(ticks) == months


def test_length_steps_down_where_it_becomes_standing_height():
    drawing = chart([ChartPoint(900, 90.0, "90 cm")], "f", "length")
    curves = re.findall(r'class="growth-curve" d="([^"]+)"', drawing)
    assert [curve.count("M") for curve in curves] == [2] * 5


def test_corrected_points_have_another_shape_and_a_key():
    points = [*WEIGHTS, ChartPoint(74, 6.2, "6.2 kg", is_corrected=True)]
    drawing = chart(points)
    assert drawing.count("growth-point-corrected") == 2  # the point, and the key
    assert {"age since birth", "corrected age"} <= set(texts(drawing))
    assert "corrected age" not in texts(chart())


def test_labels_never_cover_each_other():
    crowd = [ChartPoint(day, 3.2 + day / 100, f"{day} d") for day in range(0, 60, 2)]
    found = [text for text in texts(chart(crowd)) if text.endswith(" d")]
    assert "58 d" in found, "the latest is labelled first"
    assert len(found) < len(crowd)


def test_without_points_the_curves_stand_alone():
    drawing = chart([])
    assert "growth-curve" in drawing
    assert "<circle" not in drawing


def test_a_value_far_off_the_curves_still_lies_on_the_chart():
    drawing = chart([ChartPoint(100, 20.0, "20 kg")])
    (circle,) = ET.fromstring(drawing).iter(f"{SVG}circle")
    assert float(circle.get("cy")) >= 30
