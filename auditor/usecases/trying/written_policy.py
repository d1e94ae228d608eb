"""
A policy file that somebody is working on: read again when it has changed, compiled as far as it goes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.language.plan import Plan
from auditor.language.policy_compiler import read_policies
from auditor.language.policy_parser import read_draft
from auditor.language.vocabulary import is_pack, serves
from auditor.model.errors import AuditorError, ErrorGroup, InputError, UsageProblem, did_you_mean
from auditor.usecases.read_config import unreadable
from auditor.usecases.read_policies import named_folder, read_texts
from auditor.usecases.workbench import file_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.language.plan import CompiledPolicy
    from auditor.language.policy_draft import PolicyText
    from auditor.usecases.workbench import Workbench


@dataclass(frozen=True, slots=True, eq=False)
class WrittenPolicy:
    """A policy as its file says it now."""

    text: PolicyText
    words: tuple[PolicyText, ...]
    """The ``pack.yaml`` files that are in force in it."""
    plan: Plan | None
    """It alone; None where it has a fault."""
    errors: tuple[AuditorError, ...]

    @property
    def compiled(self) -> CompiledPolicy | None:
        """The policy; None where it has a fault."""
        return self.plan.policies[0] if self.plan is not None else None

    def reread(self, bench: Workbench) -> WrittenPolicy | None:
        """
        Read its files again.

        Returns:
            None where nothing has changed.
        """
        before = (self.text, *self.words)
        errors: list[AuditorError] = []
        texts = []
        for text in before:
            try:
                texts.append(replace(text, data=file_of(text).read_bytes()))
            except OSError as error:
                errors.append(unreadable(text.path, error))
        if errors:
            told = [str(error) for error in self.errors]
            is_new = told != [str(error) for error in errors]
            return replace(self, plan=None, errors=tuple(errors)) if is_new else None
        if texts == list(before) and not any(map(_is_unread, self.errors)):
            return None
        return compiled(texts[0], texts[1:], bench)


def _is_unread(error: AuditorError) -> bool:
    return isinstance(error, InputError) and error.location is None


def find_policy(bench: Workbench, typed: str) -> WrittenPolicy:
    """
    Find a policy by its file or its id, and compile it.

    Args:
        bench: The policies that there are; a file need not be one of them.
        typed: As the user typed it.

    Raises:
        UsageProblem: There is no such policy.
        ErrorGroup: Its folder cannot be read.
    """
    path = Path(typed)
    texts: Sequence[PolicyText] = bench.texts
    if path.is_file():
        text = _in_file(texts, path)
        if text is None:
            texts, errors = read_texts([named_folder(str(path.parent))])
            text = _in_file(texts, path)
            if text is None and errors:
                raise ErrorGroup(errors)
        if text is None or is_pack(text):
            msg = f"'{named_folder(typed).shown}' is no policy file"
            raise UsageProblem(msg, hint="name a .yaml file that holds one policy")
    else:
        text = _called(texts, typed)
    return compiled(text, [one for one in texts if serves(one, text)], bench)


def _in_file(texts: Sequence[PolicyText], path: Path) -> PolicyText | None:
    wanted = path.resolve()
    return next((text for text in texts if file_of(text).resolve() == wanted), None)


def _called(texts: Sequence[PolicyText], policy: str) -> PolicyText:
    policies = [text for text in texts if not is_pack(text)]
    stems = {Path(text.path).stem: text for text in policies}
    if policy in stems:
        return stems[policy]
    ids = {_id(text): text for text in policies}
    if policy not in ids:
        msg = f"no policy is called '{policy}', and no file"
        raise UsageProblem(msg, hint=did_you_mean(policy, ids))
    return ids[policy]


def _id(text: PolicyText) -> str:
    try:
        draft, _ = read_draft(text)
    except AuditorError:
        draft = None
    return draft.id if draft is not None else Path(text.path).stem


def compiled(text: PolicyText, words: Sequence[PolicyText], bench: Workbench) -> WrittenPolicy:
    """Compile a policy with what the profile changes of it, as a run would judge by it."""
    read = read_policies(
        [text, *words],
        roots=bench.roots,
        functions=bench.functions,
        tailoring=bench.tailoring,
    )
    plan = None
    if not read.errors and read.policies:
        instead = bench.profile.attest_instead if bench.profile is not None else ()
        plan = Plan((read.policies[0].policy,), bench.functions, instead)
    return WrittenPolicy(text, tuple(words), plan, read.errors)
