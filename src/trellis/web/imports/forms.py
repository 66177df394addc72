"""Forms of the Imports pages: their shape; the readers judge the files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from trellis.core.people.roster_columns import COLUMNS
from trellis.records.imports.queries import Heading, SavedMapping
from trellis.web.imports.words import KINDS


MOST_FILES = 50
MOST_BYTES = 50_000_000


class FilesInput(forms.ClearableFileInput):
    """Takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files; the whole upload has a limit."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ANN401 - Django's signature
        """The files, each checked by Django."""
        given = data if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(one, initial) for one in given]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most 50 files at once."))
        if sum(one.size or 0 for one in files) > MOST_BYTES:
            raise forms.ValidationError(
                _("The files are larger than 50 MB together; choose fewer at once.")
            )
        return files


class UploadForm(forms.Form):
    """A kind of file and the files."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(
        label=_("What do you bring in?"),
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        initial="roster",
    )
    uploads = FilesField(
        label=_("Files"),
        help_text=_(
            "A roster is one file: CSV in UTF-8, or .xlsx. Records and registry "
            "answers may be several files."
        ),
    )
    mapping = forms.ChoiceField(
        label=_("Saved column names"),
        required=False,
        help_text=_("For a roster whose headings are your own."),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        mappings: Iterable[SavedMapping] = (),
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.mappings = {str(one.id): one for one in mappings}
        choices = [(key, one.name) for key, one in self.mappings.items()]
        field = self.fields["mapping"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("None: the headings are Trellis's")), *choices]
        if not choices:
            del self.fields["mapping"]

    def clean(self) -> dict[str, Any]:
        """One file alone for a roster."""
        found = super().clean() or {}
        if found.get("kind") == "roster" and len(found.get("uploads") or []) > 1:
            self.add_error("uploads", _("Choose one roster at a time."))
        return found

    @property
    def contents(self) -> list[tuple[str, bytes]]:
        """Names and bytes."""
        return [
            (one.name or "file", one.read()) for one in self.cleaned_data["uploads"]
        ]

    @property
    def columns(self) -> dict[str, str]:
        """The chosen mapping; empty where there is none."""
        chosen = self.mappings.get(self.cleaned_data.get("mapping") or "")
        return dict(chosen.columns) if chosen else {}


class MappingForm(forms.Form):
    """Each heading of the file, and the column it means."""

    name = forms.CharField(
        label=_("Save these names as"),
        required=False,
        max_length=60,
        help_text=_(
            "To use them again with the next file. Leave it empty to not save."
        ),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        headings: Iterable[Heading],
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.headings = tuple(headings)
        for place, heading in enumerate(self.headings):
            self.fields[f"heading_{place}"] = forms.ChoiceField(
                label=heading.text,
                choices=[("", _("Leave out")), *_columns()],
                initial=heading.column,
                required=False,
                widget=forms.Select(attrs={"aria-label": heading.text}),
            )

    @property
    def rows(self) -> list[tuple[Heading, forms.BoundField]]:
        """Each heading with its choice."""
        return [
            (heading, self[f"heading_{place}"])
            for place, heading in enumerate(self.headings)
        ]

    def clean(self) -> dict[str, Any]:
        """A column is chosen once."""
        found = super().clean() or {}
        chosen: set[str] = set()
        for place in range(len(self.headings)):
            column = found.get(f"heading_{place}")
            if column and column in chosen:
                self.add_error(
                    f"heading_{place}", _("Another heading means this column already.")
                )
            chosen.add(column or "")
        return found

    @property
    def columns(self) -> dict[str, str]:
        """Own heading to our column."""
        return {
            heading.text: self.cleaned_data[f"heading_{place}"]
            for place, heading in enumerate(self.headings)
            if self.cleaned_data[f"heading_{place}"]
        }


def _columns() -> list[tuple[str, str]]:
    return [
        (column.name, f"{column.name} *" if column.is_required else column.name)
        for column in COLUMNS
    ]
