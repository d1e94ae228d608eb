"""
Open the page of a run in a browser, as whoever gets it by mail does, and hold it against the run.

Chromium opens the file from the disk: with and without its script, in light and dark colours, on a narrow screen and
on paper. axe-core looks for what people with a screen reader, a keyboard or weak eyes stumble over. Every filter must
give exactly the verdicts that the run has, texts that mean harm must do none, and a page of 20,000 verdicts must
never keep its reader waiting. Playwright and axe-core are installed beside, for this check alone.

    .ci/html_report.py [FOLDER]      FOLDER: where pictures and the page on paper are left
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from html_runs import demo, enlarged, filters, harmful
from html_tasks import ACTS, READY, TRACED, Task, loaded, longest

from auditor.reporters.formats.html import HtmlReporter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from html_runs import Key

    from auditor.findings.recorded_places import RecordedPlaces
    from auditor.model.run import Run

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MANY = 20_000
LONGEST_MS = 200
"""A task of the page that lasts longer is noticed by its reader."""
ROUNDS = 3
"""The machine has other work: what is slow in some rounds only is not the page's doing."""
DESK = {"width": 1280, "height": 900}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": DESK},
    "dark": {"color_scheme": "dark", "viewport": DESK},
    "narrow": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
    "print": {"color_scheme": "dark", "viewport": {"width": 794, "height": 1123}},
}
OUTCOMES = {
    "not due yet": "not_applicable",
    "not applicable": "not_applicable",
    "pass, attested": "pass",
    "pass, weak evidence": "pass",
}
READ_CARDS = """
() => [...document.querySelectorAll('#list article')].map((card) => [
  card.querySelector('.badge').textContent,
  card.querySelector('.about').firstChild.textContent.trim(),
  card.querySelector('.about b')?.textContent ?? '',
  card.querySelector('.policy').textContent,
])
"""
GO = """
(address) => new Promise((done) => {
  addEventListener('hashchange', () => setTimeout(done), { once: true });
  location.hash = address;
})
"""
SETTLED = "() => new Promise((done) => setTimeout(() => setTimeout(done)))"
FOUND = """
() => axe.run().then((all) => all.violations.map(
  (one) => [one.impact, one.id, one.nodes.length, one.nodes[0].html.slice(0, 160)]))
"""


class Check:
    """What was found wrong so far."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def __call__(self, what: str, found: object, wanted: object) -> None:
        """Note a difference."""
        if found != wanted:
            self.faults.append(f"{what}: {found!r}, not {wanted!r}"[:2000])


class Browser:
    """Chromium, and what it had to complain about."""

    def __init__(self, chromium: Any, check: Check) -> None:
        self._chromium = chromium
        self._check = check

    @contextmanager
    def opened(self, address: str, **context: Any) -> Iterator[Any]:
        """
        Open a page; whatever else it asks for, and all that it says or breaks at, is a fault.

        Args:
            address: Of the page.
            context: What Playwright's context takes.
        """
        own = self._chromium.new_context(**context)
        page = own.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
        page.on("console", lambda said: self._check("console", said.text, ""))
        page.on("pageerror", lambda error: self._check("script", str(error), ""))
        page.on("dialog", lambda one: (self._check("dialog", one.message, ""), one.dismiss()))
        page.goto(address)
        if context.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]", timeout=120_000)
        yield page
        self._check("requests", set(asked) - {address.partition("#")[0]}, set())
        own.close()

    def longest_task(self, page: Any, act: Callable[[Any], None]) -> Task:
        """Return the longest task of a page while *act* was done."""
        self._chromium.start_tracing(page=page, categories=TRACED)
        act(page)
        page.evaluate(f"performance.mark('{READY}')")
        return longest(json.loads(self._chromium.stop_tracing()))


def written(run: Run, places: RecordedPlaces, file: Path) -> str:
    """Write the page of *run* and return its address."""
    with file.open("wb") as target:
        target.writelines(HtmlReporter().render(run, places, profile=None, colour=False))
    print(f"{file.name}: {sum(run.counts().values())} verdicts, {file.stat().st_size / 1e6:.1f} MB")
    return file.as_uri()


def shown(page: Any) -> Counter[Key]:
    """Return the verdicts in the list; those that are out of sight are made as for paper."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    cards = page.evaluate(READ_CARDS)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    return Counter(
        (OUTCOMES.get(label, label), project, subject, policy)
        for label, project, subject, policy in cards
    )


