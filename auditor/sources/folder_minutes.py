"""
Read what can be read of minutes that have no front matter: what they are of, and the sprint's dates.

Prose is not understood here. A kind of meeting comes from the names of file and folders, a sprint from its
number, dates from a line that holds nothing but a first and a last day. Whatever contradicts itself or
could be read in two ways is reported and left out; the year that was probably meant is never filled in.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.documents.source import Source
    from auditor.model.errors import DocumentError
    from auditor.model.location import Location

_KINDS: Final = {
    "standup": "standup",
    "daily": "standup",
    "planning": "planning",
    "grooming": "grooming",
    "refinement": "grooming",
    "pm review": "pm_review",
    "retro": "retrospective",
    "retrospective": "retrospective",
    "review": "review",
    "status": "status",
    "steering": "steering",
    "post project": "post_project",
    "demo": "demo",
    "prototype test": "prototype_test",
}
"""Words in the names of files and folders, and the kind of meeting that they say."""

_WORDS: Final = re.compile(r"[^\W\d_]+")
_NUMBER: Final = re.compile(r"\bsprint\W{0,3}(\d{1,4})\b", re.IGNORECASE)
_HEADING: Final = re.compile(r"^#{1,6}[ \t]+(?P<title>.*\S)[ \t]*$", re.MULTILINE)
_RANGE: Final = re.compile(
    r"^[ \t*_>]*"
    r"(?P<range>"
    r"(?P<first>\d{1,4}(?P<mark>[/.-])\d{1,2}(?P=mark)\d{1,4})"
    "[ \\t]*(?:-|\u2013|\u2014|to)[ \\t]*"
    r"(?P<last>\d{1,4}(?P<other>[/.-])\d{1,2}(?P=other)\d{1,4})"
    r")[ \t*_\r]*$",
    re.MULTILINE,
)
_LONGEST_DAYS: Final = 31
"""A sprint is "one month or less". Source: Scrum Guide 2020, The Sprint."""

_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True)
class Spotted:
    """A stretch of a file's text."""

    source: Source
    start: int
    end: int

    @property
    def location(self) -> Location:
        """Where it is written."""
        return self.source.location(self.start, self.end)

    def fault(self, message: str, *, hint: str | None = None) -> DocumentError:
        """Return the error that *message* is, placed here."""
        return self.source.fault(message, self.start, hint=hint)


@dataclass(slots=True)
class Minutes:
    """What was read of one file; None where the file does not say it."""

    name: str
    """Path below ``meetings/`` without the suffix."""
    whole: Spotted
    kind: str | None = None
    title: str | None = None
    sprint: int | None = None
    dates: str | None = None
    """The sprint's first and last day, as written."""
    dates_spot: Spotted | None = None
    first: dt.date | None = None
    last: dt.date | None = None


def read_minutes(name: str, source: Source, problems: list[DocumentError]) -> Minutes:
    """
    Read one file.

    Args:
        name: Path below ``meetings/`` without the suffix.
        source: The file.
        problems: Where contradictions go.
    """
    minutes = Minutes(name, Spotted(source, 0, 0))
    heading = _HEADING.search(source.text)
    minutes.title = heading["title"] if heading else None
    kinds = _kinds_in(name) or _kinds_in(minutes.title or "")
    minutes.kind = kinds.pop() if len(kinds) == 1 else None
    _read_sprint(minutes, problems)
    _read_dates(minutes, source, problems)
    return minutes


def _kinds_in(name: str) -> set[str]:
    words = [word.lower() for word in _WORDS.findall(name.replace("_", " "))]
    text = " ".join(words).replace("stand up", "standup")
    found = {phrase for phrase in _KINDS if re.search(rf"\b{phrase}s?\b", text)}
    # "pm review" is no review: the longer phrase says which.
    inside = {short for short in found for long in found if short != long and short in long.split()}
    return {_KINDS[phrase] for phrase in found - inside}


