"""
Does the language mean what the CEL specification's own test suite says?

Each case goes the way of a policy's expression: parser, checker (unless the case switches it off), exact
evaluator, with the function libraries that ship. There is no list of cases to skip. An expected error is
not met by a feature that is missing here: a name or function that ought to be known counts as a failure.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from auditor.evaluation.exact import evaluate
from auditor.evaluation.shapes import plain
from auditor.facts.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    NullableType,
    OpaqueType,
    Type,
    TypeParameter,
)
from auditor.language.cel.checker import check
from auditor.language.cel.diagnostics import CheckErrors
from auditor.language.cel.parser import parse
from auditor.language.functions import (
    conversions,
    encoders,
    lists,
    math_ext,
    network,
    optionals,
    regex,
    sets,
    standard,
    string_ext,
    strings,
    time_fields,
)
from auditor.language.registry import Functions, Library, Overload
from auditor.language.values import (
    NS_PER_S,
    Duration,
    Failure,
    Listing,
    MapValue,
    Timestamp,
    TypeValue,
    Uint,
    Value,
    map_key,
)

if TYPE_CHECKING:
    from auditor.language.cel.ast import Expr
    from auditor.language.cel.checked import CheckedExpr

SUITES: Final = (
    "basic", "bindings_ext", "block_ext", "comparisons", "conversions", "encoders_ext", "fields", "fp_math",
    "integer_math", "lists", "logic", "macros", "macros2", "math_ext", "namespace", "network_ext", "optionals",
    "parse", "plumbing", "string", "string_ext", "timestamps", "type_deductions",
)  # fmt: skip
FOLDER: Final = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "cel"
LIBRARIES: Final = (
    standard.LIBRARY,
    conversions.LIBRARY,
    strings.LIBRARY,
    time_fields.LIBRARY,
    optionals.LIBRARY,
    encoders.LIBRARY,
    lists.LIBRARY,
    math_ext.LIBRARY,
    network.LIBRARY,
    regex.LIBRARY,
    sets.LIBRARY,
    string_ext.LIBRARY,
)
MISSING: Final = frozenset(
    {"unbound_function", "undeclared_name", "unknown_type", "unknown-function", "undeclared-name"}
)
"""Slugs of errors that say: this is not known here."""
TYPES: Final[dict[str, Type]] = {
    "BOOL": BOOL,
    "BYTES": BYTES,
    "DOUBLE": DOUBLE,
    "INT64": INT,
    "STRING": STRING,
    "UINT64": UINT,
    "google.protobuf.Duration": DURATION,
    "google.protobuf.Timestamp": TIMESTAMP,
    "null": NULL,
    "dyn": DYN,
}


def collect() -> list[Any]:
    """List every case of the suites; none where the reference data is not at hand."""
    if not FOLDER.is_dir():
        return []
    return [
        pytest.param(case, id=f"{suite}/{case['section']}/{case['name']}")
        for suite in SUITES
        for case in json.loads((FOLDER / f"{suite}.json").read_bytes())["tests"]
    ]


def read_type(declared: object) -> Type:
    """Read a type of a case's ``type_env``."""
    match declared:
        case str():
            return TYPES[declared]
        case {"primitive": str(name)} | {"message": str(name)}:
            return TYPES[name]
        case {"list": element}:
            return ListType(read_type(element))
        case {"map": [key, value]}:
            return MapType(read_type(key), read_type(value))
        case {"abstract": str(name), "params": list(parts)}:
            return OpaqueType(name, tuple(map(read_type, parts)))
        case {"type_param": str(name)}:
            return TypeParameter(name)
        case _:
            msg = f"no such type: {declared}"
            raise ValueError(msg)


def written(found: Type) -> object:
    """
    Write a type as the suites do.

    They have no mark for null on types that are no scalars: there, every one of them has it.
    """
    match found:
        case ListType():
            return {"list": written(found.element)}
        case MapType():
            return {"map": [written(found.key), written(found.value)]}
        case OpaqueType():
            return {"abstract": found.name, "params": [written(part) for part in found.parameters]}
        case NullableType(inner=OpaqueType() as inner):
            return written(inner)
        case _:
            name = next(name for name, declared in TYPES.items() if declared == found)
            return name if name in {"dyn", "null"} else {"primitive": name}