def check_filters(browser: Browser, address: str, run: Run, check: Check) -> None:
    """Hold every filter against the run."""
    total = sum(run.counts().values())
    with browser.opened(address, viewport=DESK) as page:
        for count, (wanted, expected) in enumerate(filters(run), start=1):
            page.evaluate(GO, f"#{urlencode(wanted | {'x': count})}")
            check(f"filter {wanted}", shown(page), expected)
            if expected:
                said = f"{expected.total()} of {total} verdicts shown"
                check(f"status of {wanted}", page.text_content("#status"), said)
        page.evaluate(GO, "#show=all&x=")
        for by in ("stage", "owner", "rule", ""):
            page.select_option("#filter-by", by)
            page.evaluate(SETTLED)
            check(f"grouped by {by}", shown(page).total(), total)
    with browser.opened(address, java_script_enabled=False) as page:
        cards = page.locator("#lots article")
        check("without a script", (cards.count(), cards.last.is_visible()), (total, True))
    print(f"filters: {count} give exactly what the run has; without a script all {total} are there")


def check_keys(browser: Browser, address: str, check: Check) -> None:
    """Walk through the list with the keyboard alone, and come back by the address."""
    with browser.opened(address) as page:
        for key in "jjkjo":
            page.keyboard.press(key)
        walked = page.evaluate(
            "[document.activeElement.ariaPosInSet, document.activeElement.querySelector('details').open]"
        )
        check("j, j, k, j, o", walked, ["2", True])
        page.keyboard.press("/")
        check("/", page.evaluate("document.activeElement.name"), "q")
        page.keyboard.type("retrospective")
        page.wait_for_url("**#q=retrospective")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        check("?", page.locator("#help").is_visible(), wanted=True)
        page.keyboard.press("Escape")
        page.keyboard.press("c")
        check("c", page.evaluate("location.hash"), "")
        page.click("#theme")
        page.reload()
        page.wait_for_selector("html[data-ready]")
        check("colours are kept", page.locator("html").get_attribute("data-theme"), "dark")
        page.locator(".map tbody td a").first.click()
        page.wait_for_url("**#project=*")
        check("a cell", page.evaluate("document.activeElement.id"), "findings")
        page.evaluate(GO, page.locator("#list details a").first.get_attribute("href"))
        check("a link to a finding", page.evaluate("document.activeElement.localName"), "article")
    print("keys: j k o / ? c Esc; colours, a cell of the map, the address of a finding")


def check_tables(browser: Browser, address: str, check: Check) -> None:
    """Sort the map by its scores, both ways; what has none comes last."""
    cells = ".map tbody tr > td:nth-child(2)"
    with browser.opened(address) as page:
        before = page.locator(f"{cells} b").all_inner_texts()
        for order in ("ascending", "descending"):
            page.locator(".map thead tr:last-child th:nth-child(2) .sort").click()
            after = page.locator(f"{cells} b").all_inner_texts()
            numbers = [float(one) for one in after if one != "?"]
            wanted = sorted(numbers, reverse=order == "descending")
            check(f"map, {order}", numbers, wanted)
            check(f"map, {order}: cells", sorted(after), sorted(before))
            head = page.locator(".map thead tr:last-child th:nth-child(2)")
            check("said of the order", head.get_attribute("aria-sort"), order)
            last = page.locator(".map tbody tr:last-child td").first.inner_text()
            check(f"map, {order}: last", last, "not audited: no usable snapshot was given")
    print("tables: sorted both ways")


