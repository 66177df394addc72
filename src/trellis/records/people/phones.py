"""Phone numbers as typed, kept as E.164 (+16175550142)."""

from __future__ import annotations

from typing import Final

from trellis.core.errors import InvalidInput


REGION: Final = "US"  # of numbers written without a country code


def e164(typed: str) -> str:
    """The number as it is kept; the empty text stays empty.

    Raises:
        InvalidInput: nobody could be reached under it.
    """
    import phonenumbers  # heavy tables: loaded with the first number typed

    if not typed.strip():
        return ""
    try:
        number = phonenumbers.parse(typed, REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise InvalidInput(
            "Phone",
            typed.strip()[:30],
            accepted="ten digits, or + and the country code",
            hint="Check the number, or leave it empty.",
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def spoken(kept: str) -> str:
    """The number as people read it: national for the home region."""
    import phonenumbers

    if not kept:
        return ""
    try:
        number = phonenumbers.parse(kept, None)
    except phonenumbers.NumberParseException:
        return kept  # kept as it was brought in
    is_home = number.country_code == phonenumbers.country_code_for_region(REGION)
    form = phonenumbers.PhoneNumberFormat
    chosen = form.NATIONAL if is_home else form.INTERNATIONAL
    return str(phonenumbers.format_number(number, chosen))
