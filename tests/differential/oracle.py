"""
What another engine says of an expression of plain CEL: Google's C++ engine, where it is installed.

Both sides come to the same form: the name of the value's type and a plain value, or that it is an error.
Which error it is differs from engine to engine, so only that it is one counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.lift import Lift
from auditor.evaluation.shapes import plain, type_name
from auditor.facts.types import ListType, MapType, ScalarType, Type
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.registry import Functions
from auditor.language.values import (
    Duration,
    Failure,
    Listing,
    MapValue,
    Optional,
    Timestamp,
    TypeValue,
    Value,
)
from tests.differential.plain import LIBRARIES, VARIABLES

ERROR: Final = ("error", None)
FUNCTIONS: Final = Functions(LIBRARIES)

Answer = tuple[str, Any]
"""Name of a type, and a value in which every float is a text, so that NaN equals itself and -0.0 is not 0.0."""


class NotCompiled(Exception):
    """The other engine does not take the expression."""


def ours(text: str, values: dict[str, Any]) -> Answer:
    """
    Evaluate with our exact evaluator.

    Raises:
        CelSyntaxErrors, CheckErrors: The expression is none of the language.
    """
    checked = check(parse(text), variables=VARIABLES, functions=FUNCTIONS, text=text)
    lift = Lift()
    variables = {name: lift.value(values[name], kind, "") for name, kind in VARIABLES.items()}
    value, _ = Evaluator(FUNCTIONS, lift, budget=2_000_000).evaluate(checked, variables)
    return _ours(plain(value))


def _ours(value: Value) -> Answer:
    value = plain(value)
    match value:
        case Failure():
            return ERROR
        case bytes():
            return ("bytes", value)
        case float():
            return ("double", _number(value))
        case Timestamp() | Duration():
            return (type_name(value), value.ns // 1_000)
        case Listing():
            return ("list", [_ours(part) for part in value])
        case MapValue():
            pairs = [(_ours(key), _ours(part)) for key, part in value.entries.values()]
            return ("map", sorted(pairs, key=repr))
        case Optional():
            return ("optional", _ours(value.value) if value.has_value else None)
        case TypeValue():
            return ("type", value.name)
        case int() if not isinstance(value, bool):
            return (type_name(value), int(value))
        case _:
            return (type_name(value), value)


def _number(value: float) -> str:
    return "nan" if math.isnan(value) else repr(value)


_NAMES: Final = {
    "BOOL": "bool",
    "INT": "int",
    "UINT": "uint",
    "STRING": "string",
    "NULL": "null_type",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Oracle:
    """The other engine with the variables of plain CEL; made once."""

    environment: Any

    @classmethod
    def make(cls) -> Oracle:
        """
        Set it up.

        Raises:
            ImportError: It is not installed.
        """
        from cel_expr_python import cel  # noqa: PLC0415 - an engine that need not be there
        from cel_expr_python.ext import (  # noqa: PLC0415 - as above
            ext_bindings,
            ext_encoders,
            ext_math,
            ext_optional,
            ext_strings,
        )

        def declared(kind: Type) -> Any:
            match kind:
                case ListType():
                    return cel.Type.List(declared(kind.element))
                case MapType():
                    return cel.Type.Map(declared(kind.key), declared(kind.value))
                case ScalarType():
                    return getattr(cel.Type, kind.name.upper())
                case _:
                    raise TypeError(kind)

        return cls(
            cel.NewEnv(
                variables={name: declared(kind) for name, kind in VARIABLES.items()},
                extensions=[
                    ext_bindings.ExtBindings(),
                    ext_encoders.ExtEncoders(),
                    ext_math.ExtMath(),
                    ext_optional.ExtOptional(),
                    ext_strings.ExtStrings(),
                ],
            )
        )

    def says(self, text: str, values: dict[str, Any]) -> Answer:
        """
        Evaluate with the other engine.

        Raises:
            NotCompiled: It does not take the expression, not even without a check of its types: it compares
                no int with a double in types that it knows.
        """
        try:
            compiled = self.environment.compile(text)
        except RuntimeError:
            try:
                compiled = self.environment.compile(text, disable_check=True)
            except RuntimeError as refused:
                raise NotCompiled(str(refused)) from None
        try:
            return _theirs(compiled.eval(data=values))
        except RuntimeError:
            return ERROR


def _theirs(value: Any) -> Answer:
    kind = value.type().name()
    found = value.value()
    head = kind.partition("<")[0]
    match head:
        case "ERROR":
            return ERROR
        case "BYTES":
            return ("bytes", bytes(found))
        case "DOUBLE":
            return ("double", _number(found))
        case "TIMESTAMP":
            return ("google.protobuf.Timestamp", (found - _EPOCH) // timedelta(microseconds=1))
        case "DURATION":
            return ("google.protobuf.Duration", found // timedelta(microseconds=1))
        case "LIST":
            return ("list", [_theirs(part) for part in found])
        case "MAP":
            pairs = [(_key(key), _theirs(part)) for key, part in found.items()]
            return ("map", sorted(pairs, key=repr))
        case "TYPE":
            return ("type", str(found))
        case _ if head in _NAMES:
            return (_NAMES[head], found)
        case _:
            return (kind, str(found))


def _key(key: Any) -> Answer:
    match key:
        case bool():
            return ("bool", key)
        case int():
            return ("int", key)
        case _:
            return ("string", key)
