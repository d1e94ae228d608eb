"""Whatever is wrong with a policy is an error with a place, never a crash: the shipped ones, with parts exchanged."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from auditor.language.policy_draft import PolicyText
from auditor.language.vocabulary import is_pack
from auditor.usecases.read_policies import packaged_folder, read_texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Linter = Any

TOKEN = re.compile(r"[A-Za-z_]\w*|'[^'\n]*'|&&|\|\||[=!<>]=|\S")
MUTANTS = 4
"""Of each policy."""


def mutants(text: str, chance: random.Random) -> Iterator[str]:
    """Yield policies in which one word or sign is left out, doubled, or replaced by another one."""
    start = next(iter(re.finditer(r"^(for|when|let|define|require):", text, re.MULTILINE))).start()
    tokens = [match for match in TOKEN.finditer(text) if match.start() >= start]
    for _ in range(MUTANTS):
        one, other = chance.sample(tokens, 2)
        kind = chance.choice(["leave out", "double", "replace", "exchange"])
        spelled = {
            "leave out": "",
            "double": f"{one[0]} {one[0]}",
            "replace": other[0],
            "exchange": chance.choice(
                ["null", "1", "'x'", "as_of", "params", "-1", "[]", "true", "size"]
            ),
        }[kind]
        yield text[: one.start()] + spelled + text[one.end() :]


@pytest.mark.parametrize("seed", range(3))
def test_a_spoilt_policy_is_told_at_a_place(linter: Linter, seed: int) -> None:
    """Each finding lies in one of the files that were read, and says what is wrong."""
    texts, _ = read_texts([packaged_folder()])
    packs = [text for text in texts if is_pack(text)]
    chance = random.Random(seed)  # noqa: S311 - no secret
    found = 0
    for text in texts:
        if is_pack(text):
            continue
        for spoilt in mutants(text.data.decode(), chance):
            mutant = PolicyText(text.path, text.pack, spoilt.encode(), text.folder)
            for finding in linter.findings(*packs, mutant):
                lines = spoilt.splitlines()
                place = finding.location
                assert place.path == text.path, (finding, spoilt)
                assert 1 <= place.line <= len(lines) + 1
                assert finding.message
                if finding.excerpt is not None and place.line <= len(lines):
                    assert finding.excerpt == lines[place.line - 1]
                    assert 1 <= place.column <= len(finding.excerpt) + 1
                found += 1

    assert found > len(texts)
