"""Sealing addresses and vault fields: AES-256-GCM, bound to table, row and column.

A ciphertext cannot be moved to another row or column: these are its additional
authenticated data. Source: NIST SP 800-38D; docs/adr/0004.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


NONCE_BYTES: Final = 12
_keys: dict[str, AESGCM] = {}
_index: list[bytes] = []


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a sealed value lives."""

    table: str
    row_id: UUID
    column: str

    @property
    def binding(self) -> bytes:
        """The additional authenticated data."""
        return f"{self.table}/{self.row_id}/{self.column}".encode()


def use_keys(keys_hex: dict[str, str], *, index: str) -> None:
    """Take the keys by name, oldest first; the last one seals. Called at start-up."""
    _keys.clear()
    _keys.update({name: AESGCM(bytes.fromhex(k)) for name, k in keys_hex.items()})
    _index[:] = [bytes.fromhex(index)]


def seal(text: str, cell: Cell) -> str:
    """``key id:nonce:ciphertext`` in hexadecimal; the empty text stays empty."""
    if not text:
        return ""
    name = list(_keys)[-1]
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _keys[name].encrypt(nonce, text.encode(), cell.binding)
    return f"{name}:{nonce.hex()}:{sealed.hex()}"


def unseal(sealed: str, cell: Cell) -> str:
    """The text again.

    Raises:
        cryptography.exceptions.InvalidTag: moved, changed, or under another key.
        KeyError: the key it was sealed with is not among the installation's keys.
    """
    if not sealed:
        return ""
    name, nonce, body = sealed.split(":")
    opened = _keys[name].decrypt(
        bytes.fromhex(nonce), bytes.fromhex(body), cell.binding
    )
    return opened.decode()


def blind_index(value: str) -> str:
    """A keyed digest for exact look-up of a sealed value (already normalised)."""
    return hmac.new(_index[0], value.encode(), hashlib.sha256).hexdigest()
