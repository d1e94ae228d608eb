"""The generator of expressions: it writes what the checker takes, of everything that there is, and always the same."""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from auditor.language.cel.macros import MACROS, OF_OPTIONAL, PAIRED
from tests.differential import plain, vocabulary
from tests.differential.delivery import WORDS
from tests.differential.expressions import seeded
from tests.differential.world import world

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = 2_500
OPERATORS = (" && ", " || ", "!", " ? ", " == ", " != ", " < ", " <= ", " > ", " >= ", " + ", " - ", " * ",
             " / ", " % ", " in ", "[", "(-(", "has(", ".?", "[?", "cel.bind(", "cel.block(", "dyn(", "undecided(",
             "notSupported(", "== null", "n0", "n1", "params.", "as_of", "period.")  # fmt: skip

DIGEST = """
from tests.differential import plain, vocabulary
from tests.differential.test_expressions import digest
print(digest())
"""


def digest() -> str:
    """Return the digest of some texts of both grammars."""
    texts = [repr(vocabulary.written(seeded(seed), 4)) for seed in range(60)]
    texts += [plain.expression(seeded(seed), 4) for seed in range(60)]
    return sha256("\n".join(texts).encode()).hexdigest()


@pytest.fixture(scope="module")
def texts() -> str:
    """Return many expressions as one text."""
    return "\n".join(repr(vocabulary.written(seeded(seed), 4)) for seed in range(SEEDS))


def test_nearly_everything_passes_the_checker() -> None:
    """What is refused was written for nothing: at least four of five are taken."""
    taken = sum(vocabulary.question(seeded(seed), 3) is not None for seed in range(400))

    assert taken > 320


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_a_seed_gives_one_expression_whatever_the_hash_seed(hash_seed: str, root: Path) -> None:
    """A finding of one machine can be looked at on any other."""
    done = subprocess.run(
        [sys.executable, "-c", DIGEST],
        cwd=root,
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == digest()


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_written(operator: str, texts: str) -> None:
    """None of CEL's operators and special forms is left out."""
    assert operator in texts


@pytest.mark.parametrize("form", sorted({*MACROS, *PAIRED, *OF_OPTIONAL}))
def test_every_macro_is_written(form: tuple[str, int], texts: str) -> None:
    """With one name or two, with and without a filter."""
    assert f".{form[0]}(" in texts


@pytest.mark.parametrize("name", sorted({name for name, _, _ in WORDS}))
def test_words_of_packs_are_written(name: str, texts: str) -> None:
    """Definitions with arguments, also such as use another."""
    assert f"{name}(" in texts


def test_every_function_is_written() -> None:
    """Whatever a library registers is called, also a function that comes later."""
    names = {overload.name for overload in world().functions.all()}
    calls = {name for name in names if re.match(r"[a-z]", name)}
    written: set[str] = set()
    for seed in range(40_000):
        if not calls - written:
            break
        text = repr(vocabulary.written(seeded(f"calls {seed}"), 4))
        written |= {name for name in calls - written if f"{name}(" in text}

    assert calls - written == set()
