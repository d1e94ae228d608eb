"""What is offered while an expression is being written, and what its names mean."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.facts.snapshot import Roots
from auditor.facts.types import INT, ListType
from auditor.language.cel.definitions import Definition
from auditor.language.cel.outline import outline
from auditor.language.cel.parser import parse
from auditor.language.completion import Completion, Scope, complete
from auditor.language.description import Description, describe
from auditor.language.policy_scope import target_scope
from auditor.usecases.read_policies import functions, snapshot_models


def word(name: str, *parameters: str, body: str) -> Definition:
    """Make a word."""
    expr = parse(body)
    return Definition(name, parameters, expr, body, outline(expr))


KNOWN = target_scope(Roots(snapshot_models())["project"], functions())
SCOPE = Scope(
    {**KNOWN.variables, "numbers": ListType(INT)},
    KNOWN.functions,
    {"openOf": word("openOf", "list", body="list.filter(x, x.closed_at == null)")},
    KNOWN.about,
)
RISK = ["id", "description", "class", "severity"]
"""The first fields of a risk."""


def offered(marked: str, scope: Scope = SCOPE) -> list[Completion]:
    """Return what is offered at the ``|`` of a text."""
    before, _, after = marked.partition("¦")
    return list(complete(before + after, len(before), scope))


def labels(marked: str, scope: Scope = SCOPE) -> list[str]:
    """Return the names of what is offered."""
    return [found.label for found in offered(marked, scope)]


def meant(marked: str, scope: Scope = SCOPE) -> Description:
    """Return what is said of the name at the ``¦``."""
    before, _, after = marked.partition("¦")
    found = describe(before + after, len(before), scope)
    assert found is not None
    return found


# ----- behind a dot


@pytest.mark.parametrize(
    "text",
    [
        "risks[0].¦",
        "risks.filter(r, r.¦",
        "risks.filter(r, r.¦)",
        "risks.filter(r, r.owner == null && r.¦",
        "risks.filter(r, r.owner != null).exists(r, r.¦",
        "risks.exists(r, parties.exists(p, p.id == r.¦",
        "risks.all(i, r, r.¦",
        "risks.map(r, r.severity == 'high', r.¦",
        "risks.transformList(i, r, i > 0, r.¦",
        "risks.sumReaches(r, r.¦",
        "cel.bind(r, risks[0], r.¦",
        "cel.bind(rs, risks, rs.exists(r, r.¦",
        "risks.latest(r, r.raised_at).¦",
        "risks.groupBy(r, r.severity)[0].items[0].¦",
        "openOf(risks)[0].¦",
        "(risks + risks)[0].¦",
        "size(risks) > 0 ? risks[0].¦",
        "[risks[0]][0].¦",
        "risks[?0].¦",
        "risks.filter(r, r.?¦",
        "risks // those that stand in the log\n  .filter(r, r.¦",
        "'an unread § sign' + § risks[0].¦",
        "'a text without an end\n risks[0].¦",
        ") ] risks[0].¦",
    ],
)
def test_the_fields_of_what_stands_before_the_dot(text: str) -> None:
    """Through lists, macros, words, null and optionals; brackets may be open all around."""
    assert labels(text)[:4] == RISK


def test_a_field_has_its_type_and_its_meaning_of_the_schema() -> None:
    """What to choose is read, not guessed."""
    (found,) = offered("risks.exists(r, r.sev¦erity == 'high')")

    assert (found.kind, found.detail) == ("field", "string?")
    assert found.about.startswith("How much harm threatens")
    assert found.about.endswith("One of low, medium, high, critical.")
    assert (found.start, found.end) == (18, 26)


def test_methods_and_macros_come_behind_the_fields() -> None:
    """Only those that a value of the type has."""
    kinds = [found.kind for found in offered("project.execution.¦")]
    assert kinds == sorted(kinds, key=["field", "method", "macro"].index)

    instant = offered("project.execution.started_at.¦")
    assert "by" in {found.label for found in instant if found.kind == "method"}
    assert not {"filter", "flatten", "startsWith"} & {found.label for found in instant}


def test_a_list_has_macros() -> None:
    """With their forms as the reference writes them."""
    (found,) = offered("risks.filt¦")

    assert (found.kind, found.detail) == ("macro", "xs.filter(x, p) -> list")


def test_a_limit_is_no_matter_of_the_elements() -> None:
    """What is computed once does not see the name of the element."""
    assert labels("risks.sumReaches(zz, 1, z¦") == []
    assert labels("risks.sumReaches(zz, z¦") == ["zz"]


def test_behind_an_optional_dot_only_fields() -> None:
    """A method cannot be called so."""
    assert {found.kind for found in offered("project.?¦")} == {"field"}


def test_behind_a_namespace_its_functions() -> None:
    """But not where a variable has its name."""
    (found,) = offered("math.ab¦")
    assert (found.label, found.kind) == ("abs", "function")
    assert labels("risks.filter(math, math.sev¦") == ["severity"]
    assert labels("cel.b¦") == ["bind", "block"]


# ----- a name


def test_the_variables_of_the_macros_come_first() -> None:
    """The innermost before the one around it."""
    found = offered("risks.exists(rx, parties.exists(ry, r¦")

    assert [(one.label, one.detail) for one in found[:2]] == [("ry", "parties"), ("rx", "risks")]
    assert "risks" in {one.label for one in found}


def test_variables_before_words_before_functions() -> None:
    """And what begins like the written part before what only holds it."""
    assert labels("open¦") == ["openOf"]
    (found,) = offered("openO¦")
    assert (found.kind, found.detail) == ("word", "openOf(list)")
    assert found.about == "list.filter(x, x.closed_at == null)"
    assert labels("size¦")[0] == "size"
    named = labels("risk¦")
    assert named[:2] == ["risks", "risk_log"]


def test_capitals_do_not_matter_but_the_exact_beginning_is_first() -> None:
    """Whoever types `Risk` means `risks`."""
    scope = Scope({"risky": INT, "Risk": INT}, SCOPE.functions, {})

    assert labels("Ris¦", scope) == ["Risk", "risky"]


def test_where_a_macro_names_its_element_nothing_is_offered() -> None:
    """The name is the writer's choice."""
    assert labels("risks.filter(¦") == []
    assert labels("risks.filter(r¦") == []


