"""
The cases of a policy, as data: a base snapshot, what is changed in it, and what must come out.

A case names what it expects (outcome, subject, clause, words, facts) and never counts. Unknown keys are
errors here too: an expectation with a typo in it would never fail. A case without ``expect`` is still empty:
it is kept, so that whoever runs it can say so, and it never passes.

Source: LANGUAGE.md, section 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode, key_at, node_at
from auditor.documents.yaml import compose
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup, did_you_mean
from auditor.model.outcome import Outcome
from auditor.model.tailoring import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.model.location import Location

FILE_KEYS: Final = ("policy", "base", "attestations", "cases")
CASE_KEYS: Final = (
    "name", "edge", "set", "remove", "attestations", "as_of", "period", "params", "expect",
)  # fmt: skip
EXPECT_KEYS: Final = ("outcome", "subject", "clause", "says", "witness", "reason")
PERIOD_KEYS: Final = ("from", "to")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one verdict must be."""

    outcome: Outcome
    subject: str | None = None
    clause: int | None = None
    """Index of a clause that must itself have the outcome."""
    says: tuple[str, ...] = ()
    """Words that the message must hold."""
    witness: tuple[str, ...] = ()
    """Pointers that must be among the witnessed or the missing facts."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case."""

    name: str
    location: Location
    edge: str | None
    changes: tuple[tuple[str, Any], ...]
    """JSON Pointer and value, in order; ``-`` as the last token appends, ``/attestations`` begins those of records."""
    removals: tuple[str, ...]
    attestations: tuple[Any, ...]
    """Records beside the snapshot: the case's own, else those of the file; changes reach them, too."""
    as_of: str | None
    period: tuple[str, str] | None
    params: Mapping[str, Any]
    expect: tuple[Expectation, ...]
    """Without one the case is still empty: an edge that somebody has yet to decide."""
    node: MappingNode = field(repr=False, compare=False)
    """As it is written."""

    def at(self, *keys: str | int) -> Written:
        """Return where the value is written that *keys* lead to, or what is nearest around it."""
        node = node_at(self.node, keys)
        return Written(node.location, node.excerpt)

    def name_at(self, *keys: str) -> Written:
        """Return where the name is written in front of the value that *keys* lead to."""
        node = key_at(self.node, keys)
        return Written(node.location, node.excerpt)


@dataclass(frozen=True, slots=True)
class CasesFile:
    """The cases of one policy."""

    policy: str
    path: str
    base: Any
    """The base snapshot, or the path of a file that holds it, relative to the cases file."""
    node: MappingNode = field(repr=False, compare=False)
    """As it is written."""
    cases: tuple[Case, ...] = field(default=())


def parse_cases(data: bytes, *, path: str) -> CasesFile:
    """
    Read a ``<policy>.cases.yaml``.

    Raises:
        ErrorGroup: With every fault, located.
        DocumentError: The file is no YAML.
    """
    return _CasesReader(path).read(compose(data, path=path))


