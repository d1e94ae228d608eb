"""
What stands in a policy to no purpose, or is called like something else?

None of it makes a verdict wrong by itself, so a policy with such findings is judged. All of it is a sign that
something else was meant.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from auditor.documents.nodes import MappingNode, SequenceNode
from auditor.language.cel.ast import Call, Expr, Ident, Select, children, walk
from auditor.language.expression_places import located
from auditor.language.let_names import names_in
from auditor.language.lint_expressions import expression_warnings
from auditor.language.lint_sentences import sentence_warnings
from auditor.language.lint_wording import wording_warnings
from auditor.language.vacuity import Vacuity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.documents.nodes import ScalarNode
    from auditor.language.one_policy import ReadPolicy
    from auditor.model.errors import PolicyError

_LEAVE_OUT: Final = "use it or leave it out"


def warnings_of(read: ReadPolicy) -> Iterator[PolicyError]:
    """Find what is doubtful in one policy, beside the conditions that were judged when it was compiled."""
    yield from _file_name(read)
    if read.is_whole:
        yield from _unused(read)
        yield from _useless_empty(read)
    yield from _same_clauses(read)
    yield from expression_warnings(read)
    yield from sentence_warnings(read)
    yield from wording_warnings(read)


def _at(node: ScalarNode, slug: str, message: str, hint: str) -> PolicyError:
    return located(node, slug, message, hint, (0, len(node.text)))


# ----- names


def _file_name(read: ReadPolicy) -> Iterator[PolicyError]:
    path = PurePosixPath(read.draft.path)
    node = read.draft.root.get_key("id")
    if node is not None and path.stem != read.draft.id:
        message = f"the policy is called '{read.draft.id}', and its file '{path.name}'"
        hint = (
            f"call the file {read.draft.id}{path.suffix}, so that the policy is found by its name"
        )
        yield _at(node, "file-name", message, hint)


def _unused(read: ReadPolicy) -> Iterator[PolicyError]:
    draft = read.draft
    bodies = {name: definition.expr for name, (definition, _) in read.words.items()}
    everything = [*read.parsed, *bodies.values()]
    chosen = _parameters(everything)
    for param in draft.params:
        key = _key_of(read, "params", param.name)
        if chosen is not None and param.name not in chosen and key is not None:
            message = f"nothing uses the parameter '{param.name}', so a profile that changes it changes nothing"
            yield _at(key, "unused-param", message, _LEAVE_OUT)
    called = {part.function for expr in everything for part in walk(expr) if isinstance(part, Call)}
    for define in draft.define:
        if define.name not in called:
            message = f"nothing uses the definition '{define.name}'"
            yield _at(define.head, "unused-define", message, _LEAVE_OUT)
    used = names_in(everything)
    for name, node in draft.subjects:
        # The last one's id is the key, unless the policy names another.
        is_key = draft.key is None and name == draft.subjects[-1][0]
        demanded = names_in(_beside(read, node))
        if name not in used or (is_key and name not in demanded):
            message = f"nothing asks anything of '{name}', so every subject gets the same verdict"
            hint = f"demand something of '{name}', or leave 'for' out"
            yield _at(_key_of(read, "for", name) or node, "unused-subject", message, hint)


def _beside(read: ReadPolicy, node: ScalarNode) -> list[Expr]:
    """Return all expressions but that of one ``for`` list."""
    bodies = [definition.expr for definition, _ in read.words.values()]
    own = {placed.checked.expr for placed in read.expressions if placed.node is node}
    return [*(expr for expr in read.parsed if expr not in own), *bodies]


def _key_of(read: ReadPolicy, section: str, name: str) -> ScalarNode | None:
    mapping = read.draft.root.get(section)
    keys = mapping.entries if isinstance(mapping, MappingNode) else ()
    return next((key for key, _ in keys if key.text == name), None)


def _parameters(expressions: Iterable[Expr]) -> set[str] | None:
    """Return the parameters that expressions name; None where ``params`` is used as a whole."""
    found: set[str] = set()
    for expr in expressions:
        for part in walk(expr):
            if isinstance(part, Select) and _is_params(part.operand):
                found.add(part.field)
            elif any(map(_is_params, children(part))):
                return None
    return found


def _is_params(node: Expr) -> bool:
    return isinstance(node, Ident) and node.name == "params"


# ----- clauses


def _useless_empty(read: ReadPolicy) -> Iterator[PolicyError]:
    draft = read.draft
    trees = {id(placed.node): placed.checked.expr for placed in read.expressions}
    demands = [trees.get(id(clause.that)) for clause in draft.require]
    if draft.subjects or draft.attest is not None or None in demands:
        return
    names = {name.text: trees[id(node)] for name, node in draft.let if id(node) in trees}
    definitions = {name: definition.expr for name, (definition, _) in read.words.items()}
    vacuity = Vacuity(names, definitions)
    parts = [part for expr in demands if expr is not None for part in walk(expr)]
    if any(vacuity.possible(part, truth=truth) for part in parts for truth in (True, False)):
        return
    require = draft.root.get("require")
    clauses = require.items if isinstance(require, SequenceNode) else ()
    for section in (draft.root, *clauses):
        key = section.get_key("empty") if isinstance(section, MappingNode) else None
        if key is not None:
            message = "no demand can be true for want of anything to look at: `empty` says nothing"
            yield _at(key, "useless-empty", message, "leave it out")


def _same_clauses(read: ReadPolicy) -> Iterator[PolicyError]:
    seen: dict[str, int] = {}
    for clause in read.draft.require:
        text = " ".join(clause.that.text.split())
        line = seen.setdefault(text, clause.that.location.line)
        if line != clause.that.location.line:
            message = f"this is demanded in line {line} already"
            yield _at(clause.that, "same-clause", message, "demand something else, or leave it out")
