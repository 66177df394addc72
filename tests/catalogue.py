"""A gettext catalogue as the tests read it, without gettext's programs."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path


LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$')
PLACES = re.compile(r"%\(\w+\)[sd]|%%")


@dataclass
class Message:
    """One message: its texts by key: ``msgid``, ``msgid_plural``, ``msgstr[0]``."""

    is_fuzzy: bool = False
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """What a page asks for: context, text, plural text."""
        words = self.texts
        return words.get("msgctxt", ""), words["msgid"], words.get("msgid_plural", "")

    @property
    def translations(self) -> dict[str, str]:
        """Every translated form by its key."""
        return {k: text for k, text in self.texts.items() if k.startswith("msgstr")}


def read(path: Path) -> list[Message]:
    """Every message of a .po file, without its head and what is obsolete."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    messages = [_message(block) for block in blocks]
    return [one for one in messages if one.texts.get("msgid")]


def places(text: str) -> list[str]:
    """The named places of a text, sorted."""
    return sorted(PLACES.findall(text))


def _message(block: str) -> Message:
    message, key = Message(), ""
    for line in block.splitlines():
        if line.startswith("#"):
            message.is_fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif found := LINE.match(line):
            key = found[1]
            message.texts[key] = ast.literal_eval(found[2])
        elif line.startswith('"'):
            message.texts[key] += ast.literal_eval(line)
    return message