def _read_sprint(minutes: Minutes, problems: list[DocumentError]) -> None:
    file = minutes.name.rpartition("/")[2].replace("_", "-")
    numbers = {int(found) for found in _NUMBER.findall(file)}
    numbers |= {int(found) for found in _NUMBER.findall(minutes.title or "")}
    if len(numbers) > 1:
        named = " and ".join(str(number) for number in sorted(numbers))
        message = f"the file's name and heading are of different sprints ({named})"
        problems.append(minutes.whole.fault(message, hint="correct one of them"))
    minutes.sprint = numbers.pop() if len(numbers) == 1 else None


def _read_dates(minutes: Minutes, source: Source, problems: list[DocumentError]) -> None:
    ranges = list(_RANGE.finditer(source.text))
    if not ranges:
        return
    found = ranges[0]
    spot = Spotted(source, found.start("range"), found.end("range"))
    minutes.dates, minutes.dates_spot = found["range"], spot
    if len({each["range"] for each in ranges}) > 1:
        message = "more than one line with a first and a last day"
        problems.append(spot.fault(message, hint="say in front matter which is the sprint's"))
        return
    first, last = list(_days(found["first"])), list(_days(found["last"]))
    read = {(start, end) for order, start in first for other, end in last if order == other}
    likely = {(start, end) for start, end in read if 0 <= (end - start).days < _LONGEST_DAYS}
    if len(read) == 1 and likely:
        ((minutes.first, minutes.last),) = likely
        return
    problems.append(_contradiction(found["range"], read, spot))


def _contradiction(
    written: str, read: set[tuple[dt.date, dt.date]], spot: Spotted
) -> DocumentError:
    """Say why a pair of days is believed in no reading."""
    hint = "correct it, or give the dates in front matter or in a sprints register"
    if not read:
        return spot.fault(f"'{written}' are not two days of the calendar", hint=hint)
    if len(read) > 1:
        return spot.fault(f"'{written}' can be read in more than one way", hint=hint)
    ((first, last),) = read
    if last < first:
        message = f"'{written}' ends before it begins"
    else:
        message = f"'{written}' are {(last - first).days + 1} days, a sprint has a month or less"
    return spot.fault(message, hint=hint)


def _days(written: str) -> Iterator[tuple[str, dt.date]]:
    """Yield every reading of a date, with the order of its parts."""
    parts = re.split(r"[/.-]", written)
    lengths = [len(part) for part in parts]
    numbers = [int(part) for part in parts]
    if lengths[0] == 4:  # noqa: PLR2004 - a year in full
        orders = {"ymd": (numbers[0], numbers[1], numbers[2])} if lengths[2] <= 2 else {}  # noqa: PLR2004 - digits of a date
    elif lengths[0] <= 2 and lengths[2] in (2, 4):  # noqa: PLR2004 - digits of a date
        year = numbers[2] + (_CENTURY if lengths[2] == 2 else 0)  # noqa: PLR2004 - digits of a date
        orders = {"mdy": (year, numbers[0], numbers[1]), "dmy": (year, numbers[1], numbers[0])}
    else:
        orders = {}
    for order, (year, month, day) in orders.items():
        try:
            yield order, dt.date(year, month, day)
        except ValueError:
            continue


def refuse_disorder(minutes: Iterable[Minutes], problems: list[DocumentError]) -> None:
    """Leave out the dates of sprints of which a later one does not begin later: one of them is wrong."""
    dated = sorted(
        ((each.sprint, each) for each in minutes if each.sprint is not None and each.first),
        key=lambda pair: pair[0],
    )
    wrong: list[Minutes] = []
    for (number, one), (next_number, other) in pairwise(dated):
        if one.first is None or other.first is None or other.dates_spot is None:
            continue
        if number < next_number and one.first < other.first:
            continue
        if number == next_number and (one.first, one.last) == (other.first, other.last):
            continue
        where = one.dates_spot.location if one.dates_spot else one.whole.location
        message = (
            f"sprint {next_number} begins with '{other.dates}', sprint {number} with '{one.dates}'"
            f" ({where.path}:{where.line}): one of them is wrong"
        )
        problems.append(other.dates_spot.fault(message, hint="correct the one that is wrong"))
        wrong += [one, other]
    for each in wrong:
        each.first = each.last = None
