"""
Which texts of a policy would leave somebody who has to act without an answer?

Only what can be told without understanding them: that nothing stands there, that it is said twice, that it is
written for machines. Whether a reason is a good one, and a severity the right one, no rule can tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.documents.nodes import MappingNode, ScalarNode
from auditor.facts.given import given
from auditor.language.expression_places import located
from auditor.language.template import TemplateFault, split_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.language.one_policy import ReadPolicy
    from auditor.model.errors import Instead, PolicyError

_TEXTS: Final = ("title", "why", "fix")
MOST_WORDS: Final = 50
"""Words of one sentence beyond which nobody reads it to its end."""

_SENTENCE: Final = re.compile(r"\S.*?(?:[.!?](?=\s)|$)", re.DOTALL)
_WORD: Final = re.compile(r"[^\W\d_]+")
_DOUBLED: Final = re.compile(r"\b([^\W\d_]+)\s+\1\b", re.IGNORECASE)
_MAY_STAND_TWICE: Final = frozenset({"had", "that", "is", "nous", "vous", "die", "das"})
"""Words that do so in good English, French or German."""
_NEVER_TWICE: Final = frozenset({"the", "a", "an", "of", "to", "and", "or"})
"""Words of which one is surely too much; of any other, a name may be made: Walla Walla."""
_BRACES: Final = re.compile(r"\{[^{}]*\}")
_QUOTED: Final = re.compile(r"`[^`]*`")
_SIGNS: Final = re.compile(r"==|!=|&&|\|\|")
_PATH: Final = re.compile(r"\b([a-z_]+)(?:\.[a-z_]+)+\b(?!\()|\b[a-z]+(?:_[a-z]+)+\b")
_BLANKS: Final = re.compile(r"[ \t]{2,}|[ \t]+\Z|\A[ \t]+")

_BIDS: Final = re.compile(r"(?:ensure|make sure|check|verify|always)\b", re.IGNORECASE)
_DEMANDS: Final = re.compile(r"\b(?:must|should|shall|has to|have to|needs? to)\b", re.IGNORECASE)
_TELLS: Final = re.compile(
    r"\b(?:no|not|nobody|none|nothing|never|neither|nor|without|missing|lacks?|too|late|\w+n't"
    r"|that|which|who|whom|what|when|before|after|although|though)\b",
    re.IGNORECASE,
)
"""Words by which a title tells what is wrong, or which open a clause that says what was demanded."""


def wording_warnings(read: ReadPolicy) -> Iterator[PolicyError]:
    """Find texts of a policy that say nothing, or not to a reader."""
    texts = {key: _text(read, key) for key in _TEXTS}
    for key, node in texts.items():
        if node is not None:
            yield from _said(key, node)
    if texts["title"] is not None:
        yield from _title(texts["title"])
    if texts["why"] is not None:
        yield from _reason(read, texts["why"])
    yield from _params(read)
    facts = read.facts - {"as_of", "period", "params"}
    for node in (node for node in texts.values() if node is not None):
        yield from _code(node, [(0, node.text)], facts)
    for clause in read.draft.require:
        parts = list(_plain(clause.say))
        yield from _code(clause.say, parts, facts)
        yield from _slips(clause.say, parts)


def _text(read: ReadPolicy, key: str) -> ScalarNode | None:
    node = read.draft.root.get(key)
    return node if isinstance(node, ScalarNode) else None


def _part(
    node: ScalarNode,
    slug: str,
    message: str,
    hint: str,
    span: tuple[int, int] | None = None,
    *,
    instead: Instead | None = None,
) -> PolicyError:
    return located(node, slug, message, hint, span or (0, len(node.text.rstrip())), instead=instead)


def _plain(say: ScalarNode) -> Iterator[tuple[int, str]]:
    """Yield what stands between the holes of a sentence, each with its offset."""
    try:
        parts = split_template(say.text)
    except TemplateFault:
        return
    start = 0
    for part in parts:
        if not isinstance(part, str):
            if part.offset - 1 > start:
                yield start, say.text[start : part.offset - 1]
            start = part.offset + len(part.text) + 1
    if start < len(say.text):
        yield start, say.text[start:]


# ----- what is said


def _said(key: str, node: ScalarNode) -> Iterator[PolicyError]:
    if not given(node.text):
        message = f"`{key}` says nothing: '{node.text.strip()}'"
        yield _part(node, "placeholder", message, "write what somebody who has to act needs")
    for found in _BRACES.finditer(node.text):
        message = f"`{key}` has no holes, so `{found[0]}` is shown as it stands here"
        hint = "write it in words, or put it into a `say`, whose holes are filled"
        yield _part(node, "braces", message, hint, found.span())
    if key != "title":
        yield from _long(node)
    yield from _slips(node, [(0, node.text)])


def _long(node: ScalarNode) -> Iterator[PolicyError]:
    for found in _SENTENCE.finditer(node.text):
        count = len(found[0].split())
        if count > MOST_WORDS:
            message = (
                f"this sentence has {count} words, and after {MOST_WORDS} most readers have lost it"
            )
            yield _part(node, "long-sentence", message, "make two of it", found.span())


def _title(node: ScalarNode) -> Iterator[PolicyError]:
    is_rule = _DEMANDS.search(node.text) and not _TELLS.search(node.text)
    if is_rule or _BIDS.match(node.text):
        message = "the title says what is demanded; over a finding it has to say what is wrong"
        yield _part(node, "title", message, "name the defect, e.g. A high risk has no owner")


def _reason(read: ReadPolicy, why: ScalarNode) -> Iterator[PolicyError]:
    said, title = _words(why.text), _words(read.draft.title)
    if said and said <= title:
        message = (
            f"`why` only says the title again, so nothing tells why it is {read.draft.severity}"
        )
        yield _part(why, "why", message, "say what goes wrong where nobody minds it")


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _params(read: ReadPolicy) -> Iterator[PolicyError]:
    params = read.draft.root.get("params")
    for key, body in params.entries if isinstance(params, MappingNode) else ():
        if not isinstance(body, MappingNode):
            continue
        about = body.get("about")
        if not isinstance(about, ScalarNode) or not given(about.text):
            message = f"nothing says what the parameter '{key.text}' is"
            hint = "add `about: ...`: whoever sets it in a profile goes by that"
            yield _part(key, "undocumented-param", message, hint)
        else:
            yield from _slips(about, [(0, about.text)])


# ----- how it is said


def _code(
    node: ScalarNode, parts: Iterable[tuple[int, str]], facts: frozenset[str]
) -> Iterator[PolicyError]:
    for offset, part in parts:
        # What stands in backquotes is quoted; braces are told of, or are holes.
        text = _BRACES.sub(_blank, _QUOTED.sub(_blank, part))
        for found in _PATH.finditer(text):
            if (found[1] or found[0]) in facts:
                yield _machine(node, found[0], offset + found.start())
        for found in _SIGNS.finditer(text):
            yield _machine(node, found[0], offset + found.start())


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _masked(found: re.Match[str]) -> str:
    """Return something as long that is neither a word nor blank."""
    return "`" * len(found[0])


def _is_too_much(doubled: str) -> bool:
    """Whether nobody can mean a word that stands twice: both are written alike, and it makes no name."""
    first, second = doubled.split()
    return first == second and first in _NEVER_TWICE


def _machine(node: ScalarNode, found: str, offset: int) -> PolicyError:
    message = f"'{found}' is written for machines, and this is read by people"
    hint = "say it in words; what has to be spelled so stands in backquotes"
    return _part(node, "code-in-text", message, hint, (offset, offset + len(found)))


def _slips(node: ScalarNode, parts: Iterable[tuple[int, str]]) -> Iterator[PolicyError]:
    """Find what slips in while one writes; what stands in backquotes is quoted as it is."""
    text = _QUOTED.sub(_masked, node.text)
    for offset, part in parts:
        for found in _DOUBLED.finditer(text[offset : offset + len(part)]):
            if found[1].casefold() not in _MAY_STAND_TWICE:
                span = (offset + found.start(), offset + found.end())
                message, hint = f"'{found[1]}' stands here twice", "leave one of the two out"
                instead = (found[0], found[1]) if _is_too_much(found[0]) else None
                yield _part(node, "doubled-word", message, hint, span, instead=instead)
    for found in _BLANKS.finditer(text):
        is_end = found.start() == 0 or found.end() == len(node.text)
        first, last = node.location_at(found.start()), node.location_at(found.end())
        if is_end or first.line != last.line:
            # Where lines are folded, the last of the blanks is the end of the line.
            end = found.end() if is_end else found.end() - 1
            message = "blanks that nobody sees"
            blanks = node.text[found.start() : end]
            span = (found.start(), end)
            yield _part(node, "stray-space", message, "take them out", span, instead=(blanks, ""))
