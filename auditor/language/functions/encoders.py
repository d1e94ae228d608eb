"""
CEL's extension for encodings: Base64.

Read with and without its padding, as the reference implementations do; line breaks inside count for nothing.

Source: CEL specification, conformance suite "encoders_ext"; cel-go, extension "encoders".
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from typing import Final

from auditor.documents.limits import MAX_STRING
from auditor.language.failures import fail
from auditor.language.registry import Library, overload

_ALPHABET: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_GROUP: Final = 4
"""Letters that stand for three bytes."""


def _encode(octets: bytes) -> str:
    if (len(octets) + 2) // 3 * _GROUP > MAX_STRING:
        fail("too_long", "the text grows beyond what a document may hold")
    return b2a_base64(octets, newline=False).decode("ascii")


def _decode(text: str) -> bytes:
    joined = text.replace("\r", "").replace("\n", "")
    letters = joined.rstrip("=")
    padding = len(joined) - len(letters)
    wanted = -len(letters) % _GROUP
    if wanted == _GROUP - 1 or padding not in {0, wanted} or not _ALPHABET.issuperset(letters):
        fail("bad_conversion", "the text is not Base64")
    return a2b_base64(letters + "=" * wanted)


LIBRARY: Final = Library(
    "encoders",
    (
        overload(
            "base64.encode(bytes) -> string",
            _encode,
            about="Writes bytes as Base64, with padding.",
            examples=[("base64.encode(b'hello')", "'aGVsbG8='")],
        ),
        overload(
            "base64.decode(string) -> bytes",
            _decode,
            about="Reads Base64, with or without padding.",
            examples=[
                ("base64.decode('aGVsbG8=')", "b'hello'"),
                ("base64.decode('aGVsbG8')", "b'hello'"),
            ],
        ),
    ),
    "The extension *encoders* of CEL, version 1 of cel-go, without `json.encode`.",
)
