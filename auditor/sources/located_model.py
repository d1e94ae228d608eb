"""
Hold a YAML file against a pydantic model, and say where in the file it breaks the model.

The model decides what is allowed; the words are ours. pydantic's own differ from release to release and
speak to programmers, and a message without file, line and column helps nobody who wrote the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_origin

from auditor.documents.nodes import key_at, node_at
from auditor.model.errors import ConfigError, ErrorGroup, did_you_mean
from auditor.model.tailoring import Written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from auditor.documents.yaml import Node

Model = TypeVar("Model", bound="BaseModel")

_WANTED: Final = {
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": "'key: value' pairs",
    "model_type": "'key: value' pairs",
}
_QUOTED: Final = re.compile("'([^']*)'")
_KEY_MARK: Final = "[key]"
"""What pydantic ends the path with when a key of a mapping is wrong, not its value."""


class Unfit(ValueError):
    """
    A value that a validator refuses.

    Args:
        message: What is wrong with it.
        hint: What to do next.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def validated(
    model: type[Model],
    root: Node,
    *,
    what: str,
    kind: type[ConfigError] = ConfigError,
    elsewhere: Mapping[str, str] | None = None,
) -> Model:
    """
    Make a model of a document.

    Args:
        model: Strict, with unknown keys forbidden.
        root: The document.
        what: What the document is called where it is wrong as a whole, e.g. ``a status mapping``.
        kind: Kind of error to raise.
        elsewhere: Top-level keys that belong into another file, each with what to do about it.

    Raises:
        ErrorGroup: Everything that is wrong with it.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - costs more than all the rest of a small run

    try:
        return model.model_validate(root.data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    raise ErrorGroup(
        [_located(model, root, detail, _Words(what, kind, elsewhere or {})) for detail in details]
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How one kind of document is spoken of."""

    what: str
    kind: type[ConfigError]
    elsewhere: Mapping[str, str]


def written(node: Node) -> Written:
    """Return the place and the line of *node*."""
    return Written(node.location, node.excerpt)


def _located(
    model: type[BaseModel], root: Node, detail: ErrorDetails, words: _Words
) -> ConfigError:
    path = [step for step in detail["loc"] if step != _KEY_MARK]
    node = node_at(root, path)
    name = next((f"'{step}'" for step in reversed(path) if isinstance(step, str)), words.what)
    kind, context = detail["type"], detail.get("ctx", {})
    hint: str | None = None
    match kind:
        case "missing":
            message, hint = f"{name} is missing", f"add {name[1:-1]}: ..."
            node = node_at(root, path[:-1])
        case "extra_forbidden" if len(path) == 1 and path[0] in words.elsewhere:
            message, hint = f"{name} does not belong here", words.elsewhere[str(path[0])]
        case "extra_forbidden":
            message, hint = (
                f"unknown key {name}",
                did_you_mean(str(path[-1]), _keys(model, path[:-1])),
            )
        case "literal_error":
            allowed = _QUOTED.findall(str(context["expected"]))
            message = f"{name} wants one of {', '.join(allowed)}; found {_found(node)}"
            hint = did_you_mean(str(node.data), allowed) if isinstance(node.data, str) else None
        case "string_too_short" | "too_short":
            message = f"{name} is empty"
        case "value_error":
            error = context["error"]
            message = f"{name}: {error}"
            hint = error.hint if isinstance(error, Unfit) else None
        case _:
            message = f"{name} wants {_WANTED.get(kind, 'something else')}; found {_found(node)}"
    place = key_at(root, path) if kind in {"extra_forbidden", "missing"} else node
    return words.kind(message, hint=hint, location=place.location, excerpt=place.excerpt)


def _keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Return the keys that a mapping at *path* may have."""
    kind: Any = model
    for step in path:
        kind = _model_in(kind)
        if hasattr(kind, "model_fields"):
            kind = kind.model_fields[step].annotation
        else:
            *_, kind = get_args(kind)  # the element of a list, the value of a mapping
    return list(_model_in(kind).model_fields)


def _model_in(kind: Any) -> Any:  # noqa: ANN401 - any annotation
    """Go through ``X | None`` and the like to what is meant; a list or a mapping stays what it is."""
    while not hasattr(kind, "model_fields") and get_origin(kind) not in (list, dict):
        kind = next(inner for inner in get_args(kind) if inner is not type(None))
    return kind


def _found(node: Node) -> str:
    match node.data:
        case None:
            return "nothing"
        case bool(value):
            return str(value).lower()
        case dict():
            return "'key: value' pairs"
        case list():
            return "a list"
        case value:
            return f"'{value}'" if isinstance(value, str) else str(value)
