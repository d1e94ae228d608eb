"""
``auditor policy new``: write a policy and its first cases from a shape.

On a terminal what is missing is asked for, each question with what there is to choose from; elsewhere all that
is missing is named at once.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from auditor.cli.console import Console, write_text
from auditor.cli.options import messages
from auditor.cli.render import Paint
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode, UsageProblem
from auditor.reporters.foreign_text import flowing
from auditor.reporters.layout import wrap
from auditor.reporters.wording import SEVERITY_MEANINGS, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from auditor.usecases.authoring.wishes import NewPolicy
    from auditor.usecases.new_policy import Written

_BLANKS: Final = ("list", "field", "first", "second", "limit", "role", "period", "number", "where")
_QUESTIONS: Final = {
    "pack": "Pack, the folder of the framework, e.g. seef",
    "control": "Control that the policy decides, e.g. SDF-RSK-02",
    "title": "Title: the defect in one line, e.g. A high risk has no owner",
    "why": "Why it matters, for somebody who has to act",
    "fix": "What to do about a finding",
    "severity": "Severity",
    "shape": "Shape of the rule",
}
"""What every policy needs, whatever its shape, in the order in which it is asked."""


@click.command(
    "new",
    cls=Verb,
    examples=(
        "auditor policy new",
        (
            "auditor policy new --pack ours --control OURS-RSK-01 --severity high --shape has --list risks"
            " --field owner --title 'A risk has no owner' --why 'Nobody acts on it.' --fix 'Name an owner.'"
        ),
    ),
    exits={
        ExitCode.OK: "the policy was written, and its first cases came out as they say",
        ExitCode.GATED: "it was written, and a case did not",
        ExitCode.BAD_INPUT: "a file of the folder cannot be read, or the policy has a fault",
    },
)
@click.option("--pack", metavar="PACK", help="Pack that it belongs to: the name of its folder.")
@click.option("--control", metavar="ID", help="Control of the framework that it decides.")
@click.option("--title", help="The defect, in one line.")
@click.option("--why", help="Why it matters.")
@click.option("--fix", help="What to do about a finding.")
@click.option("--severity", metavar="LEVEL", help="low, medium, high or critical.")
@click.option(
    "--shape",
    metavar="SHAPE",
    help="Form of the rule: has (every X has Y), before (A before B), within (A within a time of B),"
    " approved (role R approved), at-least (N of), at-most (N), running (N periods).",
)
@click.option("--list", "list_", metavar="NAME", help="Records that the rule is about, e.g. risks.")
@click.option("--field", metavar="NAME", help="has: what each must have.")
@click.option("--first", metavar="NAME", help="before, within, running: what has to happen.")
@click.option("--second", metavar="NAME", help="before, within, approved: what it is held against.")
@click.option("--limit", metavar="SPAN", help="within: e.g. 24 hours, 2 working days.")
@click.option("--role", metavar="ROLE", help="approved: whose word counts, e.g. DM.")
@click.option("--period", metavar="NAME", help="running: weeks, months or quarters.")
@click.option("--number", metavar="N", help="at-least, at-most, running: how many.")
@click.option("--where", metavar="FIELD=VALUE", help="Only records with that value.")
@click.option("--target", metavar="KIND", help="project or unit. Default: what the catalogue says.")
@click.option("--id", "policy", metavar="ID", help="Id of the policy. Default: made of the title.")
@click.option(
    "--edge",
    "edges",
    multiple=True,
    metavar="TEXT",
    help="An edge of the control that becomes an empty case; repeatable. Those of the catalogue are taken.",
)
@click.option(
    "--profile",
    metavar="FILE",
    help="Profile of the organisation: what it records itself can be demanded, as --field ext.NAME.",
)
@click.option(
    "--policies",
    default="policies",
    show_default=True,
    metavar="DIR",
    help="Folder of packs, or the folder of the pack itself.",
)
@messages
def new(*, quiet: bool, verbose: bool, **options: Any) -> int:  # noqa: ANN401 - click's options, by name
    """
    Write a policy and its first cases from the shape of a rule.

    On a terminal what is missing is asked for. The cases run at once: one that passes, one that fails, one that
    cannot be decided. The edges of the control become empty cases, which fail until they are filled. A file
    that is there is never written over.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the compiler.
    from auditor.usecases.new_policy import new_policy  # noqa: PLC0415 - see above

    console = Console(quiet=quiet, verbose=verbose)
    given = {name: value for name, value in options.items() if value is not None}
    given["list"] = given.pop("list_", None)
    given = {name: value for name, value in given.items() if value is not None}
    wanted = _asked(given) if sys.stdin.isatty() else _complete(given)
    written = new_policy(wanted)
    for file in written.files:
        console.note(f"wrote {file}")
    console.errors([*written.errors, *written.tested.errors])
    for line in _told(written, wanted):
        console.line(line)
    return written.code


# ----- what is missing


def _wanted(given: Mapping[str, Any]) -> NewPolicy:
    from auditor.usecases.authoring.wishes import NewPolicy  # noqa: PLC0415 - see `new`

    return NewPolicy(
        **{name: given[name] for name in _QUESTIONS},
        answers={name: given[name] for name in _BLANKS if name in given},
        target=given.get("target"),
        id=given.get("policy"),
        edges=given["edges"],
        profile=given.get("profile"),
        policies=given["policies"],
    )


