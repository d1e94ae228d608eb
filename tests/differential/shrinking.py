"""
The smallest expression and snapshot that still show what was found.

Nothing clever: parts of the expression are put in the place of what they are part of, and facts are left out,
as long as the finding stays.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from auditor.language.cel.ast import Comprehension, children, walk
from auditor.language.cel.diagnostics import CheckErrors
from auditor.language.cel.parser import parse
from auditor.language.cel.source import CelSyntaxErrors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.language.cel.ast import Expr

_ATOMS = ("true", "false", "0", "1", "''", "[]", "null")


def smaller_texts(text: str) -> Iterator[str]:
    """Yield texts in which a part of the expression stands for what it is part of, large steps first."""
    try:
        tree = parse(text)
    except CelSyntaxErrors:
        return
    for node in walk(tree):
        start, end = _span(node)
        for part in children(node):
            low, high = _span(part)
            if start <= low and high <= end and high - low < end - start:
                yield f"{text[:start]}{text[low:high]}{text[end:]}"
                yield f"{text[:start]}({text[low:high]}){text[end:]}"
        for atom in _ATOMS:
            if len(atom) < end - start:
                yield f"{text[:start]}{atom}{text[end:]}"
    yield from _without_brackets(text)


def _without_brackets(text: str) -> Iterator[str]:
    """Yield the text without a pair of round brackets."""
    opened: list[int] = []
    for place, character in enumerate(text):
        if character == "(":
            opened.append(place)
        elif character == ")" and opened:
            start = opened.pop()
            yield text[:start] + text[start + 1 : place] + text[place + 1 :]


def _span(node: Expr) -> tuple[int, int]:
    """Return where a node stands, with what it goes through: a macro begins at its list."""
    first = _span(node.range)[0] if isinstance(node, Comprehension) else node.start
    return min(first, node.start), node.end


def shrunk_text(text: str, still: Callable[[str], bool]) -> str:
    """Return the smallest text that can be reached in which *still* holds."""
    while True:
        for candidate in smaller_texts(text):
            if len(candidate) < len(text) and _holds(candidate, still):
                text = candidate
                break
        else:
            return text


def _holds(text: str, still: Callable[[str], bool]) -> bool:
    try:
        return still(text)
    except (CheckErrors, CelSyntaxErrors):
        return False


def shrunk_data(data: Any, still: Callable[[Any], bool]) -> Any:
    """Return the data with as few keys and elements as *still* lets be; what it refuses stays."""
    changed = True
    while changed:
        changed = False
        for place in sorted(_places(data), key=len):
            candidate = deepcopy(data)
            if _remove(candidate, place) and still(candidate):
                data, changed = candidate, True
    return data


def _places(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from _places(value, (*path, key))


def _remove(data: Any, place: tuple[str | int, ...]) -> bool:
    """Take away what stands in a place; False where it is gone already."""
    for token in place[:-1]:
        try:
            data = data[token]
        except (KeyError, IndexError):
            return False
    try:
        del data[place[-1]]
    except (KeyError, IndexError):
        return False
    return True
