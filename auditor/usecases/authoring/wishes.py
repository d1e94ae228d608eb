"""
What may be wanted of a new policy, whatever its shape: its pack, its control, its words, its id.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.model.errors import UsageProblem, did_you_mean
from auditor.model.severity import Severity
from auditor.usecases.authoring.controls import find_control
from auditor.usecases.read_policies import CASES_SUFFIX, packaged_folder
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.model.catalogue import Control

TARGETS: Final = ("project", "unit")
_ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_ID: Final = 80
_LONGEST_TEXT: Final = 1000
_NAMES: Final = {
    "pack": (
        re.compile(r"[a-z0-9][a-z0-9_-]{0,60}"),
        "write lower-case letters, digits and hyphens",
    ),
    "control": (re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}"), "write its id, e.g. SDF-RSK-02"),
    "id": (_ID, "write lower-case words joined by hyphens, e.g. risk-without-owner"),
}
_ONE_OF: Final = {"severity": tuple(level.value for level in Severity), "target": TARGETS}
_NOT_A_SIGN: Final = re.compile(r"[^a-z0-9]+")
_ARTICLES: Final = frozenset({"a", "an", "the"})


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """What somebody wants of a new policy."""

    pack: str
    control: str
    title: str
    why: str
    fix: str
    severity: str
    shape: str
    answers: Mapping[str, str] = field(default_factory=dict)
    """The blanks of the shape, and ``where``."""
    target: str | None = None
    """None for what the catalogue says of the control, else a project."""
    id: str | None = None
    """None to make it of the title."""
    edges: tuple[str, ...] = ()
    """Edges of the control beside those that the catalogue names."""
    profile: str | None = None
    """File of the organisation's profile, whose own fields can be demanded."""
    policies: str = "policies"
    """Folder of packs, or the folder of the pack itself."""

    @property
    def folder(self) -> Path:
        """The folder of the pack."""
        return pack_folder(self.pack, self.policies)

    @property
    def shown_folder(self) -> str:
        """The same, as the user would type it."""
        return shown_name(str(self.folder))


def pack_folder(pack: str, policies: str) -> Path:
    """Return the folder of a pack: *policies* itself where it bears the name, else the one in it."""
    folder = Path(policies)
    return folder if folder.resolve().name == pack else folder / pack


def checked(wanted: NewPolicy) -> Control | None:
    """
    Hold everything against what it can be, and return the control, where a catalogue has it.

    Raises:
        UsageProblem: Something cannot be.
    """
    for option in ("pack", "control", "title", "why", "fix", "severity", "target", "id"):
        value: str | None = getattr(wanted, option)
        if value is not None:
            check(option, value)
    for edge in wanted.edges:
        check("edge", edge)
    return find_control(wanted.folder, wanted.control)


def check(option: str, value: str) -> str:
    """
    Hold one option against what it can be.

    Raises:
        UsageProblem: It cannot be that.
    """
    if option in _ONE_OF and value not in _ONE_OF[option]:
        msg = f"--{option}: '{value}' is none"
        raise UsageProblem(msg, hint=did_you_mean(value, _ONE_OF[option]))
    if option in _NAMES:
        pattern, hint = _NAMES[option]
        if pattern.fullmatch(value) is None or len(value) > _LONGEST_ID:
            msg = f"--{option}: '{value}' is no name"
            raise UsageProblem(msg, hint=hint)
    if not value.strip() or not value.isprintable() or len(value) > _LONGEST_TEXT:
        msg = f"--{option} must be one line of text"
        raise UsageProblem(msg, hint="leave line breaks and invisible characters out")
    return value


def target_of(target: str | None, control: Control | None) -> str:
    """
    Return whom the policy judges: what was said, else what the catalogue says, else a project.

    Raises:
        UsageProblem: The control is about all auditees together, and no shape is.
    """
    if target is not None or control is None:
        return target or TARGETS[0]
    if control.target not in TARGETS:
        msg = f"{control.id} is judged over the {control.target}, and the shapes write policies of a project or unit"
        raise UsageProblem(msg, hint="write it by hand, or say --target project for a part of it")
    return control.target


def id_of(title: str) -> str:
    """
    Make the id of a policy from its title.

    Raises:
        UsageProblem: No letter of it can stand in an id.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    parts = [part for part in _NOT_A_SIGN.split(plain) if part and part not in _ARTICLES]
    while parts and (not parts[0][0].isalpha() or len("-".join(parts)) > _LONGEST_ID):
        parts = parts[:-1] if parts[0][0].isalpha() else parts[1:]
    if not parts:
        msg = f"no id can be made of the title '{title}'"
        raise UsageProblem(msg, hint="give one with --id, e.g. --id risk-without-owner")
    return "-".join(parts)


def free_id(policy: str, pack: Path) -> str:
    """
    Return an id that no policy has: ids are unique over all packs, those that come with the program included.

    Raises:
        UsageProblem: There is such a policy, or a file of its name.
    """
    for file in (pack / f"{policy}.yaml", pack / f"{policy}{CASES_SUFFIX}"):
        if file.exists():
            msg = f"'{shown_name(str(file))}' is there already, nothing was written"
            raise UsageProblem(msg, hint="give another --id, or edit the file")
    for folder in (pack.parent, packaged_folder().path):
        owners = sorted(path.parent.name for path in folder.glob(f"*/{policy}.yaml"))
        if owners:
            msg = f"the pack '{owners[0]}' has a policy '{policy}' already"
            raise UsageProblem(msg, hint="give another --id")
    return policy
