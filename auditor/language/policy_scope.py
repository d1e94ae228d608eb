"""
The names in force at a place of a policy file, whatever is wrong elsewhere in it.

For an editor and a prompt: they ask while the file is being written, so what cannot be read is passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import DYN, PERIOD, TIMESTAMP, ListType, ObjectType, Type, unwrap
from auditor.language.cel.checker import known_where
from auditor.language.cel.compatibility import is_dyn
from auditor.language.cel.narrowing import NONE
from auditor.language.cel.parser import parse
from auditor.language.cel.source import CelSyntaxErrors
from auditor.language.half_typed import Scope, likely_type_of
from auditor.language.let_names import LetNames
from auditor.language.one_policy import PolicyCompiler
from auditor.language.policy_certainty import CertainConditions
from auditor.language.policy_draft import PolicyDraft
from auditor.language.policy_parser import parse_pack, read_draft
from auditor.language.tailoring import TailoredPolicy
from auditor.language.vocabulary import PackWords, is_pack, serves
from auditor.model.errors import AuditorError
from auditor.model.tailoring import Tailoring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.documents.nodes import ScalarNode
    from auditor.language.cel.ast import Expr
    from auditor.language.cel.checker import Definition
    from auditor.language.policy_draft import DefineDraft, PackDraft, PolicyText
    from auditor.language.registry import Functions
    from auditor.language.vocabulary import Vocabulary

_ABOUT: Final[Mapping[str, str]] = {
    "as_of": "The judged instant.",
    "period": "The period that is judged: the one that was set, or the 91 days up to the judged instant.",
    "params": "The policy's parameters, as they are in force.",
    "attestation": "The attestation that is in force for the subject; null where there is none.",
}
_NOT_YET: Final = frozenset({"for", "key"})
"""Where the ``let`` names are not in force: they may use what ``for`` binds."""
_BEFORE_WHEN: Final = frozenset({"for", "key", "at", "when"})
"""What is evaluated before `when`, or is `when`, is not guarded by it."""
_TARGET: Final = "project"
"""Whose fields are offered where it is not said whom a policy judges, or in a ``pack.yaml``."""


def target_scope(root: ObjectType, functions: Functions) -> Scope:
    """Return the names that every expression about a snapshot knows, outside of a policy."""
    variables: dict[str, Type] = {
        **{name: field.type for name, field in root.fields.items()},
        "as_of": TIMESTAMP,
        "period": PERIOD,
    }
    return Scope(variables, functions, {}, _meanings(root))


def policy_scope(
    text: PolicyText,
    place: str,
    texts: Sequence[PolicyText],
    *,
    roots: Mapping[str, ObjectType],
    functions: Functions,
) -> Scope:
    """
    Return the names in force at a place of a policy file, or of a ``pack.yaml``.

    Args:
        text: The file as it is now.
        place: ``for/NAME``, ``key``, ``at``, ``when``, ``due``, ``owner``, ``let/NAME``, ``define/NAME``,
            ``require/0`` or ``say/0``: what `written_expressions` gives. One that the file has not got is a
            place where everything is in force.
        texts: The files of packs; those that are a ``pack.yaml`` bring their words.
        roots: For each target the type of its snapshots.
        functions: What may be called.
    """
    ignored: list[AuditorError] = []
    packs = [one for one in texts if serves(one, text) and one.path != text.path]
    packs += [text] if is_pack(text) else []  # as it is now
    words = PackWords(packs, functions, ignored).of(text)
    draft = _draft(text)
    if not isinstance(draft, PolicyDraft):
        scope = target_scope(roots[_TARGET], functions)
        variables = {**scope.variables, **_parameters(draft.define if draft else (), place)}
        return Scope(variables, functions, _definitions(words), scope.about)
    root = roots[draft.target]
    compiler = PolicyCompiler(draft, root, functions, words)
    tailored = TailoredPolicy(draft, {}, Tailoring(), ignored)
    read = compiler.compile(text, tailored, CertainConditions(functions))
    about = {**_meanings(root), **_own_meanings(draft)}
    scope = Scope(compiler.expressions.variables, functions, _definitions(read.words), about)
    variables = _known_better(draft, scope)
    aliases = compiler.expressions.aliases
    when = None if place.partition("/")[0] in _BEFORE_WHEN else read.policy.when
    return Scope(
        _in_force(draft, variables, place),
        functions,
        scope.definitions,
        about,
        NONE if when is None else known_where(when, aliases),
        aliases,
    )


def written_expressions(draft: PolicyDraft) -> Iterator[tuple[str, ScalarNode]]:
    """Yield the expressions of a policy and its sentences, each with the name of its place."""
    for name, node in draft.subjects:
        yield f"for/{name}", node
    single = ("key", "at", "when", "due", "owner")
    for place in single:
        node = getattr(draft, place)
        if node is not None:
            yield place, node
    for key, node in draft.let:
        yield f"let/{key.text}", node
    for word in draft.define:
        yield f"define/{word.name}", word.body
    for index, clause in enumerate(draft.require):
        yield f"require/{index}", clause.that
        yield f"say/{index}", clause.say


def _draft(text: PolicyText) -> PolicyDraft | PackDraft | None:
    try:
        return parse_pack(text) if is_pack(text) else read_draft(text)[0]
    except AuditorError:
        return None


def _own_meanings(draft: PolicyDraft) -> dict[str, str]:
    """Return what the policy's own names stand for."""
    subjects = {name: f"Each of {' '.join(node.text.split())}." for name, node in draft.subjects}
    return subjects | {key.text: " ".join(node.text.split()) for key, node in draft.let}


