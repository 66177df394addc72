"""How a form field's control is drawn in USWDS markup."""

from __future__ import annotations

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString


register = template.Library()

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),  # before its parent RadioSelect
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
)
_CLASSES = {
    "checkbox": "usa-checkbox__input",
    "select": "usa-select",
    "textarea": "usa-textarea",
}
_WIDTHS = {"": "", "xs": "t-input--xs", "sm": "t-input--sm", "md": "t-input--md"}


@register.filter
def kind(field: BoundField) -> str:
    """``radios``, ``checkboxes``, ``checkbox``, ``select``, ``textarea``, ``input``."""
    widget = field.field.widget
    return next((name for type_, name in _KINDS if isinstance(widget, type_)), "input")


@register.filter
def first_control_id(field: BoundField) -> str:
    """The id an error summary links to; of the first choice in a group."""
    if kind(field) in {"radios", "checkboxes"}:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.simple_tag
def control(field: BoundField, width: str = "") -> SafeString:
    """The control alone; Django adds aria-describedby and aria-invalid by itself.

    ``width`` is ``xs``, ``sm``, ``md`` or nothing for the whole column.
    """
    names = [
        _CLASSES.get(kind(field), "usa-input"),
        _WIDTHS[width],
        str(field.field.widget.attrs.get("class", "")),
    ]
    return field.as_widget(attrs={"class": " ".join(filter(None, names))})
