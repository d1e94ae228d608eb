"""
Read the lines of a gzip file without trusting its size.

A few kilobytes can unpack to terabytes. So the file is unpacked a piece at a time, what is unpacked is
counted, and nothing but the line at hand is kept.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_BYTES, MAX_STRING
from auditor.model.errors import DocumentError
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_UNPACKED: Final = 4 * MAX_BYTES
"""Bytes that one file may unpack to."""

_BLOCK: Final = 64 * 1024
_PIECE: Final = 1024 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
_SPLIT_HINT: Final = "split the file, or leave out what no policy reads"


def gzip_lines(data: bytes, *, path: str) -> Iterator[tuple[int, bytes]]:
    """
    Yield each line of a gzip file with its number, without its line feed.

    Raises:
        DocumentError: The file is damaged, cut off or larger than the limits; the lines before that were
            yielded.
    """
    line = 1
    rest = b""
    unpacked = 0
    for piece in _pieces(data, path):
        unpacked += len(piece)
        if unpacked > MAX_UNPACKED:
            message = f"unpacks to more than the {MAX_UNPACKED} bytes that one file may have"
            raise DocumentError(message, hint=_SPLIT_HINT, location=Location(path, line))
        *whole, rest = (rest + piece).split(b"\n")
        for text in whole:
            yield line, text
            line += 1
        if len(rest) > MAX_STRING:
            message = f"a line of more than {MAX_STRING} bytes; nothing from here on was read"
            raise DocumentError(message, hint=_SPLIT_HINT, location=Location(path, line))
    if rest:
        yield line, rest


def gzip_beginning(data: bytes, size: int) -> bytes:
    """Return the first *size* bytes that *data*, the beginning of a file, unpacks to; empty if none."""
    try:
        return zlib.decompressobj(_GZIP).decompress(data, size)
    except zlib.error:
        return b""


def _pieces(data: bytes, path: str) -> Iterator[bytes]:
    """Unpack piece by piece; several gzip files may be written one behind the other."""
    unpacker = zlib.decompressobj(_GZIP)
    is_begun = False
    for start in range(0, len(data), _BLOCK):
        block = data[start : start + _BLOCK]
        while block:
            if unpacker.eof:
                unpacker, is_begun = zlib.decompressobj(_GZIP), False
            # Some writers fill the last block with zeros.
            block = block if is_begun else block.lstrip(b"\0")
            is_begun |= bool(block)
            try:
                piece = unpacker.decompress(block, _PIECE)
            except zlib.error:
                message = "is no gzip file, or a damaged one; nothing from here on was read"
                raise _damaged(message, path) from None
            block = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            yield piece
    if is_begun and not unpacker.eof:
        message = "the gzip file was cut off; what came behind is missing"
        raise _damaged(message, path)


def _damaged(message: str, path: str) -> DocumentError:
    return DocumentError(message, hint="fetch the file again", location=Location(path, 1))
