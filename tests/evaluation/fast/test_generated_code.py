"""
What generated code is made of: nothing of a policy or a snapshot becomes Python.

Contract: LANGUAGE.md, section 7.
"""

from __future__ import annotations

import ast
import io
import keyword
import re
import subprocess
import sys
import tokenize
from typing import TYPE_CHECKING, Any, Final

import pytest

from auditor.evaluation.fast import budget as budget_module
from auditor.evaluation.fast import compiled as compiled_module
from auditor.evaluation.fast.expression import FastExpression
from auditor.evaluation.fast.leave import NotFast
from auditor.facts.types import INT, STRING, TIMESTAMP, Field, ListType, ObjectType, nullable
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from tests.evaluation.fast.corpus import fast_outcomes, made
from tests.evaluation.fast.expressions import WORLD
from tests.evaluation.fast.expressions import checked as checked_text
from tests.evaluation.fast.small_policies import POLICIES, plan_of
from tests.evaluation.fast.test_expressions import EXPRESSIONS

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from auditor.language.registry import Functions
    from tests.evaluation.fast.corpus import Matter

ALLOWED: Final = frozenset(
    {
        # statements
        "Assign", "AugAssign", "Break", "Continue", "ExceptHandler", "Expr", "For", "FunctionDef", "If", "Module",
        "Pass", "Raise", "Return", "Try", "arg", "arguments",
        # expressions
        "Attribute", "BinOp", "BoolOp", "Call", "Compare", "Constant", "Dict", "IfExp", "List", "Name", "Subscript",
        "Tuple", "UnaryOp",
        # operators
        "Add", "And", "Mult", "Not", "Or",
        "Eq", "Gt", "GtE", "In", "Is", "IsNot", "Lt", "LtE", "NotEq",
        # uses of names
        "Load", "Store",
    }
)  # fmt: skip
NUMBERED: Final = re.compile(r"v[0-9]+")
METHODS: Final = frozenset({"append"})


def made_of(tree: ast.Module) -> set[str]:
    """Return everything in a tree that may not be there."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if type(node).__name__ not in ALLOWED:
            found.add(type(node).__name__)
        names: list[str | None] = []
        match node:
            case ast.Name(id=name) | ast.arg(arg=name):
                names.append(name)
            case ast.FunctionDef(name=name):
                names.append(name)
                assert not node.decorator_list
                assert not [*node.args.defaults, *node.args.kw_defaults]
                assert node.args.vararg is node.args.kwarg is None
            case ast.ExceptHandler(name=name):
                assert name is None
                assert node.type is not None
            case ast.Attribute(attr=name):
                assert name in METHODS
            case ast.Call():
                assert not node.keywords
                assert isinstance(node.func, ast.Name)
            case ast.Constant(value=value):
                assert value is True or value is False or value is None
        found |= {str(name) for name in names if not NUMBERED.fullmatch(str(name))}
    return found


def words_of(tree: ast.Module) -> set[str]:
    """Return every word of the code that is no keyword and no numbered name, and every literal."""
    text = io.StringIO(ast.unparse(tree))
    return {
        token.string
        for token in tokenize.generate_tokens(text.readline)
        if token.type in {tokenize.NAME, tokenize.STRING, tokenize.NUMBER}
        and not keyword.iskeyword(token.string)
        and not NUMBERED.fullmatch(token.string)
    }


@pytest.fixture(scope="module")
def trees(models: SnapshotModels, plan: Plan, functions: Functions) -> dict[str, ast.Module]:
    """Return the code of all packaged policies, by target, and of small ones."""
    found = {target: made(plan, target, models).tree for target in ("project", "unit", "portfolio")}
    small = plan_of(POLICIES, models, functions)
    return {**found, "small policies": made(small, "project", models).tree}


@pytest.mark.parametrize("name", ["project", "unit", "portfolio", "small policies"])
def test_code_of_policies_is_made_of_few_things(name: str, trees: dict[str, ast.Module]) -> None:
    """Kinds of nodes, names, attributes, constants."""
    assert made_of(trees[name]) == set()
    assert words_of(trees[name]) <= METHODS


def test_whoever_looks_finds_what_may_not_be_there() -> None:
    """The test of the test."""
    assert made_of(ast.parse("import os")) == {"Import", "alias"}
    assert made_of(ast.parse("v1 = lambda: v2")) == {"Lambda"}
    assert made_of(ast.parse("v1 = print")) == {"print"}
    assert words_of(ast.parse("v1 = 'text' + v2.append(3)")) == {"'text'", "append", "3"}
    with pytest.raises(AssertionError):
        made_of(ast.parse("v1.__class__"))
    with pytest.raises(AssertionError):
        made_of(ast.parse("v1 = 'text'"))


LONG: Final = "a" * 2_000
HOSTILE: Final = ObjectType(
    "__import__",
    {
        "__class__": Field(nullable(STRING)),
        "__builtins__": Field(STRING),
        "v1": Field(STRING),
        "append": Field(INT),
        "lambda": Field(STRING),
        "naïve": Field(STRING),
        "a-b c": Field(STRING),
        '"; import os; "': Field(STRING),
        "line\nbreak": Field(STRING),
        LONG: Field(STRING),
        "at": Field(TIMESTAMP),
    },
)
ROOT: Final = ObjectType(
    "world",
    {
        "__builtins__": Field(STRING),
        "v0": Field(STRING),
        "exec": Field(STRING),
        LONG: Field(STRING),
        "records": Field(ListType(HOSTILE)),
    },
)
TEXTS: Final = (
    "records.exists(v1, v1.__class__ == \"__import__('os').system('true')\")",
    "records.exists(__class__, __class__.__builtins__ == 'x')",
    "records.exists(e, e.v1 == 'v2' && e.append == 7)",
    "records.map(e, e.`a-b c`)",
    'records.filter(e, e.v1 == "\'); raise SystemExit  # ").size() > 0',
    'records.exists(e, e.v1 == """three\nlines \'\'\' of "text" """)',
    r"records.exists(e, e.v1 == '\\' || e.v1 == '\n' || e.v1 == '\u0000' || e.v1 == '\U0001F41B')",
    "records.exists(e, e.v1 in ['{v1}', '%s', 'True', 'None', 'append'])",
    "v0 == exec && __builtins__ != 'x'",
    f"{LONG} == '{LONG}'",
    f"records.all(e, e.{LONG} != '{LONG}')",
    "records.map(e, {'__class__': e.v1, 'raise': e.append + 9223372036854775806})",
    "records.map(e, e.v1 + '__import__')",
    "records.sortBy(e, e.v1).map(e, e.__class__ == null ? '__class__' : 'v1')",
    "records.filter(e, e.at.by(timestamp('2026-01-01T00:00:00Z'))).latest(e, e.at) == null",
    "1.5 + 2.25 > 3.0 && b'bytes' == b'bytes'",
)


