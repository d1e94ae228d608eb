"""
Write a policy and its first cases from a shape: what `auditor policy new` does.

The shapes are plain files; what is written is a policy like any other. It is compiled and its cases are run
at once, so that whoever goes on from it starts from something that is known to work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.language.vocabulary import CATALOGUE_FILE, PACK_FILE
from auditor.model.errors import AuditorError, ErrorGroup, ExitCode, OutputError, UsageProblem
from auditor.usecases.authoring.answers import WHERE, Answers
from auditor.usecases.authoring.blanks import Expressions
from auditor.usecases.authoring.controls import find_control
from auditor.usecases.authoring.filling import fill
from auditor.usecases.authoring.first_cases import FirstCases
from auditor.usecases.authoring.lent_words import lent_words, words_of_pack, words_of_policy
from auditor.usecases.authoring.shapes import shape_called
from auditor.usecases.authoring.wishes import TARGETS, NewPolicy, checked, free_id, id_of, target_of
from auditor.usecases.authoring.yaml_text import flow
from auditor.usecases.read_policies import (
    CASES_SUFFIX,
)
from auditor.usecases.show_schema import schema
from auditor.usecases.shown_name import shown_name
from auditor.usecases.test_policies import TestedPolicy, test_policies
from auditor.usecases.workbench import models_of, read_workbench
from auditor.usecases.write_outputs import write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from auditor.usecases.workbench import Workbench

_SCHEMAS: Final = ("policy", "cases", "pack")
_HIDDEN: Final = ".auditor"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and what came of it."""

    policy: str
    files: tuple[str, ...]
    """As the user would type them."""
    tested: TestedPolicy
    errors: tuple[AuditorError, ...]
    """What is wrong with the policy; nothing, unless words of its folder mean something else."""

    @property
    def empty(self) -> tuple[str, ...]:
        """Names of the cases that are still to be filled."""
        return tuple(one.case.name for one in self.tested.results if not one.case.expect)

    @property
    def code(self) -> ExitCode:
        """The exit code: cases that are still empty are no fault of what was written."""
        if self.errors or self.tested.errors:
            return ExitCode.BAD_INPUT
        held = all(one.passed for one in self.tested.results if one.case.expect)
        return ExitCode.OK if held else ExitCode.GATED


def answers_for(wanted: NewPolicy) -> Answers:
    """
    Take what was said to fill the blanks of the shape, in the order of its questions.

    Raises:
        UsageProblem: Something of it cannot be.
    """
    control = checked(wanted)
    shape = shape_called(wanted.shape)
    unused = sorted(set(wanted.answers) - {*shape.asks, WHERE})
    if unused:
        msg = f"the shape '{shape.name}' has no use for --{unused[0]}"
        asked = " ".join(f"--{blank}" for blank in shape.asks)
        raise UsageProblem(msg, hint=f"'{shape.rule}' asks for {asked}")
    answers = Answers(shape, target_of(wanted.target, control), models_of(wanted.profile))
    for blank in shape.asks:
        if blank not in wanted.answers:
            return answers
        answers.give(blank, wanted.answers[blank])
    if WHERE in wanted.answers:
        answers.give(WHERE, wanted.answers[WHERE])
    return answers


def new_policy(wanted: NewPolicy) -> Written:
    """
    Write the policy and its cases, compile the one and run the others.

    Raises:
        UsageProblem: Something that was wanted cannot be, or a file is there already: nothing is written then.
        OutputError: A file cannot be written.
    """
    answers = answers_for(wanted)
    if answers.missing:
        msg = f"missing: {', '.join(f'--{blank}' for blank in answers.missing)}"
        raise UsageProblem(msg, hint=f"'{answers.shape.rule}' needs them")
    policy = free_id(wanted.id or id_of(wanted.title), wanted.folder)
    files = dict(_files(wanted, policy, answers))
    files.update(_schema_files(wanted.folder))
    for path, text in files.items():
        _make_folder(path.parent)
        write_file(str(path), [text.encode()])
    tested, errors = test_policies(_bench(wanted), (policy,))
    shown = tuple(shown_name(str(path)) for path in files)
    return Written(policy, shown, tested[0] if tested else TestedPolicy(policy), tuple(errors))


