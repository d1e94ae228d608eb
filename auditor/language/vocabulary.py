"""
The words that policies share: those of a pack, and those of the folder that holds the packs.

A ``pack.yaml`` says what its own pack means by a word. One beside the packs, in the folder that holds them,
says it for all of them; a pack then may use the word, and may not give it another meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.cel.checker import Definition
from auditor.language.cel.names import BUILT_INS
from auditor.language.cel.outline import outline
from auditor.language.expression_places import parsed
from auditor.language.policy_parser import parse_pack
from auditor.model.errors import AuditorError, ErrorGroup, PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditor.language.policy_draft import DefineDraft, PolicyText
    from auditor.language.registry import Functions

    Vocabulary = dict[str, tuple[Definition, DefineDraft]]
    """By name: the definition, and where it was written."""


PACK_FILE: Final = "pack.yaml"
CATALOGUE_FILE: Final = "catalogue.yaml"
"""What a framework demands, beside the policies of its pack; no policy is ever called so."""


def is_pack(text: PolicyText) -> bool:
    """Whether a file holds words, not a policy."""
    return text.path.rpartition("/")[2] == PACK_FILE


def serves(words: PolicyText, text: PolicyText) -> bool:
    """Whether the ``pack.yaml`` *words* is in force in *text*: it is that of its pack, or the one above."""
    return is_pack(words) and (
        words.pack == text.pack or (bool(text.folder) and words.folder == _above(text))
    )


def _above(text: PolicyText) -> str:
    """Return the folder that holds the pack of *text*."""
    return text.folder.rpartition("/")[0]


class PackWords:
    """
    The words of all packs.

    Args:
        texts: Files; those that are no ``pack.yaml`` are passed over.
        functions: What no word may give another meaning to.
        errors: What is wrong goes here, once.
    """

    def __init__(
        self, texts: Iterable[PolicyText], functions: Functions, errors: list[AuditorError]
    ) -> None:
        self._folders: dict[str, Vocabulary] = {}
        self._packs: dict[str, Vocabulary] = {}
        files = [text for text in texts if is_pack(text)]
        for text in sorted(files, key=lambda text: text.folder.count("/")):  # from the top down
            inherited = self._inherited(text)
            words = {**inherited, **_pack_vocabulary(text, functions, inherited, errors)}
            self._packs[text.pack] = words
            self._folders[text.folder] = words

    def of(self, text: PolicyText) -> Vocabulary:
        """Return the words that are in force in a policy file."""
        return {**self._inherited(text), **self._packs.get(text.pack, {})}

    def _inherited(self, text: PolicyText) -> Vocabulary:
        return self._folders.get(_above(text), {}) if text.folder else {}


def _pack_vocabulary(
    text: PolicyText, functions: Functions, inherited: Vocabulary, errors: list[AuditorError]
) -> Vocabulary:
    """Read the words of a ``pack.yaml``; what is wrong with them goes to *errors*."""
    try:
        pack = parse_pack(text)
    except ErrorGroup as group:
        errors.extend(group.errors)
        return {}
    except AuditorError as error:
        errors.append(error)
        return {}
    return definitions(pack.define, functions, inherited, errors)


def definitions(
    drafts: Sequence[DefineDraft],
    functions: Functions,
    vocabulary: Vocabulary,
    errors: list[AuditorError],
) -> Vocabulary:
    """Parse definitions; none may give a new meaning to a function or to a word that is in force."""
    found: Vocabulary = {}
    for draft in drafts:
        taken = None
        if functions.is_function(draft.name) or draft.name in BUILT_INS:
            taken = "a function"
        elif draft.name in vocabulary:
            taken = f"a shared word ({vocabulary[draft.name][1].head.location})"
        if taken is not None:
            errors.append(
                PolicyError(
                    f"'{draft.name}' is {taken} already",
                    hint="choose another name",
                    location=draft.head.location,
                    excerpt=draft.head.excerpt,
                    slug="policy-name-taken",
                )
            )
        expr = parsed(draft.body, errors)
        if expr is not None:
            text = draft.body.text
            definition = Definition(draft.name, draft.parameters, expr, text, outline(expr))
            found[draft.name] = (definition, draft)
    return found
