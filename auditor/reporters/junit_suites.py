"""
The parts that every JUnit XML document of ours is made of, whatever its cases are about.

Readers count in two ways, from the attributes of the suites and from the cases, so both are held against our own
counts before a suite is done. What is written is valid for the schema of Jenkins' xunit plugin, ``junit-10.xsd``;
in the form of Ant for the one of Windy Road as well.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from auditor.reporters.xml_text import DECLARATION, attribute, end_tag, start_tag, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from xml.etree.ElementTree import Element

    from junit_xml import TestCase

CLOSING: Final = end_tag("testsuites").encode()
"""The end of a document."""
_TIME: Final = f"{0:.3f}"
"""Nothing here takes a time that two runs would agree on; a missing or exponential one confuses consumers."""
_AT_ONCE: Final = 500
"""Cases that are in memory as XML at a time."""
_HOST: Final = "localhost"
"""What Ant's schema asks for where no host is to be named: a report must not tell where it was made."""
_SECOND: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_NO_SECOND: Final = "1970-01-01T00:00:00"
_TAGS: Final = {
    "tests": "testcase",
    "failures": "failure",
    "errors": "error",
    "skipped": "skipped",
}
"""How a suite counts what its cases hold."""


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


@dataclass(frozen=True, slots=True)
class Suite:
    """The head of a suite."""

    name: str
    counts: Counts
    """What its cases must come to."""
    about: Mapping[str, str]
    """Its properties."""
    package: str = "auditor"
    """What it is a part of. Only Ant's form shows it, as it does `at`."""
    at: str | None = None
    """The instant that was judged, RFC 3339; None where there was none."""


class Names:
    """Names of one class, each given once: consumers keep only one case of an equal pair."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def unique(self, name: str) -> str:
        """Return *name*, with a number where it was given before."""
        self._given[name] += 1
        count = self._given[name]
        return name if count == 1 else self.unique(f"{name} #{count}")


class Document:
    """
    One document, which is written suite by suite.

    Args:
        is_ant: Whether it takes the form of Ant's reports, which demands more of a suite and has less room in a case.
    """

    def __init__(self, *, is_ant: bool = False) -> None:
        self._is_ant = is_ant
        self._suites = 0

    def opening(self, name: str, counts: Counts) -> bytes:
        """Write the beginning; suites follow, then `CLOSING`."""
        root = _element("testsuites")
        if not self._is_ant:
            root.set("name", name)
            root.set("tests", str(counts.tests))
            root.set("failures", str(counts.failures))
            root.set("errors", str(counts.errors))
            root.set("time", _TIME)
        return DECLARATION + start_tag(root).encode()

    def suite(self, suite: Suite, cases: Iterable[TestCase]) -> Iterator[bytes]:
        """Write one suite, so many of its *cases* of junit-xml at a time."""
        about = {key: attribute(text) for key, text in suite.about.items()}
        ours = _counted(suite.counts)
        told: Counter[str] = Counter()
        tags: Counter[str] = Counter()
        output: list[str] = []
        remaining = iter(cases)
        element = _built(suite, list(islice(remaining, _AT_ONCE)), about)
        begun = self._begun(element, suite)
        while True:
            told.update({key: int(element.get(key, "-1")) for key in ours})
            for part in element:
                tags[part.tag] += 1
                for child in part:
                    tags[child.tag] += 1
                if part.tag == "testcase":
                    self._finish(part, output)
            yield (begun + "".join([whole(part, 2) for part in element])).encode()
            batch = list(islice(remaining, _AT_ONCE))
            if not batch:
                break
            element, begun = _built(suite, batch), ""
        found = {key: tags[tag] for key, tag in _TAGS.items()}
        if not ours == {key: told[key] for key in ours} == found:
            msg = f"suite {suite.name} shows {dict(told)} and {found} instead of {ours}"
            raise RuntimeError(msg)
        yield (self._tail(output) + end_tag("testsuite", 1)).encode()

    def _begun(self, element: Element, suite: Suite) -> str:
        """Write the start tag of a suite of which *element* has the first cases."""
        if self._is_ant and not suite.about:
            element.insert(0, _element("properties"))
        # The order is that of junit-xml; the counts are those of all cases.
        head = _element("testsuite", element.attrib)
        # Jenkins' schema does not know it.
        del head.attrib["disabled"]
        head.attrib.update({key: str(count) for key, count in _counted(suite.counts).items()})
        head.set("time", _TIME)
        if self._is_ant:
            second = _SECOND.match(suite.at or "")
            head.set("hostname", _HOST)
            head.set("id", str(self._suites))
            head.set("package", suite.package)
            head.set("timestamp", second[0] if second else _NO_SECOND)
        self._suites += 1
        return start_tag(head, 1)

    def _finish(self, case: Element, output: list[str]) -> None:
        """Set what junit-xml leaves out; take away what Ant's form has no room for, its text into *output*."""
        case.set("time", _TIME)
        if not self._is_ant:
            return
        for child in list(case):
            if child.tag == "skipped":
                del child.attrib["type"]
            elif child.tag == "system-out":
                output.append(f"{case.get('name')}: {child.text}")
                case.remove(child)

    def _tail(self, output: list[str]) -> str:
        if not self._is_ant:
            return ""
        out = _element("system-out")
        out.text = "\n".join(output)
        return whole(out, 2) + whole(_element("system-err"), 2)


def _counted(counts: Counts) -> dict[str, int]:
    return {
        "tests": counts.tests,
        "failures": counts.failures,
        "errors": counts.errors,
        "skipped": counts.skipped,
    }


def _built(
    suite: Suite, cases: list[TestCase], properties: Mapping[str, str] | None = None
) -> Element:
    """Let junit-xml build a suite with some of its cases."""
    from junit_xml import TestSuite  # noqa: PLC0415 - only runs that write JUnit pay for it

    element: Element = TestSuite(suite.name, cases, properties=properties).build_xml_doc()
    return element


def _element(name: str, attributes: Mapping[str, str] | None = None) -> Element:
    from xml.etree.ElementTree import Element  # noqa: PLC0415 - only runs that write XML pay for it

    return Element(name, dict(attributes or {}))