@pytest.mark.parametrize("text", TEXTS)
def test_code_of_hostile_expressions_is_made_of_the_same(text: str, functions: Functions) -> None:
    """Names and texts that look like code stay constants."""
    variables = {name: field.type for name, field in ROOT.fields.items()}
    checked = check(parse(text), variables=variables, functions=functions, text=text)
    tree = _tree(checked, ROOT, functions)

    assert made_of(tree) == set()
    assert words_of(tree) <= METHODS


def test_code_of_all_kinds_of_expressions_is_made_of_the_same(functions: Functions) -> None:
    """Every operation that the table of expressions has."""
    looked_at = 0
    for text in EXPRESSIONS:
        try:
            tree = _tree(checked_text(text, functions), WORLD, functions)
        except NotFast:
            continue
        looked_at += 1
        assert made_of(tree) == set(), text
        assert words_of(tree) <= METHODS, text

    assert looked_at > len(EXPRESSIONS) * 3 // 4


def _tree(checked: Any, root: ObjectType, functions: Functions) -> ast.Module:
    """Return the code of an expression, as it is handed to Python."""
    trees: list[ast.Module] = []

    def noted(tree: ast.Module, *rest: Any) -> Any:
        trees.append(tree)
        return compile(tree, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled_module, "compile", noted, raising=False)
        FastExpression(checked, root, functions)
    (tree,) = trees
    return tree


class Noted:
    """Takes down what is compiled and executed."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.trees: list[ast.Module] = []
        self.builtins: list[object] = []
        for module in (compiled_module, budget_module):
            patch.setattr(module, "compile", self._compile, raising=False)
            patch.setattr(module, "exec", self._exec, raising=False)

    def _compile(self, tree: ast.Module, *rest: Any) -> Any:
        self.trees.append(tree)
        return compile(tree, *rest)

    def _exec(self, code: Any, names: dict[str, Any]) -> None:
        self.builtins.append(dict(names))
        exec(code, names)  # noqa: S102 - what is looked at here


def test_there_are_no_builtins(
    models: SnapshotModels, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code reaches what it is given, and nothing else; so does the code that adds costs up."""
    noted = Noted(monkeypatch)

    made(plan, "project", models)

    assert noted.builtins
    assert all(names == {"__builtins__": {}} for names in noted.builtins)
    assert set().union(*map(made_of, noted.trees)) == set()
    assert set().union(*map(words_of, noted.trees)) <= METHODS


def test_code_is_compiled_once_for_many_snapshots(
    models: SnapshotModels,
    plan: Plan,
    demonstration: list[Matter],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is made for the first snapshot serves them all."""
    noted = Noted(monkeypatch)
    fast = made(plan, "project", models)
    before = len(noted.trees)
    projects = [matter for matter in demonstration if matter.snapshot.target == "project"]

    answers = [fast_outcomes(fast, matter, matter.exact) for matter in projects]

    assert len(answers) == len(projects) > 5
    assert len(noted.trees) == before


_DIGEST: Final = """
import ast, hashlib
from auditor.evaluation.fast.plan import FastPlan
from auditor.usecases.read_policies import PolicyChoice, load_policies, packaged_folder, snapshot_models

models = snapshot_models()
plan = load_policies([packaged_folder()], PolicyChoice(()), models).plan
for target in ("project", "unit", "portfolio"):
    policies = [policy for policy in plan.policies if policy.summary.target == target]
    tree = FastPlan(policies, models[target].root, plan.functions).tree
    print(target, hashlib.sha256(ast.dump(tree).encode()).hexdigest())
"""


def test_the_same_plan_is_the_same_code_in_every_process(root: Path) -> None:
    """Whatever the seed of Python's hashes."""
    printed = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            cwd=root,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "4242")
    }

    assert len(printed) == 1
    assert printed.pop().count("\n") == 3
