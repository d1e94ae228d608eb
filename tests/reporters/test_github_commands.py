"""GitHub reads each line as it was meant, whatever stands in it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.location import Location
from auditor.reporters.github_commands import Annotation, annotate

COMMAND = re.compile(r"::(error|warning|notice) (.*?)::(.*)")


def unescaped(text: str) -> str:
    """Undo the escapes as the runner does, ``%25`` last."""
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Read a command as GitHub's runner does."""
    found = COMMAND.fullmatch(line)
    assert found is not None
    pairs = (part.partition("=") for part in found[2].split(","))
    return found[1], {key: unescaped(value) for key, _, value in pairs}, unescaped(found[3])


def test_place_and_title_become_properties() -> None:
    """Columns as an editor counts them, the last one exclusive."""
    one = Annotation(
        "warning", "policy-x", ("It is odd.", "Mend it."), Location("a/b.yaml", 3, 5, 9)
    )

    assert list(annotate([one])) == [
        "::warning file=a/b.yaml,line=3,col=5,endColumn=9,title=policy-x::It is odd.%0AMend it."
    ]


def test_without_a_place_there_is_only_a_title() -> None:
    """A folder that cannot be read has no line."""
    assert list(annotate([Annotation("error", "input", ("Gone.",), None)])) == [
        "::error title=input::Gone."
    ]


def test_signs_that_mean_something_are_escaped() -> None:
    """The percent sign first, or the others would be escaped twice."""
    one = Annotation("error", "a:b,c", ("100 %\r\n::stop: 1,2",), Location("x,y:z.yaml", 1))

    (line,) = annotate([one])

    assert line.startswith("::error file=x%2Cy%3Az.yaml,line=1,col=1,title=a%3Ab%2Cc::100 %25 ")
    assert read(line)[1]["file"] == "x,y:z.yaml"


@given(
    st.lists(st.text(), min_size=1, max_size=3),
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1),
)
def test_nothing_ends_a_command_early(lines: list[str], path: str) -> None:
    """Whatever a policy says, it stays one line with one message."""
    (line,) = annotate([Annotation("error", "slug", tuple(lines), Location(path, 1))])

    level, properties, message = read(line)
    assert len(line.splitlines()) == 1
    assert (level, properties["file"], properties["title"]) == ("error", path, "slug")
    assert message.count("\n") == len(lines) - 1


def test_what_github_would_drop_stays_in_the_log() -> None:
    """It shows ten of a kind for a step."""
    many = [Annotation("error", f"e{at}", ("No.",), Location("a.yaml", at)) for at in range(1, 13)]

    lines = list(annotate([*many, Annotation("warning", "w", ("Odd.",), None)]))

    assert [line.startswith("::error ") for line in lines] == [True] * 10 + [False] * 3
    assert lines[10:] == [
        "error: a.yaml:11:1: e11: No.",
        "error: a.yaml:12:1: e12: No.",
        "::warning title=w::Odd.",
    ]