def declared_functions(type_env: list[dict[str, Any]]) -> Library:
    """Return the functions that a case declares, for the checker only: nothing stands behind them."""
    return Library(
        "case",
        tuple(
            Overload(
                name=entry["name"],
                signature=form["overload_id"],
                receiver=None,
                parameters=tuple(map(read_type, form["params"])),
                result=read_type(form["result"]),
                implementation=pytest.fail,
            )
            for entry in type_env
            for form in entry.get("function", ())
        ),
    )


def read_value(typed: dict[str, Any]) -> Value:
    """Turn a case's typed value into one of the evaluator's."""
    value = typed.get("value")
    match typed["type"]:
        case "int":
            return int(str(value))
        case "uint":
            return Uint(str(value))
        case "double":
            return float(str(value))
        case "bytes":
            return b64decode(str(value))
        case "bool" | "string" | "null":
            return value
        case "type":
            return TypeValue(str(value))
        case "list":
            return Listing.of([read_value(part) for part in value or ()])
        case "map":
            pairs = [(read_value(key), read_value(part)) for key, part in value or ()]
            return MapValue({map_key(key) or ("", None): (key, part) for key, part in pairs})
        case "timestamp":
            return Timestamp(int(typed["seconds"]) * NS_PER_S + typed["nanos"])
        case "duration":
            return Duration(int(typed["seconds"]) * NS_PER_S + typed["nanos"])
        case other:
            msg = f"no such type: {other}"
            raise ValueError(msg)


def shown(value: Value) -> object:
    """Write a value so that two writings are equal when type and value are, in maps of any order."""
    match plain(value):
        case bool() | None | str() as simple:
            return simple
        case Uint() as number:
            return ("uint", int(number))
        case int() as number:
            return ("int", number)
        case float() as number:
            return ("double", repr(number))
        case bytes() as octets:
            return ("bytes", b64encode(octets))
        case Listing() as listing:
            assert not listing.is_open
            return ["list", *(shown(part) for part in listing)]
        case MapValue() as mapping:
            pairs = [(shown(key), shown(part)) for key, part in mapping.entries.values()]
            return ["map", *sorted(pairs, key=repr)]
        case other:
            return other


def run(case: dict[str, Any]) -> tuple[Value, frozenset[str]]:
    """Return what a case comes to, its type where only that is asked for, and the slugs of its errors."""
    parsed = parse(case["expr"])
    tree: Expr | CheckedExpr = parsed
    container = case.get("container", "")
    type_env = case.get("type_env", [])
    functions = Functions([*LIBRARIES, declared_functions(type_env)])
    if not case.get("disable_check"):
        declared = {
            entry["name"]: read_type(entry["ident"]) for entry in type_env if "ident" in entry
        }
        try:
            tree = check(
                parsed,
                variables=declared,
                functions=functions,
                container=container,
                text=case["expr"],
            )
        except CheckErrors as refused:
            return refused, frozenset(diagnostic.slug for diagnostic in refused.diagnostics)
        if case.get("check_only"):
            return written(tree.type), frozenset()
        if "deduced_type" in case["expect"]:
            assert written(tree.type) == case["expect"]["deduced_type"]
    bindings = case.get("bindings", {})
    variables = {name: read_value(bound["value"]) for name, bound in bindings.items()}
    value = evaluate(tree, variables=variables, functions=functions, container=container)
    return value, frozenset({value.slug} if isinstance(value, Failure) else ())


@pytest.mark.parametrize("case", collect())
def test_case(case: dict[str, Any]) -> None:
    """A case comes to the value that the specification expects, or is the error that it expects."""
    expected = case["expect"]

    value, slugs = run(case)

    if case.get("check_only"):
        assert value == expected["deduced_type"]
        return
    if "error" not in expected:
        assert shown(read_value(expected["value"])) == shown(value)
        return
    assert slugs
    is_about_a_missing_function = any("unbound function" in text for text in expected["error"])
    assert is_about_a_missing_function == bool(slugs & MISSING)


def test_suites_are_at_hand(shared: Path) -> None:
    """Every suite that is run here has cases."""
    found = {path.stem for path in (shared / "conformance" / "cel").glob("*.json")}

    assert set(SUITES) <= found
    assert len(collect()) > len(SUITES)
