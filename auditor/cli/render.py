"""
How an error looks on a terminal.

Cause, place with the source line and a caret, next step; all errors of a run at once, sorted, capped.
What is quoted is text of others, so every piece passes through `auditor.reporters.foreign_text` before it is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.model.errors import AuditorError, ErrorGroup
from auditor.reporters.foreign_text import cut, flowing, inert, visible
from auditor.reporters.layout import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.model.location import Location

MAX_ERRORS: Final = 50

_MAX_TEXT: Final = 2_000
"""Characters of a message that are shown."""

WINDOW: Final = 100
"""Characters of a source line that are shown; a minified document is one line of megabytes."""


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours, or none."""

    on: bool

    def __call__(self, code: str, text: str) -> str:
        """Wrap *text* in the escape sequence of *code*."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.on and text else text


_RED: Final = "1;31"
_YELLOW: Final = "1;33"
_BLUE: Final = "34"
_BOLD: Final = "1"


def flatten(errors: Iterable[AuditorError]) -> list[AuditorError]:
    """Open every group and sort what is inside by place, then by text; the same fault is listed once."""
    flat: list[AuditorError] = []
    waiting = list(errors)
    while waiting:
        error = waiting.pop()
        if isinstance(error, ErrorGroup):
            waiting.extend(error.errors)
        else:
            flat.append(error)
    unique = {(error.slug, *error.sort_key(), error.pointer): error for error in flat}
    return sorted(unique.values(), key=AuditorError.sort_key)


def render_errors(errors: Iterable[AuditorError], *, colour: bool, limit: int = MAX_ERRORS) -> str:
    """
    Show *errors* one after the other.

    Returns:
        Text that ends with a line break; empty for no error. Beyond *limit* errors, the last line says
        how many more there are.
    """
    flat = flatten(errors)
    blocks = [render_error(error, colour=colour) for error in flat[:limit]]
    if len(flat) > limit:
        blocks.append(f"{len(flat) - limit} more\n")
    return "".join(blocks)


def render_error(error: AuditorError, *, colour: bool, is_warning: bool = False) -> str:
    """Show one error: what, where, the source line with a caret, what to do next."""
    paint = Paint(colour)
    label = paint(_YELLOW, f"warning[{error.slug}]") if is_warning else None
    lines = [
        (label or paint(_RED, f"error[{error.slug}]")) + paint(_BOLD, ": " + _short(error.message)),
        *_place(error, paint),
    ]
    if error.pointer and error.pointer not in error.message:
        lines.append(f"  {paint(_BLUE, '=')} at: {_short(error.pointer)}")
    if error.hint:
        lines.append(f"  {paint(_BLUE, '=')} help: {_short(error.hint)}")
    return inert("\n".join(lines)) + "\n"


def _short(text: str) -> str:
    return flowing(cut(text, _MAX_TEXT))


def _place(error: AuditorError, paint: Paint) -> Iterator[str]:
    place = error.location
    if place is None:
        return
    yield f"  {paint(_BLUE, '-->')} {flowing(str(place))}"
    if error.excerpt is not None and error.excerpt.strip():
        yield from source_line(error.excerpt, place, paint)


def source_line(excerpt: str, place: Location, paint: Paint, window: int = WINDOW) -> Iterator[str]:
    """Show *window* characters of a line with its number, and a caret under each one that is meant."""
    number = str(place.line)
    margin = " " * len(number)
    excerpt = excerpt.rstrip("\r\n")
    column = min(place.column, len(excerpt) + 1) - 1
    end = max(column + 1, min((place.end_column or 0) - 1, len(excerpt)))
    first = 0 if len(excerpt) <= window else max(0, column - window // 2)
    last = min(len(excerpt), first + window)
    before, marked, after = (
        visible(part.replace("\t", " "))
        for part in (
            excerpt[first:column],
            excerpt[column : min(end, last)],
            excerpt[min(end, last) : last],
        )
    )
    before = ("…" if first else "") + before
    after += "…" if last < len(excerpt) else ""
    bar = paint(_BLUE, "|")
    yield f" {margin} {bar}"
    yield f" {paint(_BLUE, number)} {bar} {before}{marked}{after}"
    yield f" {margin} {bar} {' ' * columns(before)}{paint(_RED, '^' * max(1, columns(marked)))}"


def render_bug(error: BaseException, *, colour: bool) -> str:
    """
    Say that the program is at fault.

    The exception's own text may quote the input, so only its type and the line of ours where it arose are
    shown.
    """
    what = flowing(f"{type(error).__name__} at {_own_line(error)}")
    return (
        f"{Paint(colour)(_RED, 'error[bug]')}: this is a fault of auditor, not of your input: {what}\n"
        "  = help: report it in the project's issue tracker, with the command and this message; "
        "AUDITOR_DEBUG=1 shows the traceback\n"
    )


def _own_line(error: BaseException) -> str:
    """Name the innermost line of this package that *error* passed through, below the package's folder."""
    place = "an unknown place"
    trace = error.__traceback__
    while trace is not None:
        _, inside, path = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition(
            "/auditor/"
        )
        if inside:
            place = f"auditor/{path}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