def _complete(given: Mapping[str, Any]) -> NewPolicy:
    """Take what was given, where nobody can be asked for more."""
    from auditor.usecases.authoring.shapes import shape_called, shapes  # noqa: PLC0415 - see `new`

    missing = [name for name in _QUESTIONS if name not in given]
    hint = "run it on a terminal to be asked for them"
    if "shape" in given:
        missing += [blank for blank in shape_called(given["shape"]).asks if blank not in given]
    else:
        hint = f"the shapes are {', '.join(shapes())}; each has options of its own"
    if missing:
        msg = f"missing: {', '.join(f'--{name}' for name in missing)}"
        raise UsageProblem(msg, hint=hint)
    return _wanted(given)


def _asked(given: Mapping[str, Any]) -> NewPolicy:
    """Ask for what was not given, one question after the other, until each answer can be one."""
    from auditor.usecases.new_policy import answers_for  # noqa: PLC0415 - see `new`

    known = dict(given)
    for name, question in _QUESTIONS.items():
        if name not in known:
            known[name] = _prompt(question, _choices(name, known), partial(_held, name, known))
    wanted = _wanted(known)
    answers = answers_for(wanted)
    blanks = answers.missing
    # Whoever is asked for the records is asked which of them are meant, too.
    for blank in [*blanks, *(["where"] if blanks else [])]:
        if blank in wanted.answers:
            answers.give(blank, wanted.answers[blank])
            continue
        asked = answers.question(blank)
        answer = _prompt(asked.text, asked.choices, partial(answers.take, blank))
        if answer:
            wanted = replace(wanted, answers={**wanted.answers, blank: answer})
    return wanted


def _choices(name: str, known: Mapping[str, Any]) -> dict[str, str]:
    """Return what there is to choose from, where that is known."""
    from auditor.usecases.authoring.controls import controls_of_pack  # noqa: PLC0415 - see `new`
    from auditor.usecases.authoring.shapes import shapes  # noqa: PLC0415 - see `new`
    from auditor.usecases.authoring.wishes import pack_folder  # noqa: PLC0415 - see `new`

    if name == "control":
        return controls_of_pack(pack_folder(known["pack"], known["policies"]))
    if name == "severity":
        return {level.value: about for level, about in SEVERITY_MEANINGS.items()}
    if name == "shape":
        return {one.name: f"{one.rule}: {one.example}" for one in shapes().values()}
    return {}


def _held(name: str, known: Mapping[str, Any], text: str) -> str:
    """Take an answer that depends on no shape, or say why it cannot be one."""
    from auditor.usecases.authoring import wishes  # noqa: PLC0415 - see `new`
    from auditor.usecases.authoring.controls import find_control  # noqa: PLC0415 - see `new`
    from auditor.usecases.authoring.shapes import shape_called  # noqa: PLC0415 - see `new`

    if name == "shape":
        return shape_called(text).name
    wishes.check(name, text)
    if name == "control":
        found = find_control(wishes.pack_folder(known["pack"], known["policies"]), text)
        wishes.target_of(known.get("target"), found)
    if name == "title" and "policy" not in known:
        folder = wishes.pack_folder(known["pack"], known["policies"])
        wishes.free_id(wishes.id_of(text), folder)
    return text


def _prompt(question: str, choices: Mapping[str, str], check: Callable[[str], str]) -> str:
    def value(text: str) -> str:
        try:
            return check(text.strip())
        except UsageProblem as problem:
            said = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
            raise click.BadParameter(said) from None

    width = max(map(len, choices), default=0)
    for name, about in choices.items():
        hang = " " * (width + 4)
        lines = wrap(about, indent=f"  {name:{width}}  ", hang=hang) if about else [f"  {name}"]
        write_text("".join(f"{line}\n" for line in lines))
    suffix = " " if question.endswith("?") else ": "
    # An empty answer is one only where the question says so.
    default = "" if question.endswith("(Enter for all)?") else None
    answer: str = click.prompt(
        question,
        value_proc=value,
        err=True,
        prompt_suffix=suffix,
        default=default,
        show_default=False,
    )
    return answer


# ----- what came of it


def _told(written: Written, wanted: NewPolicy) -> Iterator[str]:
    from auditor.cli.policy_test_page import failed_case  # noqa: PLC0415 - see `new`

    for one in written.tested.results:
        if one.case.expect and one.passed:
            outcome = ", ".join(sorted({expected.outcome.value for expected in one.case.expect}))
            yield from wrap(f"ok {one.case.name}: {outcome}", indent="  ", hang="     ")
        elif one.case.expect:
            yield from failed_case(one, Paint(on=False))
    for name in written.empty:
        yield from wrap(f"empty {name}", indent="  ", hang="     ")
    folder = wanted.shown_folder
    own = f" --profile {wanted.profile}" if wanted.profile is not None else ""
    yield "Next:"
    steps = [f"read {written.files[0]}, and change what the rule says otherwise"]
    if written.empty:
        of = counted(len(written.empty), "empty case")
        steps.append(f"fill the {of} in {written.files[1]}: what changes, and what must come out")
    steps += [
        f"auditor policy test {written.policy} --policies {folder}{own}",
        f"auditor policy lint {written.files[0]}{own}",
        f"auditor check PROJECT --policies {folder} --policy {written.policy}{own}",
    ]
    for number, step in enumerate(steps, 1):
        # Not wrapped: a command that is broken in two cannot be copied.
        yield f"  {number}. {flowing(step)}"
