"""
From the text of a ``catalogue.yaml`` to a `Catalogue`, with every fault at once.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from auditor.documents.nodes import SequenceNode
from auditor.documents.yaml import compose
from auditor.language.node_reader import NodeReader
from auditor.language.policy_keys import TARGETS
from auditor.language.spans import parse_span
from auditor.model.catalogue import Catalogue, Control, Decided, prefix_of
from auditor.model.errors import did_you_mean

if TYPE_CHECKING:
    from auditor.documents.nodes import MappingNode, Node
    from auditor.language.policy_draft import PolicyText

CATALOGUE_KEYS: Final = ("framework", "version", "date", "controls")
"""All of them must be there."""
CONTROL_REQUIRED: Final = ("id", "area", "target", "decided", "rule", "edges")
CONTROL_KEYS: Final = (*CONTROL_REQUIRED, "stage", "attest", "parameters", "house_rule")
VOUCHING_KEYS: Final = ("by", "valid_for")

_ID: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def parse_catalogue(text: PolicyText) -> Catalogue:
    """
    Read a ``catalogue.yaml``.

    Raises:
        ErrorGroup: With every fault, located.
        DocumentError: The file is no YAML.
    """
    return _CatalogueReader(text).read()


class _CatalogueReader(NodeReader):
    def read(self) -> Catalogue:
        node = compose(self._text.data, path=self._text.path)
        root = self._mapping(node, "a catalogue")
        framework = version = date = ""
        controls: list[Control] = []
        if root is not None:
            self._keys(root, CATALOGUE_KEYS, "a catalogue")
            self._demand(root, CATALOGUE_KEYS, "the catalogue")
            framework = self._string(root.get("framework"), "'framework'")
            version = self._string(root.get("version"), "'version'")
            date = self._date(root.get("date"))
            controls = self._controls(root.get("controls"), framework)
        self._finish()
        return Catalogue(framework, self._text.pack, version, date, tuple(controls), node.location)

    def _demand(self, node: MappingNode, keys: tuple[str, ...], owner: str) -> None:
        for key in keys:
            if node.get(key) is None:
                self._fault(node, "missing-key", f"{owner} has no '{key}'", f"add '{key}:'")

    def _date(self, node: Node | None) -> str:
        found = self._scalar(node, "'date'")
        if found is None:
            return ""
        try:
            dt.date.fromisoformat(found.text)
        except ValueError:
            is_day = False
        else:
            is_day = _DAY.fullmatch(found.text) is not None
        if not is_day:
            self._fault(found, "day", f"'{found.text}' is no calendar day", "write YYYY-MM-DD")
        return found.text

    def _controls(self, node: Node | None, framework: str) -> list[Control]:
        if node is None:
            return []
        if not isinstance(node, SequenceNode) or not node.items:
            hint = "write one control below the other, each beginning with `- id:`"
            self._fault(node, "wrong-kind", "'controls' must be a list of controls", hint)
            return []
        found: list[Control] = []
        for item in node.items:
            mapping = self._mapping(item, "a control")
            if mapping is None:
                continue
            control = self._control(mapping, framework)
            first = next((one for one in found if one.id == control.id and one.id), None)
            if first is not None:
                message = f"'{control.id}' is there already, in line {first.location.line}"
                at = mapping.get("id") or mapping
                self._fault(at, "duplicate-control", message, "leave one of the two out")
            found.append(control)
        return found

    def _control(self, node: MappingNode, framework: str) -> Control:
        name = self._id(node, framework)
        owner = f"the control '{name}'" if name else "the control"
        self._keys(node, CONTROL_KEYS, "a control")
        self._demand(node, CONTROL_REQUIRED, owner)
        decided = self._one_of(node.get("decided"), Decided, "'decided'")
        by, valid_for = self._vouching(node, decided, owner)
        stage, house_rule = node.get("stage"), node.get("house_rule")
        return Control(
            id=name,
            area=self._string(node.get("area"), "'area'"),
            stage=self._string(stage, "'stage'") if stage else None,
            target=self._target(node.get("target")),
            decided=decided or Decided.AUTOMATICALLY,
            rule=self._string(node.get("rule"), "'rule'"),
            edges=self._edges(node.get("edges")),
            parameters=self._parameters(node.get("parameters")),
            attested_by=by,
            valid_for=valid_for,
            house_rule=self._string(house_rule, "'house_rule'") if house_rule else None,
            location=node.location,
        )

    def _id(self, node: MappingNode, framework: str) -> str:
        found = self._scalar(node.get("id"), "'id'")
        if found is None:
            return ""
        prefix = prefix_of(framework)
        if _ID.fullmatch(found.text) is None or not found.text.startswith(prefix):
            hint = f"begin with {prefix}, and go on in capital letters, e.g. {prefix}PLN-04"
            message = f"'{found.text}' is no id of a control of '{framework}'"
            self._fault(found, "control-id", message, hint)
        return found.text

    def _target(self, node: Node | None) -> str:
        found = self._scalar(node, "'target'")
        if found is not None and found.text not in TARGETS:
            hint = did_you_mean(found.text, TARGETS)
            self._fault(found, "unknown-value", f"'target' cannot be '{found.text}'", hint)
        return found.text if found else ""

    def _edges(self, node: Node | None) -> tuple[str, ...]:
        edges = self._strings(node, "'edges'")
        for index, edge in enumerate(edges):
            if edge and edge in edges[:index] and isinstance(node, SequenceNode):
                message = "this edge is in the list already"
                self._fault(node.items[index], "duplicate-control", message, "leave it out")
        return edges

    def _vouching(
        self, node: MappingNode, decided: Decided | None, owner: str
    ) -> tuple[tuple[str, ...], str | None]:
        attest = node.get("attest")
        mapping = self._mapping(attest, "'attest'")
        if attest is None and decided is Decided.BY_ATTESTATION:
            hint = "add 'attest: {by: [ROLE], valid_for: 365 days}'"
            self._fault(node, "missing-key", f"{owner} does not say who vouches", hint)
        if attest is not None and decided is Decided.AUTOMATICALLY:
            hint = "leave 'attest' out, or write 'decided: by attestation'"
            self._fault(attest, "unknown-key", f"{owner} is decided automatically", hint)
        if mapping is None:
            return (), None
        self._keys(mapping, VOUCHING_KEYS, "'attest'")
        self._demand(mapping, VOUCHING_KEYS, "'attest'")
        by = self._strings(mapping.get("by"), "'by'")
        listed = mapping.get("by")
        if listed is not None and isinstance(listed, SequenceNode) and not by:
            self._fault(listed, "wrong-kind", "'by' names no role", "e.g. by: [DM]")
        length = self._scalar(mapping.get("valid_for"), "'valid_for'")
        if length is not None and parse_span(length.text) is None:
            hint = "e.g. valid_for: 365 days"
            self._fault(length, "wrong-kind", f"'{length.text}' is no length of time", hint)
        return by, length.text if length else None

    def _parameters(self, node: Node | None) -> tuple[tuple[str, str | tuple[str, ...]], ...]:
        mapping = self._mapping(node, "'parameters'")
        found: list[tuple[str, str | tuple[str, ...]]] = []
        for key, value in mapping.entries if mapping else ():
            if _NAME.fullmatch(key.text) is None:
                hint = "use letters, digits and _, not beginning with a digit"
                self._fault(key, "name", f"'{key.text}' cannot be the name of a parameter", hint)
            what = f"'parameters: {key.text}'"
            if isinstance(value, SequenceNode):
                found.append((key.text, self._strings(value, what)))
            else:
                found.append((key.text, self._string(value, what)))
        return tuple(found)
