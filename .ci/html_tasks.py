"""
What a reader does with the page, and how long its longest task is meanwhile, read off a trace.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READY = "the report is ready"
"""What the page says of itself in a trace."""
TRACED = ["toplevel", "blink.user_timing"]
CARDS_IN_SIGHT = """
() => new Promise((done) => {
  const isSeen = (card) => {
    const { top, bottom } = card.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  const look = () => ([...document.querySelectorAll('#list article')].some(isSeen)
    ? done() : requestAnimationFrame(look));
  look();
})
"""


class Task(NamedTuple):
    """How long a task of a page lasted, in milliseconds."""

    work: float
    """As long as the processor worked on it: what a reader with a machine of his own would notice."""
    clock: float
    """With the time in which this machine did something else."""


def longest(trace: Any) -> Task:
    """Return the longest task of the page that said that it is ready; the browser has pages of its own."""
    events = trace["traceEvents"]
    here = next((one["pid"], one["tid"]) for one in events if one["name"] == READY)
    return max(
        Task(one["tdur"] / 1000, one["dur"] / 1000)
        for one in events
        if one["name"].endswith("RunTask") and (one["pid"], one["tid"]) == here and "tdur" in one
    )


def loaded(chromium: str, address: str, scratch: Path) -> Task:
    """
    Return the longest task of a page while it is loaded.

    Nobody looks on over its shoulder: for whoever does, a browser keeps and decodes all that it loads.
    """
    trace = scratch / "trace.json"
    command = (
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,900",
        f"--user-data-dir={scratch / 'browser'}", f"--trace-startup={','.join(TRACED)}",
        f"--trace-startup-file={trace}", "--trace-startup-format=json",
        "--trace-startup-duration=60", "--virtual-time-budget=10000",
        f"--screenshot={scratch / 'many.png'}",
        address,
    )  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return longest(json.loads(trace.read_bytes()))


def choose(name: str, value: str) -> Callable[[Any], None]:
    """Return the act of choosing in a filter."""

    def act(page: Any) -> None:
        page.select_option(f"#filter-{name}", value)
        page.wait_for_timeout(400)

    return act


def search(page: Any) -> None:
    """Type a word, and take it back."""
    page.locator("#filter-q").press_sequentially("escalated", delay=60)
    page.wait_for_timeout(400)
    page.fill("#filter-q", "")
    page.wait_for_timeout(400)


def scroll(page: Any) -> None:
    """Turn the wheel for a while, until there are cards again, then go to the end."""
    page.locator("#findings").evaluate("(one) => one.scrollIntoView()")
    page.mouse.move(600, 400)
    for _ in range(60):
        page.mouse.wheel(0, 1200)
        page.wait_for_timeout(16)
    page.evaluate(CARDS_IN_SIGHT)
    page.keyboard.press("End")
    page.wait_for_timeout(400)


ACTS: dict[str, Callable[[Any], None]] = {
    "show all verdicts": choose("show", "all"),
    "group by stage": choose("by", "stage"),
    "group by rule": choose("by", "rule"),
    "search, letter by letter": search,
    "scroll, then to the end": scroll,
    "one severity": choose("severity", "high"),
    "back to all": choose("severity", ""),
    "findings only": choose("show", ""),
}
"""What a reader does with a page."""
