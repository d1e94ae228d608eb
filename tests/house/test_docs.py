"""The documents say what the program does: headings, the command line's reference, links, records."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import auditor
from auditor.cli.reference import reference
from auditor.model.errors import AuditorError, ErrorGroup

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
SLUG = re.compile(r"[a-z]+(-[a-z]+)*")
DECISION = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
CALLS = {
    "_at": 1, "_fault": 1, "_part": 1, "located": 1, "CelSyntaxError": 0, "Diagnostic": 0, "Obstacle": 0,
    "Said": 0,
}  # fmt: skip
"""Functions of the language that name a fault, and where among their arguments its slug stands."""


def classes(base: type[AuditorError] = AuditorError) -> set[type[AuditorError]]:
    """Return every kind of error, once all of the program is imported."""
    for module in walk_packages(auditor.__path__, "auditor."):
        import_module(module.name)
    return {base}.union(*(classes(kind) for kind in base.__subclasses__()))


def written_slugs() -> set[str]:
    """Return the slugs that stand in the source as text, beside those of the classes."""
    found: set[str] = set()
    for path in sorted((ROOT / "auditor").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            found |= {
                str(keyword.value.value)
                for keyword in node.keywords
                if keyword.arg == "slug"
                and name.endswith(("Error", "Problem"))
                and isinstance(keyword.value, ast.Constant)
            }
            position = CALLS.get(name)
            if position is None or "language" not in path.parts or len(node.args) <= position:
                continue
            slug = node.args[position]
            if isinstance(slug, ast.Constant) and SLUG.fullmatch(str(slug.value)):
                found.add(f"policy-{slug.value!s}")
    return found


def test_every_slug_has_its_heading() -> None:
    """Whoever looks up ``error[slug]`` finds it, and finds nothing that the program never says."""
    said = (
        {kind.slug for kind in classes() - {AuditorError, ErrorGroup}} | written_slugs() | {"bug"}
    )
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")

    assert sorted(re.findall(r"^## `?([a-z-]+)`?$", text, re.MULTILINE)) == sorted(said)


def test_reference_of_the_command_line_is_current() -> None:
    """``docs/cli.md`` is the help pages themselves; ``python -m auditor.cli.reference`` writes it again."""
    current = reference()

    assert (ROOT / "docs/cli.md").read_text(encoding="utf-8") == current, (
        "run: python -m auditor.cli.reference > docs/cli.md"
    )


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(path, id=path.relative_to(ROOT).as_posix())
        for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    ],
)
def test_links_lead_somewhere(document: Path) -> None:
    """A document that names another one names it where it is."""
    targets = LINK.findall(document.read_text(encoding="utf-8"))

    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_decisions_are_numbered_without_gaps() -> None:
    """Each record has a number of its own, and its title carries it."""
    records = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = []
    for record in records:
        named = DECISION.fullmatch(record.name)
        assert named is not None, record.name
        numbers.append(int(named[1]))
        title = record.read_text(encoding="utf-8").splitlines()[0]
        assert title.startswith(f"# {named[1]}. "), record.name

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("heading", ["Status", "Context", "Decision", "Consequences"])
def test_decisions_have_their_headings(heading: str) -> None:
    """Each record can be read the same way."""
    for record in sorted((ROOT / "docs/decisions").glob("*.md")):
        assert f"\n## {heading}\n" in record.read_text(encoding="utf-8"), record.name


def test_nobody_is_sent_to_an_index_for_it() -> None:
    """It is on none: its name would find nothing there, or what a stranger put there."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    sources = [*(ROOT / "auditor").rglob("*.py"), *(ROOT / "pipelines").rglob("*.*")]

    named = [
        f"{path.relative_to(ROOT)}: {told}"
        for path in sorted(pages + sources)
        for told in re.findall(r"install '?auditor'?`|auditor\[[a-z-]+\]", path.read_text("utf-8"))
    ]

    assert named == []


def test_the_example_of_a_table_is_what_is_printed() -> None:
    """Head and first rows of docs/tables.md come out of its command."""
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    example = re.search(r"^    \$ auditor (.+)\n((?:    .+\n)+?)    …$", page, re.MULTILINE)
    assert example is not None
    rows = [row.strip() for row in example[2].splitlines()]

    done = subprocess.run(
        [sys.executable, "-m", "auditor", *shlex.split(example[1])],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )

    assert len(rows) > 3
    assert done.stdout.decode("utf-8-sig").splitlines()[: len(rows)] == rows
