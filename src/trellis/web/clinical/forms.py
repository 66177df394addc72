"""The forms of a visit: shape and units only. Rules live in the core."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from trellis.core.groups.doses import BY_MOUTH, Dose
from trellis.core.groups.vaccine_products import PRODUCTS, VaccineProduct
from trellis.records.clinical.lines import VisitPage
from trellis.records.clinical.notes import Note
from trellis.records.groups.queries import LaidOutLine
from trellis.web.clinical import words
from trellis.web.sentences import product_label
from trellis.web.widgets import IsoDateInput, MeasureInput


if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

KINDS = ("weight", "length", "head")
OTHER = "other"
NO_SITE = "none"
LYING_UNDER_DAYS = 731
LETTERS_OF_REASON = 200
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GRAMS_IN_KG, MM_IN_CM = 1_000, 10


class CommaInput(MeasureInput):
    """A comma typed on a phone's number pad is a decimal point."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> str | None:
        """What was typed, with a point."""
        text = data.get(name)
        return text.replace(",", ".") if isinstance(text, str) else None


class MeasureField(forms.DecimalField):
    """A measure in its unit, with as many decimals as the instrument shows."""

    def __init__(self, *, places: int, label: _StrPromise) -> None:
        super().__init__(
            required=False,
            min_value=Decimal(0),
            max_digits=6,
            decimal_places=places,
            widget=CommaInput(attrs={"autocomplete": "off"}),
            error_messages={"invalid": _("Enter a number, such as 5.32.")},
            label=label,
        )


class MeasureForm(forms.Form):
    """Weight, length and head; an empty field changes nothing."""

    weight_kg = MeasureField(label=_("Weight"), places=3)
    length_cm = MeasureField(label=_("Length or height"), places=1)
    position = forms.ChoiceField(
        label=_("How it was measured"),
        choices=[("l", _("Lying")), ("h", _("Standing"))],
        widget=forms.RadioSelect,
    )
    head_cm = MeasureField(label=_("Head circumference"), places=1)
    is_confirmed = forms.BooleanField(
        label=_("I measured again, and it is right."), required=False
    )

    def __init__(
        self, data: QueryDict | None = None, *, page: VisitPage | None = None
    ) -> None:
        initial = {} if page is None else _measured(page)
        super().__init__(data, initial=initial)
        for kind in KINDS:
            for name in (f"key_{kind}", f"seen_{kind}"):
                self.fields[name] = forms.UUIDField(
                    widget=forms.HiddenInput, required=name.startswith("key")
                )

    def as_measured(self) -> dict[str, Any]:
        """The arguments of ``record_measurements``, in g and mm."""
        given = self.cleaned_data
        length = _whole(given["length_cm"], MM_IN_CM)
        return {
            "keys": {kind: given[f"key_{kind}"] for kind in KINDS},
            "seen": {kind: given[f"seen_{kind}"] for kind in KINDS},
            "weight_g": _whole(given["weight_kg"], GRAMS_IN_KG),
            "length_mm": length,
            "position": given["position"] if length is not None else "",
            "head_mm": _whole(given["head_cm"], MM_IN_CM),
            "is_confirmed": given["is_confirmed"],
        }


