"""A FHIR file that cannot be used gets a sentence that names the place.

Source: RFC 8259 (JSON), HL7 FHIR R4; limits of size and depth are our choice.
"""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.spec.fhir.bundles import (
    AS_OF,
    CHILD,
    bundle,
    condition,
    dose,
    measured,
    visit,
)

from trellis.core.errors import InvalidInput
from trellis.core.people.histories import HistoriesRead
from trellis.fhir.documents import MAX_BYTES
from trellis.fhir.reading import read_fhir_file


WHOLE = bundle(CHILD, dose(), measured("29463-7", 5.4, "kg"), visit(), condition())


def _nested(levels: int, mark: str = "[") -> bytes:
    close = {"[": "]", '{"a":': "}"}[mark]
    inner = mark * levels + "1" + close * levels
    return f'{{"resourceType": "Bundle", "entry": {inner}}}'.encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "an empty file"),
        (b"  \n ", "an empty file"),
        (WHOLE.decode().encode("utf-16"), "UTF-16"),
        (
            '{"resourceType": "Patiënt"}'.encode("latin-1"),
            "byte 23, which is not UTF-8",
        ),
        (b'{"resourceType":\n "Pa\0tient"}', "line 2, column 5: a NUL character"),
        (b'{"resourceType": "Pa\\u0000tient"}', "NUL or broken signs"),
        (b'{"resourceType": "Pa\\ud800tient"}', "NUL or broken signs"),
        (WHOLE[:-30], "cut off"),
        (b'{"resourceType": "Bundle",\n "type": }', "line 2, column 10"),
        (b'{"resourceType": "Bundle", "x": NaN}', "NaN is not accepted"),
        (b'{"resourceType": "Bundle", "x": -Infinity}', "Infinity is not accepted"),
        (b'{"resourceType": "Bundle", "x": ' + b"9" * 9999 + b"}", "number"),
        (b'{"resourceType": "Bundle", "id": "1", "id": "2"}', "the key 'id' twice"),
        (b"[1, 2]", "without a resource type"),
        (b'"text"', "without a resource type"),
        (b'{"resourceType": "Bundle", "entry": 7}', "entry is no list"),
        (_nested(500), "nesting deeper than 100 levels"),
        (_nested(500, '{"a":'), "nesting deeper than 100 levels"),
        (_nested(200_000), "nesting deeper than 100 levels"),
        (b"<Bundle/>", "JSON with a fault"),
    ],
)
def test_an_unusable_file_is_refused_with_its_place(data, words):
    with pytest.raises(InvalidInput) as refused:
        read_fhir_file(data, file="x.json", as_of=AS_OF)
    assert words in str(refused.value)


def test_an_enormous_file_is_refused():
    with pytest.raises(InvalidInput, match="at most 50,000,000 bytes"):
        read_fhir_file(b" " * (MAX_BYTES + 1), file="x.json", as_of=AS_OF)


def test_cut_off_json_names_line_and_column():
    with pytest.raises(InvalidInput, match=r"line 4, column \d+: JSON that is cut off"):
        read_fhir_file(WHOLE[:60], file="x.json", as_of=AS_OF)


def test_brackets_inside_texts_are_not_nesting():
    child = CHILD | {"text": {"div": "[" * 500 + '\\"{' * 500}}
    assert read_fhir_file(bundle(child), file="x", as_of=AS_OF).children


def test_a_byte_order_mark_is_no_obstacle():
    data = b"\xef\xbb\xbf" + WHOLE
    assert len(read_fhir_file(data, file="x", as_of=AS_OF).children) == 1


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, [[]], [None], {"coding": 3}])
@pytest.mark.parametrize("make", [dose, visit, condition, lambda: dict(CHILD)])
def test_values_of_the_wrong_type_never_raise(make, wrong):
    resource = make()
    for key in resource:
        if key != "resourceType":
            changed = bundle(CHILD | {"id": "c1"}, resource | {key: wrong})
            read_fhir_file(changed, file="x", as_of=AS_OF)


@given(st.integers(0, len(WHOLE)), st.binary(max_size=6), st.integers(0, 6))
def test_damaged_files_are_refused_or_read(at, put, drop):
    data = WHOLE[:at] + put + WHOLE[at + drop :]
    try:
        whole = read_fhir_file(data, file="x", as_of=AS_OF)
    except InvalidInput:
        return
    assert isinstance(whole, HistoriesRead)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
    ),
    max_leaves=3,
)


@given(st.sampled_from([dose(), visit(), condition(), CHILD]), st.data())
def test_any_json_in_any_field_is_refused_or_read(resource, data):
    key = data.draw(st.sampled_from(sorted(resource)))
    changed = json.loads(json.dumps(resource)) | {key: data.draw(JSON)}
    with suppress(InvalidInput):
        read_fhir_file(bundle(CHILD, changed), file="x", as_of=AS_OF)
