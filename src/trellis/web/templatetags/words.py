"""Texts of the records that the catalogue may know."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from trellis.web import sentences


register = template.Library()


@register.filter
def told(text: str) -> str:
    """The text in the language of the page: ``{{ item.title|told }}``."""
    return sentences.told(text)


@register.filter
def told_each(texts: Iterable[str]) -> list[str]:
    """Each of the texts in the language of the page."""
    return [sentences.told(text) for text in texts]
