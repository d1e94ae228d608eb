"""
Mend what is mechanical in policies: what `auditor policy lint --fix` does.

Only text is replaced, so comments and layout stay as they are. Each change is tried on a copy in memory: it is kept where
the fault is gone and nothing new is said of the file, else the file is left as it was. An error hides what stands
behind it: what comes to light elsewhere once it is gone was there before. Nothing is taken away that somebody may
have meant, and no other file is touched.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.documents.source import Source, decode
from auditor.language.lint import lint_policies
from auditor.language.lint_modelines import modeline_for
from auditor.language.vocabulary import is_pack, serves
from auditor.model.errors import AuditorError, OutputError
from auditor.usecases.workbench import file_of
from auditor.usecases.write_outputs import write_file

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from auditor.language.lint import LintFinding
    from auditor.language.policy_draft import PolicyText
    from auditor.model.catalogue import Catalogue
    from auditor.usecases.workbench import Workbench

_LINE: Final = re.compile(r"\bline \d+")
"""Where a message names a line, which moves."""
_MOST_CHANGES: Final = 1_000
"""Changes of one file; nobody slips so often."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """One change that was made."""

    path: str
    line: int
    slug: str
    """What was mended."""
    change: str
    """In words: ``'and' became '&&'``."""


@dataclass(frozen=True, slots=True)
class FixedPolicies:
    """What became of policies."""

    texts: tuple[PolicyText, ...]
    """All of them, as they are now."""
    changes: tuple[Fixed, ...]
    errors: tuple[AuditorError, ...]
    """Files that could not be written; they are as they were."""


def fix_policies(
    bench: Workbench, chosen: Collection[str], catalogues: Sequence[Catalogue]
) -> FixedPolicies:
    """
    Mend policies, and write the files that changed, each whole or not at all.

    Args:
        bench: The policies, and what they are read with.
        chosen: Paths of the files that may be changed.
        catalogues: Those that policies may name controls of.
    """
    texts: list[PolicyText] = []
    changes: list[Fixed] = []
    errors: list[AuditorError] = []
    for text in bench.texts:
        texts.append(text)
        if text.path not in chosen or is_pack(text):
            continue
        mender = _Mender(bench, text, catalogues)
        mender.mend()
        if not mender.changes:
            continue
        try:
            _write(mender.text, bench)
        except OutputError as error:
            errors.append(error)
        else:
            texts[-1] = mender.text
            changes += mender.changes
    return FixedPolicies(tuple(texts), tuple(changes), tuple(errors))


def _write(text: PolicyText, bench: Workbench) -> None:
    target = file_of(text).resolve()
    folders = [folder.path.resolve() for folder in bench.folders]
    if not (target.is_file() and any(target.is_relative_to(one) for one in folders)):
        msg = f"'{text.path}' is a link that leads out of its folder, and was left as it was"
        raise OutputError(msg, hint="name the folder in which the file itself stands")
    file = str(target)
    try:
        write_file(file, [text.data])
    except OutputError as error:
        raise OutputError(error.message.replace(file, text.path), hint="make it writable") from None


class _Mender:
    """Mends one file in memory."""

    def __init__(self, bench: Workbench, text: PolicyText, catalogues: Sequence[Catalogue]) -> None:
        self.text = text
        self.changes: list[Fixed] = []
        self._mended_lines: set[int] = set()
        """Where errors were mended."""
        self._bench = bench
        self._catalogues = catalogues
        self._words = [one for one in bench.texts if serves(one, text)]

    def mend(self) -> None:
        """Make every change that holds; what would leave a line half mended is taken back."""
        before = self._add_modeline(self._findings(self.text))
        text, changes = self.text, tuple(self.changes)
        had = _counted(before)
        halves: set[int] = set()
        while True:
            left = self._change_all(before, halves)
            wrong = {one.location.line for one in left if one.level == "error" and _key(one) in had}
            half = wrong & self._mended_lines
            if not half:
                return
            halves |= half
            self.text, self.changes, self._mended_lines = text, [*changes], set()

    def _change_all(
        self, said: tuple[LintFinding, ...], halves: Collection[int]
    ) -> tuple[LintFinding, ...]:
        """Make changes one after the other until none is left; return what is then said of the file."""
        for _ in range(_MOST_CHANGES):
            left = self._change_one(said, halves)
            if left is None:
                break
            said = left
        return said

    def _change_one(
        self, said: Sequence[LintFinding], halves: Collection[int]
    ) -> tuple[LintFinding, ...] | None:
        """Make the first change that holds; return what is then said of the file, None where none holds."""
        for finding in said:
            is_error = finding.level == "error"
            if is_error and finding.location.line in halves:
                continue
            made = _rewritten(self.text, finding)
            after = self._findings(made) if made is not None else ()
            if made is None or not _is_better(said, after, finding):
                continue
            wrong, right = finding.instead or ("", "")
            change = f"'{wrong}' became '{right}'" if right else "took out what nobody sees"
            place = finding.location
            self.changes.append(Fixed(place.path, place.line, finding.slug, change))
            self.text = made
            if is_error:
                self._mended_lines.add(place.line)
            return after
        return None

    def _findings(self, text: PolicyText) -> tuple[LintFinding, ...]:
        """Return what is said of the file where it reads *text*."""
        bench = self._bench
        said = lint_policies(
            [text, *self._words],
            roots=bench.roots,
            functions=bench.functions,
            tailoring=bench.tailoring,
            catalogues=self._catalogues,
        )
        return tuple(one for one in said if one.location.path == text.path)

    def _add_modeline(self, before: tuple[LintFinding, ...]) -> tuple[LintFinding, ...]:
        """Begin the file with the line for editors that its neighbours have; return what is then said of it."""
        line = modeline_for(self.text, self._bench.texts)
        if line is None:
            return before
        source = decode(self.text.data, path=self.text.path)
        made = _encoded(self.text, f"{line}{_line_end(source)}{source.text}")
        after = self._findings(made)
        if _counted(after) - _counted(before):
            return before
        self.changes.append(Fixed(made.path, 1, "policy-no-modeline", f"added `{line}`"))
        self.text = made
        return after


def _key(finding: LintFinding) -> tuple[str, str]:
    """Return what a finding is known by in a file whose lines have moved."""
    return finding.slug, _LINE.sub("line", finding.message)


def _counted(findings: Sequence[LintFinding]) -> Counter[tuple[str, str]]:
    return Counter(map(_key, findings))


def _is_better(
    before: Sequence[LintFinding], after: Sequence[LintFinding], finding: LintFinding
) -> bool:
    """Whether a change took *finding* away and brought nothing new."""
    had, has = _counted(before), _counted(after)
    new = has - had
    brought = [one for one in after if _key(one) in new]
    if finding.level == "error":
        brought = [one for one in brought if _may_come_of(one, finding)]
    return not brought and has[_key(finding)] < had[_key(finding)]


def _may_come_of(new: LintFinding, finding: LintFinding) -> bool:
    """Whether what is new may be due to the change where *finding* was: it is said of what stands there."""
    place, changed = new.location, finding.location
    _, right = finding.instead or ("", "")
    if place.end_column is None:  # it goes on in the next line, nobody knows how far
        return new.level == "error" and (place.line, place.column) <= (changed.line, changed.column)
    end = (changed.end_column or changed.column) + len(right)
    return place.line == changed.line and place.column <= end and place.end_column >= changed.column


def _rewritten(text: PolicyText, finding: LintFinding) -> PolicyText | None:
    """Return a file in which something else stands where *finding* is; None where it does not read as expected."""
    source = decode(text.data, path=text.path)
    found = change_for(source, finding)
    if found is None:
        return None
    start, end, right = found
    return _encoded(text, source.text[:start] + right + source.text[end:])


def change_for(source: Source, finding: LintFinding) -> tuple[int, int, str] | None:
    """
    Return what mends a finding: where it begins and ends in its file, and what to write there.

    Args:
        source: The file.
        finding: What is said of it.

    Returns:
        None where more than one thing can be meant, or the file does not read as expected.
    """
    place = finding.location
    if finding.instead is None or place.end_column is None:
        return None
    wrong, right = finding.instead
    first = source.starts[place.line - 1]
    start = first + place.column - 1
    found = _last(source.text[start : first + place.end_column - 1], wrong)
    if found is None:
        return None
    return start + found, start + found + len(wrong), right


def _last(marked: str, wrong: str) -> int | None:
    """Return where *wrong* stands last in what is marked, as a word of its own if it is one."""
    before = r"(?<!\w)" if re.match(r"\w", wrong) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", wrong) else ""
    places = [one.start() for one in re.finditer(f"{before}{re.escape(wrong)}{after}", marked)]
    return places[-1] if places else None


def _encoded(text: PolicyText, written: str) -> PolicyText:
    mark = BOM_UTF8 if text.data.startswith(BOM_UTF8) else b""
    return replace(text, data=mark + written.encode())


def _line_end(source: Source) -> str:
    first = source.text[: source.starts[1]] if len(source.starts) > 1 else ""
    return "\r\n" if first.endswith("\r\n") else "\n"
