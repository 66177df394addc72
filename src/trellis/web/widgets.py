"""Form controls that Django does not bring."""

from __future__ import annotations

from django import forms


class IsoDateInput(forms.DateInput):
    """The browser's own date control; its value is always ISO 8601."""

    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time control, hours and minutes."""

    input_type = "time"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class MeasureInput(forms.NumberInput):
    """A decimal number typed on a phone's number pad; no spinner to slip on."""

    input_type = "text"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs={"inputmode": "decimal", **(attrs or {})})