class DoseForm(forms.Form):
    """One dose to this child: a laid-out lot, or another product typed in."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    born_confirmed = forms.DateField(widget=forms.HiddenInput)
    lot_laid_out = forms.ChoiceField(
        label=_("Vaccine"), choices=[], widget=forms.RadioSelect
    )
    product = forms.ChoiceField(label=_("Product"), required=False)
    lot = forms.CharField(label=_("Lot"), max_length=30, required=False)
    expires_on = forms.DateField(
        label=_("Expires on"), widget=IsoDateInput, required=False
    )
    vis_edition_on = forms.DateField(
        label=_("Edition of the information sheet (VIS)"),
        widget=IsoDateInput,
        required=False,
    )
    body_site = forms.ChoiceField(
        label=_("Body site"),
        choices=[*words.BODY_SITES.items(), (NO_SITE, _("By mouth: none"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where it was given.")},
    )
    route = forms.ChoiceField(
        label=_("Route"),
        choices=[("", _("As usual for the product")), *words.ROUTES.items()],
        required=False,
    )
    funding = forms.ChoiceField(
        label=_("Funding"), choices=[("", _("Choose")), *words.FUNDING.items()]
    )
    vaccinator_name = forms.CharField(label=_("Given by"), max_length=120)
    name_confirmed = forms.BooleanField(
        error_messages={
            "required": _("Confirm the child by name and birth date first.")
        }
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        page: VisitPage,
        laid_out: Sequence[LaidOutLine] = (),
        vaccinator: str = "",
    ) -> None:
        initial = {
            "key": uuid4(),
            "born_confirmed": page.child.born.isoformat(),
            "vaccinator_name": vaccinator,
            "lot_laid_out": "" if laid_out else OTHER,
        }
        super().__init__(data, initial=initial, prefix="dose")
        self.laid_out = {str(lot.vaccine_id): lot for lot in laid_out}
        self.fields["lot_laid_out"].choices = [  # type: ignore[attr-defined]  # a choice field
            *((key, _lot_text(lot)) for key, lot in self.laid_out.items()),
            (OTHER, _("Another product")),
        ]
        self.fields["product"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("Choose")),
            *((p.key, product_label(p.name, p.disease)) for p in PRODUCTS),
        ]
        self.fields["name_confirmed"].label = _(
            "This is %(name)s, born %(born)s: I asked and compared."
        ) % {"name": page.child.full_name, "born": page.child.born.isoformat()}

    def clean(self) -> dict[str, Any]:
        """Ask for product, lot and expiry where no laid-out lot was chosen."""
        given = super().clean() or {}
        if given.get("lot_laid_out") == OTHER:
            for name in ("product", "lot", "expires_on"):
                if not given.get(name):
                    self.add_error(name, _("Needed for another product."))
        return given

    def dose(self) -> Dose:
        """The dose with its details, from the lot chosen or as typed."""
        given = self.cleaned_data
        lot = self.laid_out.get(given["lot_laid_out"])
        by_key = {product.key: product for product in PRODUCTS}
        named = by_key.get(given["product"]) if lot is None else _product_of(lot)
        usual = lot.route if lot else named.route if named else ""
        route = given["route"] or usual
        site = given["body_site"]
        return Dose(
            cvx=lot.cvx if lot else named.cvx if named else "",
            product=lot.product if lot else named.name if named else "",
            mvx=named.mvx if named else "",
            lot=lot.lot if lot else given["lot"],
            expires_on=lot.expires_on if lot else given["expires_on"],
            vis_edition_on=lot.vis_edition_on if lot else given["vis_edition_on"],
            body_site="" if site == NO_SITE or route == BY_MOUTH else site,
            route=route,
            funding=given["funding"],
            vaccinator_name=given["vaccinator_name"],
        )


class NoteForm(forms.Form):
    """The four sections, empty until somebody writes; and what the writer saw."""

    history = forms.CharField(
        label=_("History"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    examination = forms.CharField(
        label=_("Examination"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    assessment = forms.CharField(
        label=_("Assessment"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    plan = forms.CharField(
        label=_("Plan"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def note(self) -> Note:
        """The text as typed; line ends are those of the text, not of the browser."""
        texts = (
            self.cleaned_data[name].replace("\r\n", "\n")
            for name in ("history", "examination", "assessment", "plan")
        )
        return Note(*texts)


class AddendumForm(forms.Form):
    """An addition to a signed visit."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Addendum"), widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(forms.Form):
    """Why an entry is marked as in error."""

    reason = forms.CharField(label=_("Reason"), max_length=LETTERS_OF_REASON)


class SignForm(forms.Form):
    """The visits of a batch, as keys; each is decided by the operation."""

    visit = forms.MultipleChoiceField(label=_("Visits"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        sent = data.getlist("visit")
        self.fields["visit"].choices = [(key, key) for key in sent]  # type: ignore[attr-defined]  # a choice field

    def chosen(self) -> list[UUID]:
        """The keys; what is no key is left out."""
        keys = self.cleaned_data["visit"]
        return [UUID(key) for key in keys if UUID_TEXT.fullmatch(key)]


class BeginForm(forms.Form):
    """A visit about to be begun from the chart."""

    key = forms.UUIDField(widget=forms.HiddenInput)


def _measured(page: VisitPage) -> dict[str, Any]:
    today = {kind: page.current(kind) for kind in KINDS}
    weight, length, head = (today[kind] for kind in KINDS)
    lying = (page.on - page.child.born).days < LYING_UNDER_DAYS
    return {
        **{f"key_{kind}": uuid4() for kind in KINDS},
        **{f"seen_{k}": line.measurement_id for k, line in today.items() if line},
        "weight_kg": weight and words.kg_text(weight.value).removesuffix(" kg"),
        "length_cm": length and words.cm_text(length.value).removesuffix(" cm"),
        "position": (length.position if length else "") or ("l" if lying else "h"),
        "head_cm": head and words.cm_text(head.value).removesuffix(" cm"),
    }


def _whole(value: Decimal | None, factor: int) -> int | None:
    return None if value is None else int((value * factor).to_integral_value())


def _lot_text(lot: LaidOutLine) -> str:
    return _("%(product)s, lot %(lot)s, expires %(day)s") % {
        "product": lot.product,
        "lot": lot.lot,
        "day": lot.expires_on.isoformat(),
    }


def _product_of(lot: LaidOutLine) -> VaccineProduct | None:
    same = (p for p in PRODUCTS if p.cvx == lot.cvx and p.name == lot.product)
    return next(same, None)