def _files(wanted: NewPolicy, policy: str, answers: Answers) -> Iterator[tuple[Path, str]]:
    control = find_control(wanted.folder, wanted.control)
    named = control.edges if control is not None else ()
    edges = list(dict.fromkeys([*named, *wanted.edges]))
    expressions = Expressions(answers)
    fixed: dict[str, str | None] = {
        "id": policy,
        "title": wanted.title.strip(),
        "why": wanted.why.strip(),
        "fix": wanted.fix.strip(),
        "control": wanted.control,
        "severity": wanted.severity,
        "target": None if answers.target == TARGETS[0] else answers.target,
        "schemas": _schemas_of(wanted.folder),
        "edges": _empty_cases(wanted.control, edges),
        "lent-words": None,
    }
    text = fill(answers.shape.policy, _blanks(fixed, expressions))
    words = lent_words(text, wanted.folder)
    is_first = bool(words) and _begins(wanted.folder)
    if not is_first:
        fixed["lent-words"] = words_of_policy(words)
        text = fill(answers.shape.policy, _blanks(fixed, expressions))
    yield wanted.folder / f"{policy}.yaml", text
    first = FirstCases(expressions)
    _refuse_impossible(first, answers)
    cases = fill(answers.shape.cases, _blanks(fixed, first, expressions))
    yield wanted.folder / f"{policy}{CASES_SUFFIX}", cases
    if is_first:
        pack = words_of_pack(words, wanted.pack, _schemas_of(wanted.folder))
        yield wanted.folder / PACK_FILE, pack


def _begins(pack: Path) -> bool:
    """Whether nothing stands in the folder of a pack yet but its catalogue, so that no word can be there twice."""
    return all(path.name == CATALOGUE_FILE for path in pack.glob("*.y*ml"))


def _bench(wanted: NewPolicy) -> Workbench:
    """Return the folder with what is in it now; which packs the profile chooses is not asked yet."""
    bench = read_workbench([str(wanted.folder)])
    return replace(bench, models=models_of(wanted.profile))


def _refuse_impossible(first: FirstCases, answers: Answers) -> None:
    """Refuse a value that the schema has no room for: no record could ever be meant by it."""
    try:
        answers.models.read(first.snapshot())
    except AuditorError as error:
        fault = error.errors[0] if isinstance(error, ErrorGroup) else error
        msg = f"--{WHERE}: '{answers.values.get(WHERE, '')}' can never be: {fault.message}"
        raise UsageProblem(msg, hint="compare with a value that can be recorded") from None


def _blanks(fixed: Mapping[str, str | None], *owners: object) -> Callable[[str, str], str | None]:
    """Look a blank up: among what is said of every policy, else by the method of its name."""

    def value(name: str, argument: str) -> str | None:
        if name in fixed:
            return fixed[name]
        method = next(
            found for owner in owners if (found := getattr(owner, name.replace("-", "_"), None))
        )
        made: str | None = method(argument) if argument else method()
        return made

    return value


def _empty_cases(control: str, edges: Iterable[str]) -> str | None:
    cases = [
        line
        for edge in edges
        for line in (
            f"  - name: {flow(edge)}",
            f"    edge: {flow(edge)}",
            "    # expect: {outcome: }",
        )
    ]
    if not cases:
        return None
    head = f"  # ----- edges of {control}: write what changes (set, remove) and what must come out (expect)"
    return "\n".join(["", head, *cases])


def _schemas_of(pack: Path) -> str:
    """Return where an editor finds the schemas, as seen from a file of the pack."""
    beside = pack.resolve().parent.parent / "schemas" / "policy.schema.json"
    return "../../schemas" if beside.is_file() else f"../{_HIDDEN}"


def _schema_files(pack: Path) -> Iterator[tuple[Path, str]]:
    """Return the schemas that an editor needs and does not find; one that is there stays as it is."""
    if _schemas_of(pack) == f"../{_HIDDEN}":
        for name in _SCHEMAS:
            path = pack.parent / _HIDDEN / f"{name}.schema.json"
            if not path.exists():
                yield path, schema(name).decode()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "the system refuses").lower()
        msg = f"cannot make the folder '{shown_name(str(folder))}': {reason}"
        raise OutputError(msg, hint="name a folder that you may write to") from None
