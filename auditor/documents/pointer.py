"""
Name a value inside a document by a JSON Pointer.

``""`` is the whole document and ``"/"`` its member with the empty name: the two are easily mixed up. In
patterns, and only there, a token ``*`` stands for any one token.

Source: RFC 6901.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,17}")

END: Final = "-"
"""The token for the place behind the last element of a list."""


def split(pointer: str) -> list[str]:
    """
    Return the tokens of *pointer*, unescaped.

    Raises:
        ValueError: It is neither empty nor begins with ``/``, or a ``~`` is not followed by 0 or 1.
    """
    if not pointer:
        return []
    if not pointer.startswith("/"):
        message = f"a JSON Pointer begins with '/', got {pointer!r}"
        raise ValueError(message)
    tokens = pointer[1:].split("/")
    return [_unescape(token) for token in tokens] if "~" in pointer else tokens


def join(*parts: str | int) -> str:
    """Return the pointer whose tokens are *parts*."""
    return "".join(f"/{escape(part)}" for part in parts)


def child(pointer: str, key: str | int) -> str:
    """Return the pointer of the member *key* of what *pointer* names."""
    return f"{pointer}/{escape(key)}"


def escape(part: str | int) -> str:
    """Write a key or an index as a token."""
    return str(part) if isinstance(part, int) else part.replace("~", "~0").replace("/", "~1")


def _unescape(token: str) -> str:
    pieces = token.split("~")
    if any(not piece.startswith(("0", "1")) for piece in pieces[1:]):
        message = f"in a JSON Pointer '~' is written '~0', got {token!r}"
        raise ValueError(message)
    # In this order: "~01" is the key "~1", not "/".
    return token.replace("~1", "/").replace("~0", "~")


def index_of(token: str, length: int) -> int | None:
    """Return the index that *token* is in a list of *length*, or None if it is none."""
    if not _INDEX.fullmatch(token):
        return None
    index = int(token)
    return index if index < length else None


def resolve(data: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON value
    """
    Return what *pointer* names in *data*.

    Raises:
        LookupError: There is no such value.
        ValueError: It is no pointer.
    """
    for token in split(pointer):
        data = _member(data, token, pointer)
    return data


def _member(data: Any, token: str, pointer: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(data, dict) and token in data:
        return data[token]
    if isinstance(data, list) and (index := index_of(token, len(data))) is not None:
        return data[index]
    message = f"nothing at {pointer!r}: no {token!r}"
    raise LookupError(message)


def matches(pattern: str, pointer: str) -> bool:
    """Tell whether *pointer* has the tokens of *pattern*, whose ``*`` stands for any one."""
    wanted, found = split(pattern), split(pointer)
    return len(wanted) == len(found) and all(
        want in ("*", token) for want, token in zip(wanted, found, strict=True)
    )


def set_at(data: Any, pointer: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """
    Return a deep copy of *data* in which *pointer* names a copy of *value*.

    The last token may be a new key of a mapping, or ``-`` for a new element of a list.

    Raises:
        LookupError: What should hold the value is not there.
        ValueError: It is no pointer.
    """
    tokens = split(pointer)
    if not tokens:
        return copied(value)
    made = copied(data)
    parent, last = resolve(made, join(*tokens[:-1])), tokens[-1]
    if isinstance(parent, dict):
        parent[last] = copied(value)
    elif isinstance(parent, list) and last == END:
        parent.append(copied(value))
    elif isinstance(parent, list) and (index := index_of(last, len(parent))) is not None:
        parent[index] = copied(value)
    else:
        message = f"cannot set {pointer!r}: no {last!r}"
        raise LookupError(message)
    return made


def remove_at(data: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON value
    """
    Return a deep copy of *data* without what *pointer* names.

    Raises:
        LookupError: There is no such value, or it is the whole document.
        ValueError: It is no pointer.
    """
    tokens = split(pointer)
    if not tokens:
        message = "the whole document cannot be removed"
        raise LookupError(message)
    made = copied(data)
    parent, last = resolve(made, join(*tokens[:-1])), tokens[-1]
    _member(parent, last, pointer)
    del parent[last if isinstance(parent, dict) else int(last)]
    return made


def copied(data: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a deep copy of plain data, without recursion: the caller may be deep already."""
    shell = _shell(data)
    work = [(data, shell)] if shell is not data else []
    while work:
        value, into = work.pop()
        if isinstance(value, dict):
            for key, member in value.items():
                into[key] = _shell(member)
        else:
            into.extend(_shell(member) for member in value)
        inner = value.values() if isinstance(value, dict) else value
        shells = into.values() if isinstance(value, dict) else into
        work.extend(
            (member, made)
            for member, made in zip(inner, shells, strict=True)
            if isinstance(made, (dict, list))
        )
    return shell


def _shell(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {}
    return [] if isinstance(value, list) else value


def walk(data: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON value
    """Yield every value of *data* with its pointer, the whole first, then in the order of the document."""
    work: list[tuple[str, Any]] = [("", data)]
    while work:
        pointer, value = work.pop()
        yield pointer, value
        if isinstance(value, dict):
            work.extend((child(pointer, key), value[key]) for key in reversed(value))
        elif isinstance(value, (list, tuple)):
            work.extend(
                (child(pointer, index), value[index]) for index in reversed(range(len(value)))
            )
