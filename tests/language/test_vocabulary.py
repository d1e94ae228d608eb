"""Words of a pack, and words that the packs of one folder share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language.policy_draft import PolicyText
from auditor.language.registry import Functions
from auditor.language.vocabulary import PackWords, serves

if TYPE_CHECKING:
    from auditor.model.errors import AuditorError


def pack(folder: str, *words: str, path: str = "") -> PolicyText:
    """Make a ``pack.yaml`` that defines each word as true."""
    lines = "".join(f"  {word}(): 'true'\n" for word in words)
    data = f"title: T\ndefine:\n{lines}".encode()
    return PolicyText(path or f"{folder}/pack.yaml", folder.rpartition("/")[2], data, f"/{folder}")


def policy(folder: str) -> PolicyText:
    """Make a policy file; what it says does not matter here."""
    return PolicyText(f"{folder}/x.yaml", folder.rpartition("/")[2], b"", f"/{folder}")


def words(*texts: PolicyText, of: PolicyText) -> tuple[set[str], list[AuditorError]]:
    """Return the words that are in force in a file, and what is wrong."""
    errors: list[AuditorError] = []
    found = PackWords(texts, Functions([]), errors).of(of)
    return set(found), errors


def test_a_pack_has_its_own_words_and_those_of_the_folder_above() -> None:
    """And none of its neighbours'."""
    texts = (pack("p/one", "a"), pack("p/two", "b"), pack("p", "shared"))

    assert words(*texts, of=policy("p/one")) == ({"a", "shared"}, [])
    assert words(*texts, of=policy("p/two")) == ({"b", "shared"}, [])


def test_a_pack_without_a_file_of_its_own_has_the_shared_words() -> None:
    """Nothing has to be repeated."""
    assert words(pack("p", "shared"), of=policy("p/one")) == ({"shared"}, [])


def test_a_shared_word_cannot_get_another_meaning() -> None:
    """Two policies that say `held` must mean the same."""
    _, errors = words(pack("p", "held"), pack("p/one", "held"), of=policy("p/one"))

    (error,) = errors
    assert error.slug == "policy-name-taken"
    assert "a shared word (p/pack.yaml:3" in error.message
    assert error.location is not None
    assert error.location.path == "p/one/pack.yaml"


def test_two_packs_may_use_one_word_differently() -> None:
    """What is not shared is nobody else's."""
    texts = (pack("p/one", "late"), pack("p/two", "late"))

    assert words(*texts, of=policy("p/one")) == ({"late"}, [])


def test_another_folder_of_packs_shares_nothing() -> None:
    """Only the folder that holds the pack."""
    texts = (pack("p", "shared"), pack("q", "other"))

    assert words(*texts, of=policy("q/one")) == ({"other"}, [])


def test_texts_in_no_folder_share_nothing() -> None:
    """As they come in from an editor."""
    lonely = PolicyText("x/pack.yaml", "x", b"title: T\ndefine: {a(): 'true'}\n")

    assert words(lonely, of=PolicyText("y/y.yaml", "y", b"")) == (set(), [])


def test_a_broken_file_is_told_once() -> None:
    """However many packs inherit it."""
    broken = PolicyText("p/pack.yaml", "p", b"define: [", "/p")
    _, errors = words(broken, pack("p/one", "a"), pack("p/two", "b"), of=policy("p/one"))

    assert [error.location.path for error in errors if error.location] == ["p/pack.yaml"]


def test_a_pack_file_serves_its_pack_and_those_below() -> None:
    """And nothing else does."""
    shared, own, other = pack("p"), pack("p/one"), policy("p/two")

    assert serves(shared, own)
    assert serves(shared, other)
    assert serves(own, policy("p/one"))
    assert not serves(own, other)
    assert not serves(policy("p"), other)
