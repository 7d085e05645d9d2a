"""What a field's annotation says: its alternatives, its quantity, whether it is an instant or words."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from sim.scenario.fields import Moment, Quantity


def notes_of(info: FieldInfo) -> Iterator[Any]:
    """Annotations of a field, also those inside ``Annotated[..] | None``."""
    yield from info.metadata
    for option in getattr(info.annotation, "__args__", ()):
        yield from getattr(option, "__metadata__", ())


def quantity_of(info: FieldInfo) -> Quantity | None:
    """The quantity (or law of quantities) a field holds, if it holds one."""
    return next((note for note in notes_of(info) if isinstance(note, Quantity)), None)


def is_moment(info: FieldInfo) -> bool:
    """Whether a field is an instant, held as hours since the start."""
    return any(isinstance(note, Moment) for note in notes_of(info))


def extra_of(info: FieldInfo) -> dict[str, Any]:
    """What stands with the field beside its meaning: evidence for its default, an example."""
    return dict(info.json_schema_extra) if isinstance(info.json_schema_extra, dict) else {}


def is_words(info: FieldInfo) -> bool:
    """Whether a field is for people only, so that it can change no number."""
    return bool(extra_of(info).get("words"))


def options_of(annotation: Any) -> list[Any]:
    """The alternatives of an annotation, without ``Annotated`` and without ``None``."""
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        options = (found for option in typing.get_args(annotation) for found in options_of(option))
        return [option for option in options if option is not type(None)]
    return [annotation]
