"""
Write the documentation of policies: what `auditor policy docs` does.

Everything lies below one folder. A file that is there and that this did not write is never written over, and none
is ever deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from auditor.model.errors import ExitCode, NothingToAudit, OutputError, UsageProblem
from auditor.reporters.docs.html_pages import html_files
from auditor.reporters.docs.markdown_pages import markdown_files
from auditor.reporters.docs.site import build_site
from auditor.usecases.audience import unwatched
from auditor.usecases.docs_material import gather
from auditor.usecases.shown_name import shown_name
from auditor.usecases.write_outputs import write_file

if TYPE_CHECKING:
    from auditor.model.errors import AuditorError
    from auditor.usecases.audience import Progress
    from auditor.usecases.workbench import Workbench

Format = Literal["html", "markdown"]

_FIRST_LINES: Final = frozenset({
    b"<!-- Written by auditor policy docs. -->",
    b"/* Written by auditor policy docs. */",
})  # fmt: skip
"""First line of every file of a site that is no page of HTML; whoever only mentions the command writes none of them."""
_PAGE: Final = b"<!DOCTYPE html>"
"""First line of a page of HTML; among the next few stands the other one."""
_GENERATOR: Final = b'<meta name="generator" content="auditor policy docs">'
_NEAR: Final = 600
"""Bytes in which these are looked for."""


@dataclass(frozen=True, slots=True)
class WrittenDocs:
    """What was written."""

    pages: int
    first: str
    """File where a reader begins, as the user would type it."""
    broken: tuple[str, ...]
    """Policies that cannot be used; their framework's page lists them."""
    unexpected: int
    """Cases that did not come out as they say; the pages say so."""
    errors: tuple[AuditorError, ...]

    @property
    def code(self) -> ExitCode:
        """The exit code."""
        return ExitCode.BAD_INPUT if self.errors else ExitCode.OK


def document_policies(
    bench: Workbench, output: str, form: Format, *, progress: Progress = unwatched
) -> WrittenDocs:
    """
    Write a page for everything.

    Args:
        bench: What is documented.
        output: Folder, as typed; it is made where it is not there.
        form: What the pages are written as.
        progress: Shows how far the running of their cases is.

    Raises:
        NothingToAudit: There is neither a policy nor a catalogue.
        UsageProblem: A file is in the way, or what the pages are made with is not installed.
        OutputError: A file cannot be written.
    """
    material, errors = gather(bench, progress)
    if not (material.policies or material.broken or material.catalogues or errors):
        msg = "there is nothing to document: no policy and no catalogue was found"
        raise NothingToAudit(msg, hint="name a folder of policies with --policies")
    site = build_site(material)
    files = list(html_files(site) if form == "html" else markdown_files(site))
    folder = Path(output)
    targets = [_target(folder, output, path) for path, _ in files]
    for target, (path, data) in zip(targets, files, strict=True):
        _write(target, f"{shown_name(output)}/{path}", data)
    return WrittenDocs(
        pages=len(site.pages),
        first=f"{shown_name(output)}/{files[0][0]}",
        broken=tuple(one.name for one in material.broken),
        unexpected=sum(
            bool(case.result.case.expect) and not case.result.passed
            for one in material.policies
            for case in one.cases
        ),
        errors=tuple(errors),
    )


def _target(folder: Path, output: str, path: str) -> Path:
    """Return where a file goes, once it is certain that nothing is lost by writing it."""
    target, shown = folder / path, f"{shown_name(output)}/{path}"
    if not target.resolve().is_relative_to(folder.resolve()):
        msg = f"'{shown}' leads out of the folder of the documentation"
        raise UsageProblem(msg, hint="name a folder without links in it")
    try:
        if target.is_file() and not _is_ours(target.read_bytes()[:_NEAR]):
            msg = f"'{shown}' is there and was not written by this command"
            raise UsageProblem(msg, hint="name an empty folder, or move the file away")
    except OSError as error:
        raise _refused(shown, error) from None
    return target


def _is_ours(beginning: bytes) -> bool:
    """Whether a file begins as only this command lets one begin."""
    first, *more = beginning.splitlines() or [b""]
    return first in _FIRST_LINES or (first == _PAGE and _GENERATOR in more)


def _write(target: Path, shown: str, data: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(shown, error) from None
    write_file(str(target), (data,))


def _refused(shown: str, error: OSError) -> OutputError:
    reason = (error.strerror or "the system refuses").lower()
    return OutputError(
        f"cannot write '{shown}': {reason}", hint="name a folder that you may write to"
    )
