"""
Is an expression meaningful, and what type is it?

The checker knows the declared fields, follows null along paths, and reports everything that is wrong
with an expression at once. What it lets through may still be unknown when it is evaluated, but it cannot
name a field that does not exist, compare what is never equal, or order something that may be null.

Source: CEL specification, "Type checking"; LANGUAGE.md, sections 3 and 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.facts.types import (
    BOOL,
    DYN,
    FREE,
    INT,
    TYPE,
    ListType,
    MapType,
    NullableType,
    Type,
    held_type,
)
from auditor.language.cel import diagnostics as say
from auditor.language.cel.ast import (
    Block,
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    MapExpr,
    Select,
    StructExpr,
    slot_name,
)
from auditor.language.cel.calls import CallTypes
from auditor.language.cel.checked import CheckedExpr, Instance
from auditor.language.cel.comparisons import difference_faults, equality_faults, membership_faults
from auditor.language.cel.compatibility import bounded, is_dyn, join, settled
from auditor.language.cel.definitions import Definition, Environment
from auditor.language.cel.diagnostics import CheckErrors, Diagnostic
from auditor.language.cel.literals import literal_type
from auditor.language.cel.macro_types import PER_ELEMENT, bound_types, macro_type, truth_faults
from auditor.language.cel.names import namespaced
from auditor.language.cel.narrowing import NONE, Narrowing, Path, path_of, visible

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from auditor.language.registry import Functions

__all__ = ["CheckErrors", "Definition", "check"]


def check(
    expr: Expr,
    *,
    variables: Mapping[str, Type],
    functions: Functions,
    container: str = "",
    text: str = "",
    definitions: Mapping[str, Definition] | None = None,
    known: frozenset[Path] = NONE,
    aliases: Mapping[str, Path] | None = None,
) -> CheckedExpr:
    """
    Check an expression.

    Args:
        expr: The parsed expression.
        variables: Types by name; names may hold dots.
        functions: What may be called.
        container: Namespace in which names are looked up first.
        text: Source of *expr*, for messages.
        definitions: The ``define`` names in force.
        known: Paths that a guard outside of the expression has shown not to be null.
        aliases: Names that stand for a path, so that a guard on either guards both.

    Raises:
        CheckErrors: With every fault.
    """
    environment = Environment(variables, functions, container, definitions or {}, aliases or {})
    checker = _Checker(environment, text, aliases or {})
    checker.infer(expr, {}, known)
    if checker.diagnostics:
        raise CheckErrors(dict.fromkeys(checker.diagnostics))
    return checker.checked(expr)


def likely_type(
    expr: Expr,
    *,
    variables: Mapping[str, Type],
    functions: Functions,
    definitions: Mapping[str, Definition],
    bound: Mapping[str, Type],
) -> Type:
    """
    Return the type of an expression that is still being written, whatever is wrong with it.

    Args:
        expr: The parsed expression.
        variables: Types by name.
        functions: What may be called.
        definitions: The ``define`` names in force.
        bound: The variables of the macros around it, which hide others of the same name.

    Returns:
        The type, dyn where nothing is known.
    """
    checker = _Checker(Environment(variables, functions, "", definitions, {}), "", {})
    return settled(checker.infer(expr, dict(bound), NONE))


class _Checker:
    def __init__(
        self,
        environment: Environment,
        text: str,
        aliases: Mapping[str, Path],
        stack: tuple[str, ...] = (),
    ) -> None:
        self.types: dict[int, Type] = {}
        self.instances: dict[int, Instance] = {}
        self.diagnostics: list[Diagnostic] = []
        self._environment = environment
        self._text = text
        self._aliases = aliases
        self._stack = stack
        self._narrowing = Narrowing(aliases, self._type_of)
        names = environment.definitions
        self._calls = CallTypes(environment.functions, names, text, self.diagnostics)

    # ----- what is found

    def checked(self, expr: Expr) -> CheckedExpr:
        """Return *expr* with what was found out about it."""
        types = {number: settled(found) for number, found in self.types.items()}
        return CheckedExpr(expr, self._text, types, self.instances)

    def _type_of(self, node: Expr) -> Type:
        return self.types.get(node.id, DYN)

    def _shadow(self, names: Container[str]) -> Mapping[str, Path]:
        """Leave out the aliases that *names* hide, and return those that were in force before."""
        before = self._aliases
        self._aliases = visible(before, names)
        self._narrowing = Narrowing(self._aliases, self._type_of)
        return before

    def _source(self, node: Expr) -> str:
        return self._text[node.start : node.end] or "this"

    def _report(self, diagnostic: Diagnostic) -> Type:
        self.diagnostics.append(diagnostic)
        return DYN

    def infer(self, node: Expr, scope: dict[str, Type], known: frozenset[Path]) -> Type:
        """Find the type of *node*, and note it."""
        found = bounded(self._infer(node, scope, known))
        if isinstance(found, NullableType):
            path = path_of(node, self._aliases)
            if path is not None and path in known:
                found = found.inner
        self.types[node.id] = found
        return found

    def _infer(self, node: Expr, scope: dict[str, Type], known: frozenset[Path]) -> Type:
        match node:
            case Literal():
                return literal_type(node.value)
            case Ident():
                return self._name(node, scope)
            case Select():
                return self._select(node, scope, known)
            case Call():
                return self._call(node, scope, known)
            case Comprehension():
                return self._comprehension(node, scope, known)
            case Block():
                return self._block(node, scope, known)
            case ListExpr():
                found = [self.infer(element, scope, known) for element in node.elements]
                return ListType(self._joined(self._given(node, node.elements, found)))
            case MapExpr():
                keys = [self.infer(key, scope, known) for key, _ in node.entries]
                values = [self.infer(value, scope, known) for _, value in node.entries]
                given = self._given(node, [value for _, value in node.entries], values)
                return MapType(self._joined(keys), self._joined(given))
            case StructExpr():
                return self._report(say.unknown_type(node, node.type_name))
            case _:
                msg = f"no type rule for {type(node).__name__}"
                raise TypeError(msg)

    @staticmethod
    def _joined(types: list[Type]) -> Type:
        joined: Type = FREE
        for found in types:
            joined = join(joined, found)
        return joined

    def _given(
        self, node: ListExpr | MapExpr, parts: Sequence[Expr], found: Sequence[Type]
    ) -> list[Type]:
        """Return the types of the members of a literal: of one that may be left out, what it holds."""
        given = list(found)
        for at in node.optional:
            held = DYN if is_dyn(found[at]) else held_type(found[at])
            if held is None:
                held = self._report(say.not_optional(parts[at], self._source(parts[at]), found[at]))
            given[at] = held
        return given

    # ----- names and fields

    def _name(self, node: Ident, scope: dict[str, Type]) -> Type:
        if not node.absolute and node.name in scope:
            return scope[node.name]
        found = self._environment.type_of(node.name, absolute=node.absolute)
        if found is None:
            known = {
                *(name for name in scope if not name.startswith("@")),
                *(name for name in self._environment.variables if not name.startswith("_")),
            }
            spelled = self._source(node) if node.name.startswith("@") else node.name
            return self._report(say.undeclared_name(node, spelled, known))
        return found

    def _select(self, node: Select, scope: dict[str, Type], known: frozenset[Path]) -> Type:
        dotted = None if node.test else self._dotted(node, scope)
        if dotted is not None:
            return dotted
        return self._calls.select(node, self.infer(node.operand, scope, known))

    def _dotted(self, node: Select, scope: Mapping[str, Type]) -> Type | None:
        path = path_of(node, {}, absolute=True)
        root: Expr = node
        while isinstance(root, Select):
            root = root.operand
        if path is None or not isinstance(root, Ident) or (not root.absolute and path[0] in scope):
            return None
        return self._environment.type_of(".".join(path), absolute=root.absolute)

    # ----- calls

    def _call(self, node: Call, scope: dict[str, Type], known: frozenset[Path]) -> Type:
        match node.function:
            case "_&&_" | "_||_":
                return self._logic(node, scope, known)
            case "!_":
                self._truth(node.args[0], self.infer(node.args[0], scope, known))
                self._negated(node.args[0])
                return BOOL
            case "_?_:_":
                return self._conditional(node, scope, known)
            case _:
                pass
        name = namespaced(node, self._environment.functions, scope)
        if name is not None or self._is_in_namespace(node, scope):
            return self._in_namespace(node, name, [self.infer(a, scope, known) for a in node.args])
        operands = (node.target, *node.args) if node.target is not None else node.args
        found = [self.infer(operand, scope, known) for operand in operands]
        match node.function:
            case "_==_" | "_!=_":
                self.diagnostics.extend(equality_faults(node, found[0], found[1], self._text))
                return BOOL
            case "@in":
                self.diagnostics.extend(membership_faults(node, found[0], found[1], self._text))
                return BOOL
            case "_[_]" | "_[?_]":
                return self._calls.index(node, *found)
            case "_?._":
                return self._calls.optional_select(node, found[0])
            case "dyn" | "type" | "notSupported" if len(found) == 1:
                return {"dyn": DYN, "type": TYPE, "notSupported": BOOL}[node.function]
            case "size" if len(found) == 1 and isinstance(found[0], ListType | MapType):
                return INT
            case "_+_" if _are_lists(found):
                return DYN if any(map(is_dyn, found)) else self._joined(found)
            case _:
                return self._function(node, operands, found, scope, known)

    def _in_namespace(self, node: Call, name: str | None, found: Sequence[Type]) -> Type:
        if name is not None:
            return self._calls.overload(node, name, node.args, found)
        return self._report(say.unknown_in_namespace(node, self._environment.functions.names()))

    def _is_in_namespace(self, node: Call, scope: Container[str]) -> bool:
        """Whether a call begins with a namespace, and with nothing else of that name."""
        space = node.target
        if not isinstance(space, Ident) or space.name not in self._environment.functions.namespaces:
            return False
        is_hidden = space.name in scope and not space.absolute
        declared = self._environment.type_of(space.name, absolute=space.absolute)
        return not is_hidden and declared is None

    def _truth(self, node: Expr, found: Type) -> None:
        self.diagnostics.extend(truth_faults(node, found, self._text))

    def _negated(self, node: Expr) -> None:
        """Find what ``!(a == b)`` and ``!(a in b)`` would count as different although it is absent."""
        if isinstance(node, Call) and node.function in {"_==_", "@in"}:
            found = (self._type_of(node.args[0]), self._type_of(node.args[1]))
            self.diagnostics.extend(difference_faults(node, *found, self._text))

    def _logic(self, node: Call, scope: dict[str, Type], known: frozenset[Path]) -> Type:
        holds = node.function == "_&&_"
        for argument in node.args:
            self._truth(argument, self.infer(argument, scope, known))
            known |= self._narrowing.when(argument, truth=holds)
        return BOOL

    def _conditional(self, node: Call, scope: dict[str, Type], known: frozenset[Path]) -> Type:
        test, then, otherwise = node.args
        self._truth(test, self.infer(test, scope, known))
        narrowing = self._narrowing
        left = self.infer(then, scope, known | narrowing.when(test, truth=True))
        right = self.infer(otherwise, scope, known | narrowing.when(test, truth=False))
        # What is left undecided is never a value, so the whole is of the other branch's type.
        if _is_undecided(then):
            return right
        return left if _is_undecided(otherwise) else join(left, right)

    def _function(
        self,
        node: Call,
        operands: tuple[Expr, ...],
        found: list[Type],
        scope: Mapping[str, Type],
        known: frozenset[Path],
    ) -> Type:
        definition = (
            self._environment.definitions.get(node.function) if node.target is None else None
        )
        if definition is not None:
            return self._define(
                node, definition, found, self._known_inside(node, definition, scope, known)
            )
        if node.function == "_+_" and len(found) > 2:  # noqa: PLR2004 - a flat chain
            total = found[0]
            for position in range(1, len(found)):
                pair = (operands[0], operands[position])
                total = self._calls.overload(node, "_+_", pair, [total, found[position]])
            return total
        return self._calls.overload(node, node.function, operands, found)

    def _define(
        self, node: Call, definition: Definition, found: list[Type], known: frozenset[Path]
    ) -> Type:
        name = definition.name
        if name in self._stack:
            chain = " -> ".join([*self._stack[self._stack.index(name) :], name])
            message = f"'{name}' is defined by itself: {chain}"
            return self._report(Diagnostic("cyclic-define", message, None, node.start, node.end))
        if len(found) != len(definition.parameters):
            wanted = f"{name}({', '.join(definition.parameters)})"
            types = ", ".join(str(part) for part in found)
            return self._report(say.no_overload(node, name, types, [wanted]))
        # The parameters are a scope of their own: a definition that this one calls does not see them.
        arguments = dict(zip(definition.parameters, found, strict=True))
        body = _Checker(
            self._environment,
            definition.text,
            visible(self._environment.aliases, arguments),
            (*self._stack, name),
        )
        result = body.infer(definition.expr, arguments, known)
        for inner in body.diagnostics:
            message = f"in '{name}': {inner.message}"
            told = Diagnostic(inner.slug, message, inner.hint, node.start, node.end, name)
            self._report(told)
        checked = body.checked(definition.expr)
        self.instances[node.id] = Instance(definition.parameters, checked)
        return result

    def _known_inside(
        self,
        node: Call,
        definition: Definition,
        scope: Mapping[str, Type],
        known: frozenset[Path],
    ) -> frozenset[Path]:
        """Hand the guards on an argument's path, and on global paths, into the definition's body."""
        hidden = {*scope, *definition.parameters}
        inside = {path for path in known if path[0] not in hidden}
        for parameter, argument in zip(definition.parameters, node.args, strict=False):
            path = path_of(argument, self._aliases)
            if path is not None:
                size = len(path)
                inside |= {(parameter, *k[size:]) for k in known if k[:size] == path}
        return frozenset(inside)

    # ----- macros

    def _comprehension(
        self, node: Comprehension, scope: dict[str, Type], known: frozenset[Path]
    ) -> Type:
        source = self.infer(node.range, scope, known)
        bound, faults = bound_types(node, source, self._text)
        self.diagnostics.extend(faults)
        inner = {**scope, **dict(zip(node.variables, bound, strict=True))}
        inner_known = frozenset(path for path in known if path[0] not in node.variables)
        bodies: list[Type] = []
        outer_aliases = self._shadow(node.variables)
        once = node.args[PER_ELEMENT.get(node.macro, len(node.args)) :]
        limits = [self.infer(argument, scope, known) for argument in once]
        for position, argument in enumerate(node.args[: len(node.args) - len(once)]):
            bodies.append(self.infer(argument, inner, inner_known))
            if position == 0 and len(node.args) > 1:
                inner_known |= self._narrowing.when(argument, truth=True)
        self._aliases = outer_aliases
        self._narrowing = Narrowing(outer_aliases, self._type_of)
        result, faults = macro_type(node, bound, [*bodies, *limits], self._text)
        self.diagnostics.extend(faults)
        return result

    def _block(self, node: Block, scope: dict[str, Type], known: frozenset[Path]) -> Type:
        names = [slot_name(position) for position in range(len(node.slots))]
        known = frozenset(path for path in known if path[0] not in names)
        inner = {name: found for name, found in scope.items() if name not in names}
        for name, slot in zip(names, node.slots, strict=True):
            inner[name] = self.infer(slot, inner, known)
        return self.infer(node.body, inner, known)


def _is_undecided(node: Expr) -> bool:
    return isinstance(node, Call) and node.function == "undecided" and node.target is None


def known_where(checked: CheckedExpr, aliases: Mapping[str, Path]) -> frozenset[Path]:
    """Return the paths that cannot be null where *checked* is true."""

    def type_of(node: Expr) -> Type:
        return checked.types.get(node.id, DYN)

    return Narrowing(aliases, type_of).when(checked.expr, truth=True)


def _are_lists(found: Sequence[Type]) -> bool:
    """Tell whether lists are joined, perhaps with something of which only a run shows that it is one."""
    is_list = [isinstance(part, ListType) for part in found]
    return any(is_list) and all(
        one or is_dyn(part) for one, part in zip(is_list, found, strict=True)
    )
