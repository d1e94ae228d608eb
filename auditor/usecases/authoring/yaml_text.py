"""
How is a value written in YAML so that a person would have written it so?

Plain where that reads back as the same text, folded where a line would get long, in double quotes otherwise.
"""

from __future__ import annotations

import json
import re
from textwrap import wrap
from typing import Any, Final

from auditor.documents.yaml import parse_yaml
from auditor.model.errors import AuditorError

WIDTH: Final = 110
"""Columns of a line, its indentation included."""
_OPERATOR: Final = re.compile(r"(?<= )(&&|\|\|) ")
_GLUE: Final = "\ue000"
"""Stands for a space at which no line is broken; in no text that a person types."""
_PAIR: Final = re.compile(r"(?!\d{4}-\d\d-).*:")
"""What is no instant and has a colon: other programs may read it as something else."""


def scalar(text: str, indent: int, column: int) -> str:
    """
    Write a text as the value of a key.

    Args:
        text: The text; what is in it does not matter.
        indent: Columns before the key.
        column: Where the value begins.
    """
    if column + len(text) <= WIDTH and _reads_back(text, text):
        return text
    margin = " " * (indent + 2)
    # An operator begins a line, it does not end one.
    glued = _OPERATOR.sub(rf"\1{_GLUE}", text)
    lines = wrap(glued, WIDTH - len(margin), break_long_words=False, break_on_hyphens=False)
    folded = "\n".join([">", *(margin + line.replace(_GLUE, " ") for line in lines)])
    is_long = column + len(text) > WIDTH
    return folded if is_long and _reads_back(folded, text) else _quoted(text)


def flow(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and not _PAIR.match(value) and _reads_back(f"[{value}]", [value]):
        return value
    return _quoted(value)


def block(data: dict[str, Any]) -> str:
    """Write a document: its entities and their fields on lines of their own, records where they are long."""
    return "\n".join(line for key, value in data.items() for line in _entity(key, value))


def _entity(key: str, value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict) and value:
        return [f"{key}:", *(f"  {name}: {flow(part)}" for name, part in value.items())]
    if isinstance(value, list) and value:
        return [f"{key}:", *(line for item in value for line in _item(item))]
    return [f"{key}: {flow(value)}"]


def _item(item: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    line = f"  - {flow(item)}"
    if not isinstance(item, dict) or len(line) + 2 <= WIDTH:
        return [line]
    fields = [f"{name}: {flow(part)}" for name, part in item.items()]
    return [f"  - {fields[0]}", *(f"    {one}" for one in fields[1:])]


def _quoted(value: Any) -> str:  # noqa: ANN401 - any JSON value
    # JSON is YAML, but for a few invisible characters that YAML wants escaped.
    text = json.dumps(value, ensure_ascii=False)
    return text if _reads_back(text, value) else json.dumps(value)


def _reads_back(written: str, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    try:
        read = parse_yaml(f"key: {written}\n".encode(), path="").get("key")
    except (AuditorError, UnicodeEncodeError, AttributeError):
        return False
    read = read.removesuffix("\n") if isinstance(read, str) else read
    return type(read) is type(value) and bool(read == value)