class _CasesReader:
    def __init__(self, path: str) -> None:
        self._path = path
        self._errors: list[AuditorError] = []
        self._attestations: tuple[Any, ...] = ()

    def read(self, node: Node) -> CasesFile:
        root = self._mapping(node, "a cases file", FILE_KEYS)
        found: list[Case] = []
        policy, base = "", None
        if root is not None:
            policy = self._text(root.get("policy"), "'policy'", root) or ""
            base = self._base(root)
            self._attestations = self._records(root.get("attestations"))
            cases = root.get("cases")
            if isinstance(cases, SequenceNode):
                found = [case for item in cases.items if (case := self._case(item)) is not None]
            else:
                self._fault(cases or root, "'cases' must be a list of cases")
        if self._errors or root is None:
            raise ErrorGroup(self._errors)
        return CasesFile(policy, self._path, base, root, tuple(found))

    def _fault(self, node: Node, message: str, hint: str | None = None) -> None:
        self._errors.append(
            ConfigError(
                message,
                hint=hint,
                location=node.location,
                excerpt=node.excerpt,
                slug="config-cases",
            )
        )

    def _mapping(self, node: Node, what: str, known: tuple[str, ...]) -> MappingNode | None:
        if not isinstance(node, MappingNode):
            self._fault(node, f"{what} must be a mapping of names to values")
            return None
        for key, _ in node.entries:
            if key.text not in known:
                hint = did_you_mean(key.text, known)
                self._fault(key, f"{what} has no key '{key.text}'", hint)
        return node

    def _text(self, node: Node | None, what: str, owner: Node | None = None) -> str | None:
        if node is None:
            if owner is not None:
                self._fault(owner, f"{what} is missing", f"add {what.strip(chr(39))}:")
            return None
        if isinstance(node, ScalarNode) and node.value is not None:
            return node.text
        self._fault(node, f"{what} must be a text")
        return None

    def _texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            self._fault(node, f"{what} must be a list")
            return ()
        found = [(item, self._text(item, what)) for item in node.items]
        for item, text in found:
            if text == "":
                self._fault(item, f"a text in {what} is empty, so it says nothing", "leave it out")
        return tuple(text for _, text in found if text is not None)

    def _base(self, root: MappingNode) -> Any:  # noqa: ANN401 - any snapshot
        node = root.get("base")
        if isinstance(node, MappingNode):
            return node.data
        return self._text(node, "'base'", root)

    def _case(self, node: Node) -> Case | None:
        case = self._mapping(node, "a case", CASE_KEYS)
        if case is None:
            return None
        expect = case.get("expect")
        if isinstance(expect, SequenceNode) and not expect.items:
            hint = (
                "add `{outcome: ...}`, or leave `expect` out of a case that is still to be filled"
            )
            self._fault(case, "the case expects nothing, so it could never fail", hint)
            return None
        items = expect.items if isinstance(expect, SequenceNode) else (expect,)
        expected = [
            found
            for item in items
            if item is not None and (found := self._expectation(item)) is not None
        ]
        changes, params = case.get("set"), case.get("params")
        records = case.get("attestations")
        return Case(
            name=self._text(case.get("name"), "'name'", case) or "",
            location=case.location,
            edge=self._text(case.get("edge"), "'edge'"),
            changes=tuple(self._plain(changes, "'set'").items()),
            removals=self._texts(case.get("remove"), "'remove'"),
            attestations=self._attestations if records is None else self._records(records),
            as_of=self._text(case.get("as_of"), "'as_of'"),
            period=self._period(case.get("period")),
            params=self._plain(params, "'params'"),
            expect=tuple(expected),
            node=case,
        )

    def _plain(self, node: Node | None, what: str) -> dict[str, Any]:
        if node is None:
            return {}
        if isinstance(node, MappingNode):
            return node.data
        self._fault(node, f"{what} must be a mapping of names to values")
        return {}

    def _records(self, node: Node | None) -> tuple[Any, ...]:
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            self._fault(node, "'attestations' must be a list")
            return ()
        for item in node.items:
            self._plain(item, "an attestation")
        return tuple(node.data)

    def _period(self, node: Node | None) -> tuple[str, str] | None:
        if node is None:
            return None
        period = self._mapping(node, "a period", PERIOD_KEYS)
        if period is None:
            return None
        first = self._text(period.get("from"), "'from'", period)
        last = self._text(period.get("to"), "'to'", period)
        return (first, last) if first and last else None

    def _expectation(self, node: Node) -> Expectation | None:
        found = self._mapping(node, "an expectation", EXPECT_KEYS)
        if found is None:
            return None
        outcome = self._text(found.get("outcome"), "'outcome'", found)
        allowed = [member.value for member in Outcome]
        if outcome not in allowed:
            if outcome is not None:
                hint = did_you_mean(outcome, allowed)
                self._fault(found.get("outcome") or found, f"'{outcome}' is no outcome", hint)
            return None
        clause = found.get("clause")
        index = clause.value if isinstance(clause, ScalarNode) else None
        if clause is not None and (isinstance(index, bool) or not isinstance(index, int)):
            self._fault(clause, "'clause' must be the number of a clause, from 0")
            index = None
        return Expectation(
            outcome=Outcome(outcome),
            subject=self._text(found.get("subject"), "'subject'"),
            clause=index if isinstance(index, int) else None,
            says=self._texts(found.get("says"), "'says'"),
            witness=self._texts(found.get("witness"), "'witness'"),
            reason=self._text(found.get("reason"), "'reason'"),
        )
