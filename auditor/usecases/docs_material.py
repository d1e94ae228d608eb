"""
Gather what the documentation of policies is made of.

Nothing is left out in silence: what cannot be used is gathered with what is wrong with it, so that the pages can
tell of it, and every fault is kept for whoever asked for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

from auditor.language.policy_parser import parse_pack, read_draft
from auditor.language.reads import fields_read
from auditor.language.unknown_controls import unknown_controls
from auditor.language.vocabulary import definitions, is_pack, serves
from auditor.model.errors import AuditorError, ErrorGroup
from auditor.plugins.entry_points import FUNCTIONS, load_all
from auditor.reporters.docs.material import (
    BrokenPolicy,
    Material,
    ShownCase,
    ShownPack,
    ShownPolicy,
    ShownProfile,
    ShownWord,
)
from auditor.usecases.audience import unwatched
from auditor.usecases.authoring.yaml_text import block, flow
from auditor.usecases.read_cases import read_cases
from auditor.usecases.read_catalogues import read_catalogues, with_packaged
from auditor.usecases.read_policies import compile_texts
from auditor.usecases.test_policies import test_policies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditor.evaluation.cases import CaseResult
    from auditor.language.plan import CompiledPolicy
    from auditor.language.policy_draft import DefineDraft, PolicyDraft, PolicyText
    from auditor.language.registry import Library
    from auditor.model.catalogue import Catalogue
    from auditor.usecases.audience import Progress
    from auditor.usecases.test_policies import TestedPolicy
    from auditor.usecases.workbench import Workbench

_GROUP: Final = re.compile(r"#\s*-{3,}\s*(?P<title>.*?)\s*-*")
"""A comment that heads the words below it: ``# ----- history``."""


def gather(bench: Workbench, progress: Progress = unwatched) -> tuple[Material, list[AuditorError]]:
    """
    Return everything that the pages tell of, and every fault.

    The cases of all policies are run: what an example says is what the policy said.
    """
    return _Gathering(bench, progress).material()


