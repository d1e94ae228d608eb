"""
Shared words: the page of those of a pack, and those that a policy uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.reporters.docs.elements import (
    Block,
    Bullets,
    Entry,
    Line,
    Link,
    Listing,
    Page,
    Paragraph,
    Section,
    joined,
    prose,
)
from auditor.reporters.docs.expressions import Linker
from auditor.reporters.docs.places import anchor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.language.policy_draft import DefineDraft
    from auditor.reporters.docs.material import Material, ShownPack, ShownPolicy, ShownWord
    from auditor.reporters.docs.places import Places, Spot

_DEFINE = "define/"


def head(draft: DefineDraft) -> str:
    """Return a word with its arguments."""
    return f"{draft.name}({', '.join(draft.parameters)})"


def word_names(shown: ShownPolicy) -> list[str]:
    """Return the words that a policy uses, and those that they use."""
    return [
        place.name.removeprefix(_DEFINE)
        for place in shown.policy.places
        if place.name.startswith(_DEFINE)
    ]


def names_in_force(shown: ShownPolicy, places: Places) -> dict[str, Spot]:
    """Return the places of the names that a policy itself gives: they hide facts of the same name."""
    here = places.policies[shown.id]
    names: dict[str, Spot] = {**places.always, "attestation": (here, "decided")}
    names |= {name: (here, "who") for name, _ in shown.policy.subjects}
    names |= {name: (here, anchor("let", name)) for name, _ in shown.policy.let}
    names |= {
        f"params.{param.name}": (here, anchor("param", param.name)) for param in shown.draft.params
    }
    return names


def word_links(shown: ShownPolicy, places: Places) -> dict[str, Spot]:
    """Return the places of the words that a policy uses."""
    found = {name: places.word(name, shown) for name in word_names(shown)}
    return {name: spot for name, spot in found.items() if spot is not None}


def words_used(shown: ShownPolicy, places: Places, linker: Linker) -> Iterator[Block]:
    """Yield the words of the policy's own, and those that it takes from its pack."""
    own = {draft.name for draft in shown.draft.define}
    if shown.own_words:
        yield Section(
            "Words of its own",
            "own-words",
            tuple(_word(word, linker) for word in shown.own_words),
        )
    lines: list[Line] = []
    for name in word_names(shown):
        spot = places.word(name, shown)
        if name not in own and spot is not None:
            about = places.meaning(name, shown.word_files)
            told: Line = (": ", *prose(about)) if about else ()
            lines.append((Link(name, *spot, is_code=True), *told))
    if lines:
        yield Section("Shared words that it uses", "shared-words", (Bullets.of(lines),))


def word_page(
    pack: ShownPack,
    files: Sequence[str],
    targets: tuple[str, ...],
    material: Material,
    places: Places,
) -> Page:
    """
    Return the page of the words of a ``pack.yaml``.

    Args:
        pack: The pack, which has a file.
        files: Files whose words are in force in it, itself first.
        targets: Kinds of snapshots that the policies which may use them are about.
        material: Everything, for what uses the words.
        places: Where everything is told of.
    """
    assert pack.file is not None  # noqa: S101 - what has no file has no words
    here = places.words[pack.file]
    known = {
        word.draft.name: spot
        for one in material.packs
        if one.file in files
        for word in one.words
        if (spot := places.shared_word(word.draft.name, tuple(files))) is not None
    }
    linker = Linker(places, targets, places.always, known)
    blocks: list[Block] = [Paragraph(prose(pack.about), is_lead=True)] if pack.about else []
    blocks.append(
        Paragraph(
            (
                (
                    "A word is written out wherever it is called, with the names that are in force there. These are in"
                    " force in "
                ),
                "every pack of the folder." if pack.is_above else "the policies of this pack.",
            )
        )
    )
    groups = list(dict.fromkeys(word.group for word in pack.words))
    for group in groups:
        words = [word for word in pack.words if word.group == group]
        told = tuple(
            _word(word, linker, _users(word.draft.name, here, material, places)) for word in words
        )
        blocks += [Section(_title(group), anchor("group", group), told)] if group else told
    return Page(
        here,
        "Shared words" if pack.is_above else f"Words of {pack.pack}",
        "Words",
        tuple(blocks),
        above=() if pack.is_above else (Link(places.titles[pack.pack], places.packs[pack.pack]),),
        entries=tuple(
            Entry(
                "word",
                head(word.draft),
                word.about or _title(word.group),
                here,
                anchor("word", word.draft.name),
            )
            for word in pack.words
        ),
    )


def _word(word: ShownWord, linker: Linker, users: list[Line] | None = None) -> Section:
    blocks: list[Block] = [Paragraph(prose(word.about))] if word.about else []
    arguments = frozenset(word.draft.parameters)
    text = word.definition.text
    blocks.append(Listing(linker.parts(word.definition.expr, text.rstrip(), hidden=arguments)))
    if users:
        blocks.append(Paragraph(("Used by ", *joined(users), ".")))
    elif users is not None:
        blocks.append(Paragraph(("No policy uses it.",)))
    return Section(head(word.draft), anchor("word", word.draft.name), tuple(blocks))


def _users(name: str, page: str, material: Material, places: Places) -> list[Line]:
    return [
        (places.policy_link(one.id),)
        for one in material.policies
        if name in word_names(one) and (places.word(name, one) or ("", ""))[0] == page
    ]


def _title(group: str) -> str:
    return f"{group[:1].upper()}{group[1:]}"
