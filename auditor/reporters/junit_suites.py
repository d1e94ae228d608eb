"""
The parts that every JUnit XML document of ours is made of, whatever its cases are about.

Readers count in two ways, from the attributes of the suites and from the cases, so both are held against our own
counts before a suite leaves. What is written is valid for the schema of Jenkins' xunit plugin, ``junit-10.xsd``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.reporters.xml_text import DECLARATION, attribute, child, start_tag

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from junit_xml import TestCase

CLOSING: Final = b"</testsuites>\n"
"""The end of a document."""
_TIME: Final = f"{0:.3f}"
"""Nothing here takes a time that two runs would agree on; a missing or exponential one confuses consumers."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How the cases of a suite ended."""

    passes: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0

    @property
    def tests(self) -> int:
        """All of them."""
        return self.passes + self.failures + self.errors + self.skipped


class Names:
    """Names of one class, each given once: consumers keep only one case of an equal pair."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def unique(self, name: str) -> str:
        """Return *name*, with a number where it was given before."""
        self._given[name] += 1
        count = self._given[name]
        return name if count == 1 else self.unique(f"{name} #{count}")


def opening(name: str, *, tests: int, failures: int, errors: int) -> bytes:
    """Write the beginning of a document; suites follow, then `CLOSING`."""
    return DECLARATION + start_tag(
        "testsuites",
        {
            "name": name,
            "tests": str(tests),
            "failures": str(failures),
            "errors": str(errors),
            "time": _TIME,
        },
    )


def suite(name: str, cases: list[TestCase], about: Mapping[str, str], counts: Counts) -> bytes:
    """
    Write one suite.

    Args:
        name: Of the suite.
        cases: Of junit-xml.
        about: Properties.
        counts: What the suite must come to.
    """
    from junit_xml import TestSuite  # noqa: PLC0415 - only runs that write JUnit pay for it

    properties = {key: attribute(text) for key, text in about.items()}
    element: Element = TestSuite(name, cases, properties=properties).build_xml_doc()
    # Jenkins' schema does not know it.
    del element.attrib["disabled"]
    element.set("time", _TIME)
    for case in element.iterfind("testcase"):
        case.set("time", _TIME)
    _check_counts(element, counts)
    return child(element)


def _check_counts(element: Element, counts: Counts) -> None:
    """Hold a suite against what it is made of, in both ways in which readers count."""
    ours = {
        "tests": counts.tests,
        "failures": counts.failures,
        "errors": counts.errors,
        "skipped": counts.skipped,
    }
    attributes = {key: int(element.get(key, "-1")) for key in ours}
    found = {
        "tests": len(element.findall("testcase")),
        "failures": len(element.findall("testcase/failure")),
        "errors": len(element.findall("testcase/error")),
        "skipped": len(element.findall("testcase/skipped")),
    }
    if not ours == attributes == found:
        msg = f"suite {element.get('name')} shows {attributes} and {found} instead of {ours}"
        raise RuntimeError(msg)