def _parameters(words: Sequence[DefineDraft], place: str) -> dict[str, Type]:
    """Return the parameters of the word that stands at a place; of what type each is, its callers say."""
    found = (word.parameters for word in words if place == f"define/{word.name}")
    return {name: DYN for parameters in found for name in parameters}


def _meanings(root: ObjectType) -> dict[str, str]:
    return {**{name: field.about for name, field in root.fields.items()}, **_ABOUT}


def _definitions(words: Vocabulary) -> dict[str, Definition]:
    return {name: definition for name, (definition, _) in words.items()}


def _known_better(draft: PolicyDraft, scope: Scope) -> dict[str, Type]:
    """Return the types of all names; of one whose expression has a fault, what it would likely be without."""
    variables = dict(scope.variables)
    known = Scope(variables, scope.functions, scope.definitions)
    for name, node in draft.subjects:
        if is_dyn(variables.get(name, DYN)):
            found = unwrap(likely_type_of(node.text, known))
            variables[name] = found.element if isinstance(found, ListType) else DYN
    written = {key.text: node.text for key, node in draft.let}
    bodies = {name: _parsed(text) for name, text in written.items()}
    for name in LetNames(bodies, scope.definitions).in_order():
        if is_dyn(variables.get(name, DYN)):
            variables[name] = likely_type_of(written[name], known)
    return variables


def _parsed(text: str) -> Expr | None:
    try:
        return parse(text)
    except CelSyntaxErrors:
        return None


def _in_force(draft: PolicyDraft, variables: dict[str, Type], place: str) -> dict[str, Type]:
    """Leave out what is not in force at a place, and add what only is there."""
    kind, _, name = place.partition("/")
    subjects = [subject for subject, _ in draft.subjects]
    hidden: set[str] = set()
    if kind in _NOT_YET:
        hidden = {key.text for key, _ in draft.let}
    if kind == "for" and name in subjects:
        hidden |= {*subjects[subjects.index(name) :]}
    elif kind == "let":
        hidden.add(name)
    shown = {known: found for known, found in variables.items() if known not in hidden}
    return shown | _parameters(draft.define, place)
