"""
The prompt of `auditor policy try`: names are completed, and what is under way is shown with its type and value.
"""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING, Final

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.completion import Completer
from prompt_toolkit.completion import Completion as Choice
from prompt_toolkit.history import FileHistory, InMemoryHistory

from auditor.model.errors import AuditorError
from auditor.reporters.foreign_text import flowing
from auditor.reporters.layout import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from auditor.cli.console import Console
    from auditor.cli.try_session import Session

PROMPT: Final = "> "
_OPENED: Final = frozenset({"function", "method", "macro", "word"})
"""What is called, so that a bracket follows it."""
_META: Final = 90
"""Characters of what stands beside a name in the menu."""
_PRIVATE: Final = 0o600
_SECONDS: Final = 0.5
"""Between two looks at the files of the policy, while somebody types."""


def run_prompt(
    session: Session,
    console: Console,
    history: Path | None,
    *,
    reads: Input | None = None,
    writes: Output | None = None,
) -> None:
    """
    Answer what is typed until the end of input.

    Args:
        session: Answers.
        console: Takes the answers, and what is wrong.
        history: File in which lines are kept; None for nowhere.
        reads: Where keys come from; None for the terminal.
        writes: Where the prompt is drawn; None for the terminal.
    """
    prompt = TryPrompt(session)
    asking: PromptSession[str] = PromptSession(
        PROMPT,
        history=_kept(history),
        completer=prompt,
        complete_while_typing=True,
        bottom_toolbar=prompt.toolbar,
        input=reads,
        output=writes,
    )
    prompt.asking = asking
    console.note("Type an expression, or :help. Tab completes, Ctrl-D leaves.")
    _say(session.opening(), console)
    while not session.is_over:
        if session.trial.reread():
            _tell(session, console)
        try:
            line = asking.prompt(pre_run=partial(_watch, session, console))
        except KeyboardInterrupt:
            continue  # what was typed is given up
        except EOFError:
            return
        _say(session.answer(line), console)


def _watch(session: Session, console: Console) -> None:
    """Look at the policy from time to time while a line is being typed."""
    if session.trial.policy is not None:
        get_app().create_background_task(_looking(session, console))


async def _looking(session: Session, console: Console) -> None:
    while True:
        await asyncio.sleep(_SECONDS)
        if session.trial.reread():
            # Above the prompt: what is being typed stays as it is.
            await run_in_terminal(partial(_tell, session, console))


def _tell(session: Session, console: Console) -> None:
    """Say what the policy says now, or what is wrong with it."""
    console.note("The policy has changed.")
    console.errors(session.trial.faults)
    _say(session.verdicts(), console)


def _say(lines: Iterator[str], console: Console) -> None:
    try:
        for line in lines:
            console.line(line)
    except AuditorError as error:
        console.errors([error])
    except KeyboardInterrupt:
        console.note("Stopped.")


def _kept(file: Path | None) -> History:
    """Return where lines are kept: in a file that nobody else may read, or nowhere."""
    if file is None:
        return InMemoryHistory()
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, _PRIVATE))
        file.chmod(_PRIVATE)
    except OSError:
        return InMemoryHistory()  # without a history there is a prompt all the same
    return FileHistory(str(file))


class TryPrompt(Completer):
    """Completes a line, and says what it comes to so far."""

    def __init__(self, session: Session) -> None:
        self.asking: PromptSession[str] | None = None
        self._session = session
        self._shown = ("", "")
        """The line when it was last looked at, and what was said of it."""

    def get_completions(self, document: Document, _: CompleteEvent) -> Iterable[Choice]:
        """Yield what can stand at the cursor."""
        offset = document.cursor_position
        for one in self._session.complete(document.text, offset):
            behind = document.text[
                offset : one.end
            ]  # the rest of the word, which stays where it is
            following = document.text[one.end : one.end + 1]
            opening = "(" if one.kind in _OPENED and not behind and following != "(" else ""
            about = " - ".join(part for part in (one.detail, one.about) if part)
            yield Choice(
                f"{one.label.removesuffix(behind)}{opening}",
                start_position=one.start - offset,
                display=one.label,
                display_meta=flowing(about)[:_META],
            )

    def toolbar(self) -> str:
        """Return the type and the value of what is under way, in the two lines that a terminal has for it."""
        if self.asking is None:
            return ""
        text = self.asking.default_buffer.document.text
        if self._shown[0] != text:
            self._shown = (text, self._session.preview(text))
        return "\n".join(wrap(self._shown[1])[:2])
