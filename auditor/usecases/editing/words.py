"""
Where the names and words of a policy are written: in its own file, in its pack, or in the folder of packs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.documents.yaml_outline import outline
from auditor.language.vocabulary import CATALOGUE_FILE, serves
from auditor.usecases.read_policies import packaged_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.documents.yaml_outline import Slot
    from auditor.usecases.editing.desk import Desk
    from auditor.usecases.editing.spot import Spot

_COMMENT: Final = re.compile(r"#[ \t]*(?:-+[ \t]*)?(.*)")


@dataclass(frozen=True, slots=True)
class Target:
    """A stretch of a file that somebody may want to see."""

    path: Path
    text: str
    """What is in the file."""
    start: int
    end: int

    @property
    def comment(self) -> str:
        """What stands in the comment above it."""
        lines = self.text[: self.start].splitlines()[:-1]
        found: list[str] = []
        while lines and (match := _COMMENT.fullmatch(lines.pop().strip())):
            found.insert(0, match[1])
        return " ".join(found)


def files_in_force(desk: Desk, spot: Spot) -> Iterator[tuple[Path, str]]:
    """Yield the file itself, then those of the words that are in force in it, the nearest first."""
    yield spot.path, spot.text
    bench = desk.bench(spot.path)
    own = desk.text_of(bench, spot.path)
    words = [one for one in bench.texts if own is not None and one != own and serves(one, own)]
    for one in sorted(words, key=lambda one: -len(one.folder)):
        path = Path(one.folder) / Path(one.path).name
        yield path, desk.files.text(path)


def word_called(desk: Desk, spot: Spot, name: str) -> Target | None:
    """Return where a word is defined that is in force in a file."""
    for path, text in files_in_force(desk, spot):
        for slot in outline(text):
            match slot.path:
                case ("define", str(head)) if slot.key and head.partition("(")[0].strip() == name:
                    return Target(path, text, slot.key[0], slot.key[0] + len(name))
                case _:
                    pass
    return None


def name_called(spot: Spot, kinds: Iterable[str], name: str) -> Target | None:
    """Return where a name of the policy itself is written, below one of its keys."""
    for kind in kinds:
        for slot in spot.slots:
            if slot.path == (kind, name) and slot.key is not None:
                return Target(spot.path, spot.text, *slot.key)
    for slot in spot.slots:
        if slot.path == ("as",) and _value(spot.text, slot) == name:
            return Target(spot.path, spot.text, *slot.value)
    return None


def control_called(desk: Desk, path: Path, control: str) -> Target | None:
    """Return where a catalogue has a control: that beside the file, else one that comes with the program."""
    packaged = sorted(packaged_folder().path.glob(f"*/{CATALOGUE_FILE}"))
    for file in (path.parent / CATALOGUE_FILE, *packaged):
        text = desk.files.text(file)
        if control not in text:
            continue
        for slot in outline(text):
            match slot.path:
                case ("controls", int(), "id") if _value(text, slot) == control:
                    return Target(file, text, *slot.value)
                case _:
                    pass
    return None


def policy_called(desk: Desk, path: Path, policy: str) -> Target | None:
    """Return where the id of a policy is written."""
    name = f"{policy}.yaml"
    files = (
        path.parent / name,
        *(file for one in desk.folders for file in sorted(one.rglob(name))),
    )
    for file in files:
        text = desk.files.text(file)
        for slot in outline(text):
            if slot.path == ("id",) and _value(text, slot) == policy:
                return Target(file, text, *slot.value)
    return None


def _value(text: str, slot: Slot) -> str:
    return text[slot.value[0] : slot.value[1]].strip()
