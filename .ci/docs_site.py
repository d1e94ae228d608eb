"""
Open the documentation of the policies in a browser, from the disk, and ask its search.

A page that only a parser has read is not known to be readable: the site is built, Chromium opens it as a file and
runs the search, and what is found must be what is there. Without the script every page must be reachable by links.
"""

from __future__ import annotations

import posixpath
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from lxml import html

BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ASKED = (
    ("SEEF-MON-04", "SEEF-MON-04", "controls/SEEF-MON-04.html"),
    ("blocker escalated", "blocker-not-escalated", "policies/blocker-not-escalated.html"),
    ("raised_at", "risks.raised_at", "fields/project.html#risks.raised_at"),
    ("sumReaches", "xs.sumReaches(x, e, limit)", "functions.html#macro-sumReaches"),
)
"""What is typed, what must be among the results, and where it leads."""


def opened(browser: str, address: str, folder: Path) -> html.HtmlElement:
    """Return a page as it is once its script has run."""
    done = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}",
            "--virtual-time-budget=5000", "--dump-dom", address,
        ],
        check=True, capture_output=True, timeout=120, text=True,
    )  # fmt: skip
    return html.document_fromstring(done.stdout)


def searched(browser: str, site: Path, folder: Path) -> list[str]:
    """Return what the search does not find, from the front page and from one in a folder."""
    faults = []
    for page, root in (("index.html", ""), ("policies/blocker-not-escalated.html", "../")):
        for typed, title, link in ASKED:
            address = f"{(site / page).as_uri()}?q={quote(typed)}"
            tree = opened(browser, address, folder)
            results = tree.xpath("//ul[@id='search-results']//a")
            found = {one.xpath("string(span[@class='name'])"): one.get("href") for one in results}
            print(f"{page}?q={typed}: {len(found)} results")
            if not (found.get(title) or "").endswith(root + link):
                faults.append(
                    f"{page}?q={typed} does not find '{title}': {list(found.items())[:5]}"
                )
    return faults


def unreached(site: Path) -> list[str]:
    """Return the pages that no chain of links leads to from the front page."""
    pages = {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}
    seen, pending = {"index.html"}, ["index.html"]
    while pending:
        page = pending.pop()
        for link in html.parse(pages[page]).xpath("//a/@href"):
            target = posixpath.normpath(
                posixpath.join(posixpath.dirname(page), link.partition("#")[0])
            )
            if target in pages and target not in seen:
                seen.add(target)
                pending.append(target)
    return sorted(pages.keys() - seen)


def main() -> int:
    """Check everything; return the number of things that do not hold."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        print("FAULT no browser: apt-get install chromium")
        return 1
    with TemporaryDirectory() as place:
        site = Path(place) / "site"
        subprocess.run([BIN / "auditor", "policy", "docs", "--output", site], check=True)
        faults = [f"no link leads to {page}" for page in unreached(site)]
        faults += searched(browser, site, Path(place) / "browser")
    for fault in faults:
        print("FAULT", fault)
    return len(faults)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