class _Gathering:
    def __init__(self, bench: Workbench, progress: Progress) -> None:
        self._bench = bench
        self._progress = progress
        self._errors: list[AuditorError] = []
        self._texts = {text.path: text for text in bench.texts}
        self._drafts = dict(_drafts(bench.texts))

    def material(self) -> tuple[Material, list[AuditorError]]:
        bench = self._bench
        loaded = compile_texts(bench.texts, bench.models, bench.errors, tailoring=bench.tailoring)
        self._errors += loaded.errors
        compiled = loaded.plan.policies if loaded.plan else ()
        usable = {one.summary.location.path for one in compiled}
        catalogues = self._catalogues()
        packs = self._packs()
        judged = {text.pack for text in bench.texts if not is_pack(text)}
        bare = judged - {one.pack for one in packs if not one.is_above}
        tested = self._tested([one.summary.id for one in compiled])
        policies = tuple(self._policy(one, tested.get(one.summary.id)) for one in compiled)
        broken = tuple(
            self._broken(text)
            for text in bench.texts
            if not is_pack(text) and text.path not in usable
        )
        material = Material(
            catalogues=catalogues,
            borrowed=self._borrowed(catalogues),
            policies=policies,
            broken=broken,
            packs=(
                *packs,
                *(ShownPack(pack, None, "", "", (), is_above=False) for pack in sorted(bare)),
            ),
            schemas={target: dict(bench.models[target].schema) for target in bench.models},
            libraries=[cast("Library", one) for one in load_all(FUNCTIONS).values()],
            profile=self._profile(),
            problems=tuple(_told(error) for error in self._errors if not self._has_page(error)),
        )
        return material, self._errors

    def _has_page(self, error: AuditorError) -> bool:
        """Whether what is wrong is told on the page of its pack."""
        return error.location is not None and error.location.path in self._texts

    # ----- catalogues

    def _catalogues(self) -> tuple[Catalogue, ...]:
        read = read_catalogues(self._bench.folders)
        self._errors += [*read.errors, *read.unread]
        self._errors += unknown_controls(self._drafts.values(), with_packaged(read.catalogues))
        loaded = self._bench.profile
        chosen = loaded.profile.packs if loaded is not None else None
        return tuple(one for one in read.catalogues if chosen is None or one.pack in chosen)

    def _borrowed(self, own: Sequence[Catalogue]) -> tuple[Any, ...]:
        """Find controls that policies decide and that only the catalogues of the program know."""
        named = {control for draft in self._drafts.values() for control in draft.controls}
        return tuple(
            (control, one)
            for one in with_packaged(own)
            if one not in own
            for control in one.controls
            if control.id in named
        )

    # ----- words

    def _packs(self) -> tuple[ShownPack, ...]:
        """Return the packs that are judged; a profile may choose among them."""
        found = [self._pack(text) for text in self._bench.texts if is_pack(text)]
        loaded = self._bench.profile
        if loaded is None or loaded.profile.packs is None:
            return tuple(found)
        judged = {text.pack for text in self._bench.texts if not is_pack(text)}
        return tuple(one for one in found if one.is_above or one.pack in judged)

    def _pack(self, text: PolicyText) -> ShownPack:
        is_above = any(
            serves(text, other) and other.pack != text.pack for other in self._bench.texts
        )
        try:
            draft = parse_pack(text)
        except AuditorError as error:
            faults = error.errors if isinstance(error, ErrorGroup) else (error,)
            problems = tuple(map(_told, faults))
            return ShownPack(text.pack, text.path, "", "", (), is_above=is_above, problems=problems)
        problems = tuple(_told(error) for error in self._at(text.path))
        words = self._words(draft.define, text)
        about = " ".join(draft.about.split())
        return ShownPack(text.pack, text.path, draft.title, about, words, is_above, problems)

    def _words(self, drafts: Sequence[DefineDraft], text: PolicyText) -> tuple[ShownWord, ...]:
        # What is wrong with them was told when the policies were compiled.
        known = definitions(drafts, self._bench.functions, {}, [])
        lines = text.data.decode("utf-8", "replace").splitlines()
        return tuple(
            ShownWord(known[draft.name][0], draft, *_comments(lines, draft.head.location.line))
            for draft in drafts
            if draft.name in known
        )

    # ----- policies

    def _tested(self, ids: Sequence[str]) -> dict[str, TestedPolicy]:
        if not ids:
            return {}
        tested, _ = test_policies(self._bench, tuple(ids), progress=self._progress)
        return {one.policy: one for one in tested}

    def _policy(self, policy: CompiledPolicy, tested: TestedPolicy | None) -> ShownPolicy:
        summary = policy.summary
        text = self._texts[summary.location.path]
        draft = self._drafts[text.path]
        errors = tested.errors if tested is not None else ()
        self._errors += errors
        beside = read_cases(text, summary.id)
        results = tested.results if tested is not None else ()
        reads = fields_read([policy], self._bench.roots[summary.target], self._bench.functions)
        words = [other for other in self._bench.texts if serves(other, text)]
        words.sort(key=lambda one: one.pack != text.pack)
        return ShownPolicy(
            policy=policy,
            draft=draft,
            cases=tuple(map(_shown_case, results)),
            cases_file=beside.shown,
            case_problems=tuple(map(_told, errors)),
            base=_yaml(beside.base),
            reads=tuple(sorted(reads)),
            word_files=tuple(one.path for one in words),
            own_words=self._words(draft.define, text),
        )

    def _broken(self, text: PolicyText) -> BrokenPolicy:
        draft = self._drafts.get(text.path)
        problems = [_told(error) for error in self._at(text.path)]
        if not problems:
            words = [other for other in self._bench.texts if serves(other, text)]
            faulty = [one.path for one in words if self._at(one.path)]
            problems = [f"its shared words cannot be used: {path}" for path in faulty]
        stem = text.path.rpartition("/")[2].rpartition(".")[0]
        return BrokenPolicy(
            draft.id if draft is not None and draft.id else stem,
            text.path,
            text.pack,
            draft.controls if draft is not None else (),
            tuple(problems),
        )

    def _at(self, path: str) -> list[AuditorError]:
        return [
            one for one in self._errors if one.location is not None and one.location.path == path
        ]

    # ----- the organisation

    def _profile(self) -> ShownProfile | None:
        loaded = self._bench.profile
        if loaded is None:
            return None
        profile = loaded.profile

        def written(name: str | None) -> str:
            if name is None:
                return ""
            return loaded.files[name].data.decode("utf-8", "replace").rstrip()

        return ShownProfile(
            profile,
            loaded.shown,
            loaded.digest,
            written(profile.standards),
            written(profile.ext),
            tuple(profile.mappings.items()),
        )


def _drafts(texts: Iterable[PolicyText]) -> Iterable[tuple[str, PolicyDraft]]:
    """Yield the policies by file as far as they can be read; what is wrong with them the compiler tells."""
    for text in texts:
        if is_pack(text):
            continue
        try:
            draft, _ = read_draft(text)
        except AuditorError:
            continue
        if draft is not None:
            yield text.path, draft


def _comments(lines: Sequence[str], line: int) -> tuple[str, str]:
    """Return the comment above a line of a file, and the nearest heading of dashes above it."""
    about: list[str] = []
    at = line - 2
    while at >= 0 and lines[at].strip().startswith("#") and not _heading(lines[at]):
        about.insert(0, lines[at].strip().lstrip("#").strip())
        at -= 1
    headings = (_heading(one) for one in reversed(lines[: line - 1]))
    return " ".join(about), next((one for one in headings if one), "")


def _heading(line: str) -> str:
    found = _GROUP.fullmatch(line.strip())
    return found["title"] if found else ""


def _shown_case(result: CaseResult) -> ShownCase:
    case = result.case
    return ShownCase(
        result,
        tuple((pointer, flow(value)) for pointer, value in case.changes),
        tuple((name, flow(value)) for name, value in case.params.items()),
        flow(list(case.attestations)) if case.attestations else "",
    )


def _yaml(base: Any) -> str:  # noqa: ANN401 - any snapshot
    if isinstance(base, dict):
        return block(base)
    return "" if base is None else flow(base)


def _told(error: AuditorError) -> str:
    place = f"{error.location}: " if error.location is not None else ""
    hint = f" ({error.hint})" if error.hint else ""
    return f"{place}{error.message}{hint}"