@pytest.mark.parametrize("text", ["risks ¦", "risks[0] ¦", "12¦", "'text'¦", "1 // com¦", "(1) a¦"])
def test_behind_a_value_nothing_is_offered(text: str) -> None:
    """Only an operator can follow, and a comment is nobody's."""
    assert labels(text) == []


# ----- values


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ('risks.exists(r, r.severity == "¦', (31, 31)),
        ("risks.exists(r, r.severity != '¦')", (31, 31)),
        ("risks.exists(r, r.severity in ['high', '¦", (40, 40)),
    ],
)
def test_the_values_of_an_enumeration_inside_quotes(text: str, replaced: tuple[int, int]) -> None:
    """Nothing but them."""
    found = offered(text)

    assert [one.label for one in found] == ["low", "medium", "high", "critical"]
    assert {(one.kind, one.start, one.end) for one in found} == {("value", *replaced)}


def test_a_value_is_replaced_as_far_as_it_is_written() -> None:
    """Up to its closing quote."""
    (found,) = offered("risks.exists(r, r.severity == 'hi¦gh')")

    assert (found.label, found.start, found.end) == ("high", 31, 35)


def test_a_value_is_offered_with_its_quotes_where_there_are_none() -> None:
    """Before everything else."""
    assert labels("risks.exists(r, r.severity == ¦")[:4] == [
        '"low"',
        '"medium"',
        '"high"',
        '"critical"',
    ]
    assert labels("risks.exists(r, r.severity == hi¦")[0] == '"high"'