def check_looks(browser: Browser, address: str, axe: str, folder: Path, check: Check) -> None:
    """Let axe-core look at the page in every dress, with all that is folded opened; take pictures."""
    for name, context in LOOKS.items():
        with browser.opened(address, **context) as page:
            if name == "print":
                page.emulate_media(media="print")
            page.screenshot(path=folder / f"{name}.png")
            for part in ("map", "findings", "missing"):
                page.locator(f"#{part}").evaluate("(one) => one.scrollIntoView()")
                page.wait_for_timeout(200)
                page.screenshot(path=folder / f"{name}-{part}.png")
            if name == "print":
                page.pdf(path=folder / "print.pdf", format="A4", print_background=True)
            else:
                width = page.evaluate("document.documentElement.scrollWidth")
                check(f"{name}: width", width, context["viewport"]["width"])
            page.evaluate(
                "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
            )
            session = page.context.new_cdp_session(page)
            session.send("Runtime.evaluate", {"expression": axe})
            found = page.evaluate(FOUND)
            grave = [one for one in found if one[0] in {"serious", "critical"}]
            check(f"{name}: axe-core", grave, [])
            others = (
                ", ".join(f"{one[1]} at {one[3]}" for one in found if one not in grave) or "none"
            )
            print(f"axe-core, {name}: {len(grave)} serious or critical; others: {others}")


def check_harm(browser: Browser, address: str, run: Run, check: Check) -> None:
    """See texts that mean harm do none, with every card on the page."""
    total = sum(run.counts().values())
    with browser.opened(f"{address}#show=all") as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        check("harm: cards", page.locator("#list article").count(), total)
        check("harm: done", page.evaluate("window.harmed ?? null"), None)
        made = page.locator("img, [onerror], #list script, #list style, a[href^=javascript]")
        check("harm: made", made.count(), 0)
        title = page.locator("#list h4").first.inner_text()
        check("harm: seen", title[:21], "</noscript></script><")
    print(f"harmful texts: {total} cards, no dialog, no request, no script")


def check_speed(browser: Browser, address: str, load: Callable[[], Task], check: Check) -> None:
    """Read the longest task off traces, for all that a reader does."""
    rounds: dict[str, list[Task]] = {}
    for _ in range(ROUNDS):
        rounds.setdefault("load", []).append(load())
        with browser.opened(address, viewport=DESK) as page:
            for name, act in ACTS.items():
                rounds.setdefault(name, []).append(browser.longest_task(page, act))
    for name, tasks in rounds.items():
        work, clock = (min(times) for times in zip(*tasks, strict=True))
        print(f"{name}: longest task {work:.0f} ms, {clock:.0f} ms by the clock")
        check(f"{name}: at most {LONGEST_MS} ms", work <= LONGEST_MS, wanted=True)


def main(folder: Path | None) -> int:
    """Check everything; return the number of things that do not hold."""
    chromium = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if chromium is None:
        print("FAULT no browser: apt-get install chromium")
        return 1
    check = Check()
    with TemporaryDirectory() as place:
        scratch = Path(place)
        pictures = folder or scratch / "pictures"
        pictures.mkdir(parents=True, exist_ok=True)
        install = (sys.executable, "-m", "pip", "install", "--quiet", "--target", scratch / "pip")
        subprocess.run([*install, "playwright>=1.55"], check=True)
        npm = ("npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", scratch / "npm")
        subprocess.run([*npm, "axe-core@4"], check=True)
        sys.path.insert(0, str(scratch / "pip"))
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - installed just now

        axe = (scratch / "npm" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
        run, places = demo(scratch)
        page = written(run, places, scratch / "demo.html")
        harm = harmful(run)
        harm_page = written(harm, places, scratch / "harm.html")
        many = written(enlarged(run, MANY), places, scratch / "many.html")
        with sync_playwright() as playwright:
            browser = Browser(
                playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]), check
            )
            check_filters(browser, page, run, check)
            check_keys(browser, page, check)
            check_tables(browser, page, check)
            check_looks(browser, page, axe, pictures, check)
            check_harm(browser, harm_page, harm, check)
            check_speed(browser, many, lambda: loaded(chromium, many, scratch), check)
    for fault in check.faults:
        print("FAULT", fault)
    return len(check.faults)


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None), 1))
