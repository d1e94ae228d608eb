"""Errors look as the style page says, and never act on the terminal that shows them."""

from __future__ import annotations

import pytest

from auditor.cli.render import render_bug, render_error, render_errors
from auditor.model.errors import DocumentError, ErrorGroup, PolicyError, SnapshotError
from auditor.model.location import Location


def test_error_with_place_and_source_line() -> None:
    """What, where, the source line with a caret under the wrong word, what to do next."""
    error = PolicyError(
        "unknown field 'serverity'",
        hint="did you mean 'severity'?",
        location=Location("policies/seef/a.yaml", 6, 3, 12),
        excerpt="  serverity: critical",
    )

    assert render_error(error, colour=False) == (
        "error[policy]: unknown field 'serverity'\n"
        "  --> policies/seef/a.yaml:6:3\n"
        "   |\n"
        " 6 |   serverity: critical\n"
        "   |   ^^^^^^^^^\n"
        "  = help: did you mean 'severity'?\n"
    )


def test_error_without_place() -> None:
    """What has no place is not given one."""
    assert render_error(DocumentError("no file"), colour=False) == "error[document]: no file\n"


def test_pointer_is_shown_where_the_message_does_not_name_it() -> None:
    """A fault of a document names the value; once is enough."""
    plain = SnapshotError("found 'x', wanted a day", pointer="/a/0")
    named = SnapshotError("/a/0: found 'x', wanted a day", pointer="/a/0")

    assert "  = at: /a/0\n" in render_error(plain, colour=False)
    assert "= at:" not in render_error(named, colour=False)


def test_caret_stands_under_wide_characters() -> None:
    """A terminal gives a Chinese sign two columns, and so does the caret's line."""
    error = DocumentError("no", location=Location("a.yaml", 1, 3, 5), excerpt="名前: x")

    *_, source, caret = render_error(error, colour=False).splitlines()

    assert source == " 1 | 名前: x"
    assert caret == "   |     ^^"


def test_long_line_is_cut_around_the_fault() -> None:
    """One line of megabytes does not flood the terminal, and the fault stays in sight."""
    excerpt = "a" * 5000 + "FAULT" + "b" * 5000
    error = DocumentError("no", location=Location("a.json", 1, 5001, 5006), excerpt=excerpt)

    *_, source, caret = render_error(error, colour=False).splitlines()

    assert len(source) < 120
    assert source[caret.index("^") : caret.rindex("^") + 1] == "FAULT"


def test_tab_does_not_move_the_caret() -> None:
    """A tab takes one column, as the place counts it."""
    error = DocumentError("no", location=Location("a.yaml", 1, 2, 4), excerpt="\tab")

    assert render_error(error, colour=False).endswith("   |  ^^\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\x1b[2Jb", id="escape-sequence"),
        pytest.param("a\x9b2Jb", id="one-byte-escape"),
        pytest.param("a\u202eb", id="right-to-left-override"),
        pytest.param("a\u2028b", id="line-separator"),
        pytest.param("a\x00b", id="nul"),
        pytest.param("a\ud800b", id="lone-surrogate"),
    ],
)
def test_foreign_text_is_made_visible(text: str) -> None:
    """What would act on a terminal is spelled out, wherever in an error it comes from."""
    error = SnapshotError(
        text, hint=text, pointer=text, location=Location(text, 1, 1), excerpt=text
    )

    shown = render_errors([error], colour=False)

    assert text[1] not in shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    "text", ["::error::x", "  ::set-output::x", "##[error]x", "##vso[task.x]y"]
)
def test_no_ci_system_is_commanded(text: str) -> None:
    """A build log must not execute what a snapshot says."""
    error = SnapshotError(f"no\n{text}", hint=text, location=Location("a", 1, 1), excerpt=text)

    for line in render_errors([error], colour=False).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line


def test_errors_are_sorted_flattened_and_named_once() -> None:
    """Groups are opened, the same fault is listed once, and the order is that of the places."""
    late = DocumentError("late", location=Location("b.yaml", 9))
    early = DocumentError("early", location=Location("a.yaml", 2))
    group = ErrorGroup([late, ErrorGroup([early, late])])

    lines = render_errors([group, early], colour=False).splitlines()

    assert [line for line in lines if line.startswith("error")] == [
        "error[document]: early",
        "error[document]: late",
    ]


def test_at_most_fifty_errors_are_shown() -> None:
    """A broken generator must not bury the first fault; how many more there are is said."""
    errors = [DocumentError(f"fault {i:03}") for i in range(60)]

    text = render_errors(errors, colour=False)

    assert text.count("error[document]") == 50
    assert text.endswith("10 more\n")
    assert "fault 049" in text
    assert "fault 050" not in text


def test_long_message_is_cut() -> None:
    """A message that quotes a string of megabytes stays readable."""
    assert len(render_error(DocumentError("x" * 10**6), colour=False)) < 2500


def test_colour_only_when_asked_for() -> None:
    """Without colour there is no escape sequence at all."""
    error = DocumentError("no", hint="yes", location=Location("a", 1), excerpt="x")

    assert "\x1b" not in render_error(error, colour=False)
    assert "\x1b[1;31m" in render_error(error, colour=True)


def test_bug_tells_where_and_not_what() -> None:
    """An exception's own text may quote the input, so it is not shown."""
    with pytest.raises(AttributeError) as caught:
        render_error(None, colour=False)  # type: ignore[arg-type]

    text = render_bug(caught.value, colour=False)

    assert text.startswith(
        "error[bug]: this is a fault of auditor, not of your input: AttributeError"
    )
    assert "at auditor/cli/render.py:" in text
    assert "NoneType" not in text
    assert "issue tracker" in text