@pytest.mark.parametrize("text", ["span('¦", "project.name == '¦", "'¦", "f('''¦"])
def test_in_any_other_text_nothing_is_offered(text: str) -> None:
    """Nobody knows what it will say."""
    assert labels(text) == []


# ----- whatever is written

PARTS = st.sampled_from(
    [
        "risks", "r", ".", ".?", "(", ")", "[", "]", "{", "}", ",", "filter", "exists", "cel", "bind",
        "severity", "==", "in", '"', "'", "'''", "\\", "\n", "//", " ", "&&", "?", ":", "openOf", "`", "1",
        "1.5", "§", "\ud800", "b'", "math", "has(", "params", "-", "!",
    ]
)  # fmt: skip


@given(st.lists(PARTS, max_size=24).map("".join) | st.text(max_size=40), st.integers(-3, 60))
@example("risks.filter(r, r.", 18)
@example("(" * 200 + "risks.", 206)
@example("\ud800", 1)
def test_whatever_is_written_something_sensible_is_offered(text: str, offset: int) -> None:
    """Nothing raises, and what is replaced lies in the text, around the place."""
    place = max(0, min(offset, len(text)))
    found = complete(text, offset, SCOPE)

    assert all(0 <= one.start <= place <= one.end <= len(text) for one in found)
    assert len({one.label for one in found}) == len(found)
    said = describe(text, offset, SCOPE)
    assert said is None or text[said.start : said.end].strip("`") == said.text


def test_a_word_that_calls_itself_stops_nobody() -> None:
    """Nor one that grows without end."""
    words = {"w0": word("w0", "x", body="x + x")}
    for number in range(1, 40):
        name = f"w{number}"
        words[name] = word(name, "x", body=f"w{number - 1}(x) + w{number - 1}(x)")
    words["again"] = word("again", "x", body="again(x)")
    scope = Scope(SCOPE.variables, SCOPE.functions, words)

    assert "severity" not in labels("w39(risks)[0].¦", scope)
    assert "severity" not in labels("again(risks)[0].¦", scope)


# ----- what a name means


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ris¦ks.size()", "list(risks)"),
        ("risks.exists(¦r, r.owner == null)", "risks"),
        ("risks.exists(i¦, r, r.owner == null)", "int"),
        ("risks.exists(i, r¦, r.owner == null)", "risks"),
        ("risks.exists(r, r¦.owner == null)", "risks"),
        ("risks.exists(r, r.owner¦ == null)", "id of parties?"),
        ("cel.bind(x¦, 1 + 1, x * x)", "int"),
        ("risks.filter¦(r, r.owner == null)", "list(risks)"),
        ("openOf¦(risks)", "list(risks)"),
        ("math.ab¦s(-1)", "int"),
        ("math.ab¦s(", ""),
    ],
)
def test_a_name_has_the_type_of_its_value_there(text: str, found: str) -> None:
    """Of a call that of its result; where a macro binds a name, that of the element."""
    assert meant(text).type == found


def test_a_name_has_its_meaning() -> None:
    """Of a field what the schema says, of a function what the reference says and how it is called."""
    field = meant("risks.exists(r, r.sever¦ity == 'high')")
    assert (field.start, field.end, field.text) == (18, 26, "severity")
    assert field.about.startswith("How much harm threatens")

    method = meant("as_of.b¦y(as_of)")
    assert method.signature.startswith("timestamp?.by(timestamp) -> bool")
    assert method.about.startswith("Whether it happened at or before")
    assert meant("openO¦f").about == "list.filter(x, x.closed_at == null)"
    assert meant("risk¦s").about.startswith("What may go wrong")


@pytest.mark.parametrize("text", ["1 ¦+ 1", "'ri¦sks'", "¦", "nobody¦", "risks[0].nothing¦"])
def test_what_is_no_name_means_nothing(text: str) -> None:
    """Nor does one that nothing declares."""
    before, _, after = text.partition("¦")
    assert describe(before + after, len(before), SCOPE) is None
