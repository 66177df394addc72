"""CVX codes that mean the same kind of vaccine, for telling one dose from two.

Source: CDC's CVX code set (the codes of "unspecified formulation" and the products they
stand for). Combination vaccines are not listed: MMRV is never split or merged.
"""

from __future__ import annotations

from typing import Final


NOT_GIVEN: Final = "998"

_UNSPECIFIED: Final = {
    "107": frozenset({"20", "106"}),  # DTaP
    "17": frozenset({"46", "47", "48", "49"}),  # Hib
    "45": frozenset({"08", "42", "43", "44", "189"}),  # hepatitis B
    "31": frozenset({"52", "83", "84"}),  # hepatitis A, paediatric
    "85": frozenset({"31", "52", "83", "84", "104"}),  # hepatitis A
    "88": frozenset({"15", "16", "111", "135", "140", "141", "149", "150", "158"}),
    "89": frozenset({"02", "10"}),  # polio
    "109": frozenset({"33", "100", "133", "152", "215", "216"}),  # pneumococcal
    "152": frozenset({"100", "133", "215", "216"}),  # pneumococcal conjugate
    "122": frozenset({"74", "116", "119"}),  # rotavirus
    "137": frozenset({"62", "118", "165"}),  # HPV
    "108": frozenset({"32", "114", "136", "147"}),  # meningococcal ACWY
    "147": frozenset({"114", "136"}),
}


def same_code(cvx: str) -> str:
    """A CVX code as CDC writes it: at least two digits ("3" is "03")."""
    return cvx.zfill(2) if cvx.isdecimal() else cvx


def codes_of_same_vaccine(cvx: str) -> frozenset[str]:
    """Other codes that may stand for a dose of this one: its products or its group."""
    code = same_code(cvx)
    groups = (group for group, products in _UNSPECIFIED.items() if code in products)
    return _UNSPECIFIED.get(code, frozenset()).union(groups)


def is_same_vaccine(first: str, second: str) -> bool:
    """Whether two codes of one day mean one dose: equal, or one names the group."""
    one, other = same_code(first), same_code(second)
    return one == other or other in codes_of_same_vaccine(one)


def more_precise(first: str, second: str) -> str:
    """The one of two codes of the same vaccine that names the product."""
    is_group = same_code(second) in _UNSPECIFIED.get(same_code(first), ())
    return second if is_group else first
