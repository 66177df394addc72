"""Readers of outside files, handed over at start-up by the top layer.

``fhir`` and ``iis`` stand beside ``web`` and ``cli``, so neither they nor the records
may import them; config.apps knows all and introduces them here.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from trellis.core.people.histories import HistoriesRead


class Reader(Protocol):
    """Bytes of one file as children's histories."""

    def __call__(self, data: bytes, *, file: str, as_of: date) -> HistoriesRead:
        """Read the file.

        Raises:
            InvalidInput: the file as a whole cannot be read.
        """


_readers: dict[str, Reader] = {}


def learn_reader(kind: str, reader: Reader) -> None:
    """Introduce the reader of a kind of file; called once at start-up."""
    _readers[kind] = reader


def reader(kind: str) -> Reader:
    """The reader of this kind of file.

    Raises:
        KeyError: nobody introduced one; a fault of the installation.
    """
    return _readers[kind]
