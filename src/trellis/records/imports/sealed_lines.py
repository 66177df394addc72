"""A record of a file as text and back: what waits for a person is kept sealed."""

from __future__ import annotations

import json
import types
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints


T = TypeVar("T")


def as_text(record: Any) -> str:  # noqa: ANN401 - any dataclass of the core
    """The record as JSON."""
    return json.dumps(asdict(record), default=str, ensure_ascii=False)


def from_text(kind: type[T], text: str) -> T:
    """The record again."""
    made = _value(kind, json.loads(text))
    if not isinstance(made, kind):
        raise TypeError(f"the text holds no {kind.__name__}")
    return made


def _value(hint: Any, given: Any) -> Any:  # noqa: ANN401 - by type hint
    if given is None:
        return None
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _value(next(part for part in inner if part is not type(None)), given)
    if origin is tuple:
        each = [inner[0]] * len(given) if inner[-1] is Ellipsis else inner
        return tuple(_value(part, one) for part, one in zip(each, given, strict=True))
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        made: Any = hint
        return made(
            **{
                part.name: _value(hints[part.name], given[part.name])
                for part in fields(hint)
            }
        )
    if hint is date:
        return date.fromisoformat(given)
    return hint(given) if isinstance(hint, type) and issubclass(hint, Enum) else given
