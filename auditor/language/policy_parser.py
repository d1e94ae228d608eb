"""
From the text of a policy file to a `PolicyDraft`, with every fault of its form at once.

Unknown keys are errors: a typo in a key must never switch a demand off.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from auditor.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from auditor.documents.yaml import compose
from auditor.facts.types import (
    BOOL,
    DATE,
    DOUBLE,
    DYN,
    INT,
    RATIO,
    SPAN,
    STRING,
    ListType,
    MapType,
)
from auditor.language.cel.literals import literal_type
from auditor.language.node_reader import NodeReader
from auditor.language.param_values import as_declared, is_between, read_off, shown_value
from auditor.language.policy_draft import (
    AttestDraft,
    ClauseDraft,
    DefineDraft,
    Empty,
    PackDraft,
    ParamDraft,
    PolicyDraft,
    PolicyText,
)
from auditor.language.policy_keys import (
    ATTEST_KEYS,
    CLAUSE_KEYS,
    EFFECTIVE_KEYS,
    PACK_KEYS,
    PACK_TEXTS,
    PARAM_KEYS,
    POLICY_KEYS,
    REQUIRED_KEYS,
    TARGETS,
)
from auditor.language.spans import parse_span, reads_like_span
from auditor.model.errors import AuditorError, ErrorGroup, did_you_mean
from auditor.model.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.facts.types import Type


_ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEFINE: Final = re.compile(r"([A-Za-z_]\w*)\(\s*((?:[A-Za-z_]\w*\s*(?:,\s*[A-Za-z_]\w*\s*)*)?)\)")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

PARAM_TYPES: Final[Mapping[str, Type]] = {
    "string": STRING,
    "int": INT,
    "number": DOUBLE,
    "ratio": RATIO,
    "bool": BOOL,
    "date": DATE,
    "span": SPAN,
    "list": ListType(DYN),
    "map": MapType(STRING, DYN),
}

_LIKE: Final = {
    "string": "'urgent'", "int": "3", "number": "0.9", "ratio": "90 %", "bool": "true", "date": "2026-01-31",
    "span": "3 working days", "list": "[DM, PM]", "map": "{low: 1, high: 2}",
}  # fmt: skip
"""How a value of each type is written."""

_IN_FIGURES: Final = (
    "write the number in figures and one unit, e.g. 3 working days; of a text that is meant, add"
    " type: string"
)


def parse_policy(text: PolicyText) -> PolicyDraft:
    """
    Read a policy file.

    Raises:
        ErrorGroup: With every fault, located.
        DocumentError: The file is no YAML.
    """
    draft, faults = read_draft(text)
    if draft is None or faults:
        raise ErrorGroup(faults)
    return draft


def read_draft(text: PolicyText) -> tuple[PolicyDraft | None, list[AuditorError]]:
    """
    Read a policy file as far as it goes.

    Returns:
        The policy, without what could not be read; None where nothing can be made of it. And every fault.

    Raises:
        DocumentError: The file is no YAML.
    """
    return _PolicyReader(text).read()


def parse_pack(text: PolicyText) -> PackDraft:
    """
    Read a ``pack.yaml``.

    Raises:
        ErrorGroup: With every fault, located.
        DocumentError: The file is no YAML.
    """
    return _PackReader(text).read()


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return _DAY.fullmatch(text) is not None


class _Reader(NodeReader):
    """Reads what policies and packs have in common."""

    def _defines(self, node: Node | None) -> tuple[DefineDraft, ...]:
        mapping = self._mapping(node, "'define'")
        drafts: list[DefineDraft] = []
        for head, body in mapping.entries if mapping else ():
            match = _DEFINE.fullmatch(head.text)
            expression = self._scalar(body, f"'{head.text}'")
            if match is None:
                hint = "write name(argument, argument): expression"
                self._fault(head, "define", f"'{head.text}' is no name with arguments", hint)
            elif expression is not None:
                names = tuple(part.strip() for part in match[2].split(",") if part.strip())
                if len(set(names)) < len(names):
                    self._fault(head, "define", f"two arguments of '{match[1]}' have one name")
                if any(draft.name == match[1] for draft in drafts):
                    self._fault(head, "define", f"'{match[1]}' is defined twice")
                drafts.append(DefineDraft(match[1], names, expression, head))
        return tuple(drafts)


class _PackReader(_Reader):
    def read(self) -> PackDraft:
        root = self._mapping(compose(self._text.data, path=self._text.path), "a pack file")
        title = about = ""
        define: tuple[DefineDraft, ...] = ()
        if root is not None:
            self._keys(root, PACK_KEYS, "a pack")
            texts = {key: self._string(root.get(key), f"'{key}'") for key in PACK_TEXTS}
            title, about = texts["title"], texts["about"]
            define = self._defines(root.get("define"))
        self._finish()
        return PackDraft(self._text.path, self._text.pack, title, about, define)


class _PolicyReader(_Reader):
    def read(self) -> tuple[PolicyDraft | None, list[AuditorError]]:
        node = compose(self._text.data, path=self._text.path)
        root = self._mapping(node, "a policy file")
        if root is None:
            return None, self._errors
        self._keys(root, POLICY_KEYS, "a policy")
        for key in REQUIRED_KEYS:
            if root.get(key) is None:
                self._fault(root, "missing-key", f"the policy has no '{key}'", f"add '{key}:'")
        draft = self._draft(root)
        # What a policy may name depends on its target.
        return draft if draft.target in TARGETS else None, self._errors

    def _draft(self, root: MappingNode) -> PolicyDraft:
        require, attest = self._require(root), self._attest(root.get("attest"))
        if not require and attest is None and root.get("require") is None:
            hint = "add 'require:' with at least one 'that:' and 'say:'"
            self._fault(root, "missing-key", "the policy demands nothing", hint)
        return PolicyDraft(
            path=self._text.path,
            pack=self._text.pack,
            root=root,
            id=self._id(root),
            title=self._string(root.get("title"), "'title'"),
            why=self._string(root.get("why"), "'why'"),
            fix=self._string(root.get("fix"), "'fix'"),
            controls=self._strings(root.get("controls"), "'controls'"),
            severity=self._one_of(root.get("severity"), Severity, "'severity'") or Severity.LOW,
            target=self._target(root),
            formerly=self._strings(root.get("formerly"), "'formerly'"),
            params=self._params(root.get("params")),
            subjects=self._subjects(root),
            key=self._scalar(root.get("key"), "'key'"),
            when=self._scalar(root.get("when"), "'when'"),
            at=self._scalar(root.get("at"), "'at'"),
            due=self._scalar(root.get("due"), "'due'"),
            owner=self._scalar(root.get("owner"), "'owner'"),
            let=self._let(root.get("let")),
            require=require,
            empty=self._one_of(root.get("empty"), Empty, "'empty'"),
            attest=attest,
            effective=self._effective(root.get("effective")),
            define=self._defines(root.get("define")),
        )

    def _id(self, root: MappingNode) -> str:
        node = self._scalar(root.get("id"), "'id'")
        if node is not None and _ID.fullmatch(node.text) is None:
            hint = "use lower-case words with hyphens that name the defect, e.g. story-without-estimate"
            self._fault(node, "id", f"'{node.text}' is no policy id", hint)
        return node.text if node else ""

    def _target(self, root: MappingNode) -> str:
        node = self._scalar(root.get("target"), "'target'")
        if node is None:
            return "project"
        if node.text not in TARGETS:
            hint = did_you_mean(node.text, TARGETS)
            self._fault(node, "unknown-value", f"'target' cannot be '{node.text}'", hint)
        return node.text

    def _subjects(self, root: MappingNode) -> tuple[tuple[str, ScalarNode], ...]:
        node, name = root.get("for"), root.get("as")
        if node is None:
            if name is not None:
                self._fault(name, "as", "'as' names the element of a 'for' that is not there")
            return ()
        if isinstance(node, ScalarNode):
            if name is None:
                hint = "write `for: {sprint: sprints}`, or add `as: sprint`"
                self._fault(node, "as", "'for' does not say what an element is called", hint)
                return ()
            listed, called = self._scalar(node, "'for'"), self._scalar(name, "'as'")
            if called is not None:
                self._name(called)
            return ((called.text, listed),) if called and listed else ()
        mapping = self._mapping(node, "'for'")
        if mapping is not None and not mapping.entries:
            self._fault(node, "wrong-kind", "'for' names no list", "write `for: {sprint: sprints}`")
        if mapping is not None and name is not None:
            self._fault(name, "as", "'as' has no use beside `for: {name: list}`")
        found = []
        for key, value in mapping.entries if mapping else ():
            self._name(key)
            expression = self._scalar(value, f"'for: {key.text}'")
            if expression is not None:
                found.append((key.text, expression))
        return tuple(found)

    def _name(self, key: ScalarNode) -> None:
        if _NAME.fullmatch(key.text) is None:
            hint = "use letters, digits and _, not beginning with a digit"
            self._fault(key, "name", f"'{key.text}' cannot be a name in an expression", hint)

    def _let(self, node: Node | None) -> tuple[tuple[ScalarNode, ScalarNode], ...]:
        mapping = self._mapping(node, "'let'")
        found = []
        for key, value in mapping.entries if mapping else ():
            self._name(key)
            expression = self._scalar(value, f"'let: {key.text}'")
            if expression is not None:
                found.append((key, expression))
        return tuple(found)

    def _require(self, root: MappingNode) -> tuple[ClauseDraft, ...]:
        node = root.get("require")
        if node is None:
            return ()
        if not isinstance(node, SequenceNode) or not node.items:
            hint = "write a list of {that: expression, say: sentence}"
            self._fault(node, "wrong-kind", "'require' must be a list of clauses", hint)
            return ()
        clauses = []
        for item in node.items:
            clause = self._mapping(item, "a clause")
            if clause is None:
                continue
            self._keys(clause, CLAUSE_KEYS, "a clause")
            for key in ("that", "say"):
                if clause.get(key) is None:
                    self._fault(
                        clause, "missing-key", f"the clause has no '{key}'", f"add '{key}:'"
                    )
            that = self._scalar(clause.get("that"), "'that'")
            say = self._scalar(clause.get("say"), "'say'")
            empty = self._one_of(clause.get("empty"), Empty, "'empty'")
            if that is not None and say is not None:
                clauses.append(ClauseDraft(that, say, empty))
        return tuple(clauses)

    def _attest(self, node: Node | None) -> AttestDraft | None:
        mapping = self._mapping(node, "'attest'")
        if mapping is None:
            return None
        self._keys(mapping, ATTEST_KEYS, "'attest'")
        by = self._strings(mapping.get("by"), "'by'")
        length = self._scalar(mapping.get("valid_for"), "'valid_for'")
        valid_for = parse_span(length.text) if length else None
        if not by:
            self._fault(mapping, "missing-key", "'attest' does not say who may vouch", "add 'by:'")
        if valid_for is None:
            hint = "e.g. valid_for: 365 days"
            self._fault(mapping, "missing-key", "'attest' does not say for how long", hint)
        return AttestDraft(by, valid_for, self._strings(mapping.get("asks"), "'asks'"))

    def _effective(self, node: Node | None) -> tuple[str | None, str | None]:
        mapping = self._mapping(node, "'effective'")
        if mapping is None:
            return (None, None)
        self._keys(mapping, EFFECTIVE_KEYS, "'effective'")
        days: list[str | None] = []
        for key in EFFECTIVE_KEYS:
            day = self._scalar(mapping.get(key), f"'{key}'")
            if day is not None and not _is_day(day.text):
                self._fault(day, "day", f"'{day.text}' is no calendar day", "write YYYY-MM-DD")
            days.append(day.text if day else None)
        begin, end = days
        until = mapping.get("until")
        if begin and end and until is not None and begin > end:
            message = f"the policy is never in force: it ends on {end} and begins on {begin}"
            self._fault(until, "unreachable", message, "exchange the two days")
        return (begin, end)

    def _params(self, node: Node | None) -> tuple[ParamDraft, ...]:
        mapping = self._mapping(node, "'params'")
        found = []
        for key, value in mapping.entries if mapping else ():
            self._name(key)
            body = self._mapping(value, f"'params: {key.text}'")
            param = self._param(key, body) if body is not None else None
            if param is not None:
                found.append(param)
        return tuple(found)

    def _param(self, key: ScalarNode, body: MappingNode) -> ParamDraft | None:
        self._keys(body, PARAM_KEYS, f"the parameter '{key.text}'")
        default = body.get("default")
        if default is None:
            hint = "add 'default:'"
            self._fault(body, "missing-key", f"the parameter '{key.text}' has no default", hint)
            return None
        declared = self._scalar(body.get("type"), "'type'")
        kind = PARAM_TYPES.get(declared.text) if declared else None
        if declared is not None and kind is None:
            hint = did_you_mean(declared.text, PARAM_TYPES)
            self._fault(declared, "unknown-value", f"no type '{declared.text}'", hint)
            return None
        value = read_off(default.data) if kind is None else as_declared(default.data, kind)
        if value is None:
            wanted = declared.text if declared else "value"
            message = f"the default of '{key.text}' is no {wanted}"
            self._fault(default, "param-type", message, f"write it like {_LIKE.get(wanted, '3')}")
            return None
        if kind is None and isinstance(value, str) and reads_like_span(value):
            message = f"the default of '{key.text}' reads like a length of time, and is a text"
            self._fault(default, "param-type", message, _IN_FIGURES)
            return None
        between = self._between(body.get("between"), kind or literal_type(value))
        about = self._string(body.get("about"), "'about'")
        return ParamDraft(key.text, kind or literal_type(value), value, default, about, between)

    def _between(self, node: Node | None, kind: Type) -> tuple[object, object] | None:
        if node is None:
            return None
        orderable = not isinstance(kind, ListType | MapType)
        if orderable and isinstance(node, SequenceNode) and len(node.items) == 2:  # noqa: PLR2004 - least and greatest
            low, high = (as_declared(item.data, kind) for item in node.items)
            if low is not None and high is not None and is_between(low, (low, high)):
                return (low, high)
            if low is not None and high is not None:
                message = f"no value lies between {shown_value(low)} and {shown_value(high)}"
                self._fault(node, "param-bounds", message, "write the least value first")
                return None
        message = "'between' must be the least and the greatest value, written like the default"
        self._fault(node, "wrong-kind", message, "e.g. between: [1 working day, 5 working days]")
        return None
