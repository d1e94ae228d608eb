"""
How it reads what cases did not notice: line by line with a case to add, or as a document for programs.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from auditor.cli.render import Paint, source_line
from auditor.language.cases import PERIOD_KEYS
from auditor.reporters.foreign_text import cut, flowing, inert, visible
from auditor.reporters.layout import wrap
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.usecases.mutate_policies import MutatedPolicy, Mutation
    from auditor.usecases.mutation.tried_mutant import CaseThatWould, TriedMutant

_LONGEST: Final = 120
"""Characters of what was changed that are told; its line is shown below."""


def mutation_page(found: Mutation, *, colour: bool) -> Iterator[str]:
    """Yield the lines: each policy with its score, below it what its cases did not notice."""
    for one in found.policies:
        yield from _policy(one, Paint(colour))


def _policy(one: MutatedPolicy, paint: Paint) -> Iterator[str]:
    if not one.cases and not one.is_pack:
        yield from wrap(f"NO CASES {one.name}")
        return
    if one.failing:
        yield from wrap(
            f"NOT TRIED {one.name}: as it is written it does not meet"
            f" {counted(len(one.failing), 'case')} of {one.cases}; see `auditor policy test {one.name}`, with the same options"
        )
        for name in one.failing:
            yield from wrap(f"- {name}", indent="  ", hang="    ")
        return
    if not one.tried:
        refused = f"none of {counted(one.invalid, 'change')} to it can be compiled"
        yield from wrap(
            f"NOT TRIED {one.name}: {refused if one.invalid else 'nothing to change in it'}"
        )
        return
    label = "ok" if not one.missed else "MISSED"
    yield from wrap(f"{label} {score(one)}")
    for key, group in groupby(one.missed, key=lambda mutant: mutant.key):
        yield ""
        yield from wrap(f"{key}", indent="  ")
        for mutant in group:
            yield from _missed(mutant, paint)
    if one.missed:
        yield ""


def score(one: MutatedPolicy) -> str:
    """Say how many changes to a policy were noticed."""
    share = f" ({one.noticed * 100 // one.tried} %)" if one.tried else ""
    beside = f"; {one.invalid} more cannot be compiled" if one.invalid else ""
    return f"{one.name}: {one.noticed} of {counted(one.tried, 'change')} noticed{share}{beside}"


def shortfall(one: MutatedPolicy, percent: int) -> str:
    """Say that the cases of a policy notice too little."""
    return f"{score(one)}, and {percent} % are asked for"


def summary(found: Mutation) -> str:
    """Say in one line what came of it."""
    policies = sum(not one.is_pack for one in found.policies)
    share = f" ({found.noticed * 100 // found.tried} %)" if found.tried else ""
    return (
        f"{counted(policies, 'policy', 'policies')}, {counted(found.tried, 'change')},"
        f" {found.noticed} noticed{share}"
    )


def _missed(one: TriedMutant, paint: Paint) -> Iterator[str]:
    was, now = (cut(text, _LONGEST) for text in (one.was, one.now))
    told = f"`{was}` became `{now}`" if now else f"`{was}` was left out"
    yield from wrap(f"not noticed: {told} [{one.operator}]", indent="    ", hang="      ")
    yield f"      --> {flowing(str(one.location))}"
    for line in source_line(one.excerpt, one.location, paint):
        yield f"    {inert(line)}"
    case = one.case
    if case is None and not one.tries:
        yield from _wrapped("Nobody has looked for a case that would notice it.")
    elif case is None:
        yield from _wrapped(_NOTHING_FOUND.format(counted(one.tries, "variation")))
    elif case.is_new:
        yield from _wrapped("This case would notice it. What must come out, the rule decides:")
        yield from (f"        {inert(visible(line))}" for line in case_to_write(case))
    else:
        yield from _wrapped(
            f"The case '{case.name}' would notice it if it said more under `expect`: {_differs(case)}"
        )


_NOTHING_FOUND: Final = (
    "No difference was found in {} of the cases: it may mean the same, or a case is needed that none of them"
    " resembles."
)


_TOO_LONG: Final = {"message": "s", "facts": ""}
"""What is not quoted where it differs, with the ending of the verb that follows."""


def _wrapped(text: str) -> list[str]:
    return wrap(text, indent="      ")


def _differs(case: CaseThatWould) -> str:
    found = case.difference
    if found.what in _TOO_LONG:
        return f"only the {found.what} for '{found.subject}' differ{_TOO_LONG[found.what]} there."
    return (
        f"the {found.what} for '{found.subject}': {found.written} as the policy is written,"
        f" {found.changed} with the change."
    )


def case_to_write(case: CaseThatWould) -> Iterator[str]:
    """Yield a case as lines of a cases file; what must come out is left to whoever writes it."""
    yield f"- name: {_yaml(case.name + ', changed')}"
    if case.set:
        changes = ", ".join(f"{_yaml(pointer)}: {_yaml(value)}" for pointer, value in case.set)
        yield f"  set: {{{changes}}}"
    if case.remove:
        yield f"  remove: {_yaml(list(case.remove))}"
    if case.as_of is not None:
        yield f"  as_of: {_yaml(case.as_of)}"
    if case.period is not None:
        first, last = case.period
        yield f"  period: {{from: {_yaml(first)}, to: {_yaml(last)}}}"
    if case.params:
        params = ", ".join(f"{_yaml(name)}: {_yaml(value)}" for name, value in case.params)
        yield f"  params: {{{params}}}"
    yield f"  # {flowing(_differs(case))}"
    yield "  # expect:"


def _yaml(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a value in a line of YAML, of which JSON is a part."""
    return json.dumps(value, ensure_ascii=False)


def mutation_document(found: Mutation) -> str:
    """Return what came out as JSON. Source: docs/mutation.md."""
    tree = {
        "schema": {"name": "mutation", "version": 1},
        "tried": found.tried,
        "noticed": found.noticed,
        "policies": [_document(one) for one in found.policies],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2)


def _document(one: MutatedPolicy) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": "pack" if one.is_pack else "policy",
        "cases": one.cases,
        "failing": list(one.failing),
        "tried": one.tried,
        "noticed": one.noticed,
        "invalid": one.invalid,
        "mutants": [_mutant(mutant) for mutant in one.mutants],
    }


def _mutant(one: TriedMutant) -> dict[str, Any]:
    place, case = one.location, one.case
    return {
        "operator": one.operator,
        "key": one.key,
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_column": place.end_column,
        "was": one.was,
        "now": one.now or None,
        "fate": one.fate.value,
        "tries": one.tries,
        "case": None if case is None else _case(case),
    }


def _case(case: CaseThatWould) -> dict[str, Any]:
    found = case.difference
    return {
        "name": case.name,
        "is_new": case.is_new,
        "set": dict(case.set),
        "remove": list(case.remove),
        "as_of": case.as_of,
        "period": None if case.period is None else dict(zip(PERIOD_KEYS, case.period, strict=True)),
        "params": dict(case.params),
        "subject": found.subject,
        "what": found.what,
        "written": found.written,
        "changed": found.changed,
    }
