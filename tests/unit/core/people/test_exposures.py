"""Which diagnoses of a child are read only by those who may know of the exposure."""

import pytest

from trellis.core.people.exposures import tells_of_exposure


@pytest.mark.parametrize(
    ("code", "text"),
    [
        pytest.param("P96.1", "", id="withdrawal of the newborn"),
        pytest.param("P0414", "", id="opioids in pregnancy, code without a dot"),
        pytest.param("z20.5", "", id="contact with hepatitis, small letter"),
        pytest.param("414819007", "Neonatal Abstinence Syndrome", id="another system"),
        pytest.param("", "In-utero drug exposure", id="words alone"),
        pytest.param("", "Hepatitis C antibody positive", id="antibodies"),
        pytest.param("Z62.21", "Child in foster care", id="custody"),
    ],
)
def test_it_is_sealed(code, text):
    assert tells_of_exposure(code, text)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("L22", "Diaper dermatitis"),
        ("H66.90", "Otitis media, unspecified"),
        ("P59.9", "Neonatal jaundice"),
        ("Z00.129", "Routine child health examination"),
        ("Q21.0", "Ventricular septal defect"),
    ],
)
def test_it_stays_in_the_chart(code, text):
    assert not tells_of_exposure(code, text)
