"""
``results.json``: the run head with the result documents inlined, each with its findings document.

It is the head of `Run.head_tree`, in which every entry of ``results`` also has its ``document``, its
``findings_document`` and, in ``places``, where the facts of its findings stand, with the lines that say most. The
places are of the files that the run was made from, and of no document: the same facts in another file are the same
result. With them `auditor report` makes every other format of a recorded run. Each line between the brackets is one auditee. A document is written in its canonical
form (RFC 8785), so the digest before it is the SHA-256 of exactly the bytes that stand there, and the
documents of one auditee at a time are in memory.

It is data, not a log: text in it is what the source said, unaltered, save lone surrogates (a file name
that is not UTF-8), which no JSON document can hold.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from auditor.documents.canonical import canonical
from auditor.findings.findings_document import findings_document
from auditor.findings.recorded_places import places_tree
from auditor.reporters.foreign_text import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run


class JsonReporter:
    """Renders a run for programs. Schemas: those of ``run``, ``result`` and ``findings``."""

    media_type = "application/json"
    suffix = ".json"
    profiles: tuple[str, ...] = ()
    shows_controls = True

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, one piece per auditee."""
        del profile, colour
        head = run.head_tree(("", "") for _ in run.results)
        # Keys in the order of the canonical form, so that the head without the documents is canonical too.
        before = {key: head[key] for key in head if key < "results"}
        after = {key: head[key] for key in head if key > "results"}
        yield _opened(before) + b',"results":['
        policies = {policy.id: policy for policy in run.policies}
        separator = b"\n"
        for result in run.results:
            document = _canonical(result.to_tree())
            named = _digest(document)
            found = _canonical(
                findings_document(
                    result,
                    policies,
                    as_of=run.as_of,
                    result_digest=named,
                    standings=run.standings if run.gate is not None else None,
                )
            )
            yield (
                separator
                + _opened({"auditee": result.auditee, "digest": named})
                + b',"document":'
                + document
                + b","
                + _opened({"findings": _digest(found)}).removeprefix(b"{")
                + b',"findings_document":'
                + found
                + b","
                + _canonical({"places": places_tree(result, places)}).removeprefix(b"{")
            )
            separator = b",\n"
        yield b"\n]," + _canonical(after).removeprefix(b"{") + b"\n"


def _digest(document: bytes) -> str:
    return f"sha256:{sha256(document).hexdigest()}"


def _opened(tree: dict[str, Any]) -> bytes:
    """Return an object to which more can be added."""
    return _canonical(tree).removesuffix(b"}")


def _canonical(tree: dict[str, Any]) -> bytes:
    try:
        return canonical(tree)
    except ValueError:
        return canonical(_encodable(tree))


def _encodable(tree: object) -> object:
    match tree:
        case str():
            return encodable(tree)
        case dict():
            return {encodable(key): _encodable(value) for key, value in tree.items()}
        case list():
            return [_encodable(value) for value in tree]
    return tree
