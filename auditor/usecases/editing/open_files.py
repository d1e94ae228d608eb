"""
The files as whoever writes them sees them: what the editor has, saved or not, else what is on the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class OpenFiles:
    """Texts of files that are open in an editor, by their resolved paths."""

    def __init__(self) -> None:
        self._texts: dict[Path, str] = {}

    def put(self, path: Path, text: str) -> None:
        """Keep the text of an open file."""
        self._texts[path] = text

    def drop(self, path: Path) -> None:
        """Forget a file that was closed."""
        self._texts.pop(path, None)

    def below(self, folder: Path) -> Iterator[Path]:
        """Yield the open files of *folder* itself, sorted."""
        yield from sorted(path for path in self._texts if path.parent == folder)

    def read(self, path: Path) -> bytes:
        """
        Return the bytes of a file.

        Raises:
            OSError: It is not open, and cannot be read.
        """
        # A lone surrogate, which an editor may send, is no UTF-8: the reader of the file says so.
        text = self._texts.get(path) if path in self._texts else self._texts.get(path.resolve())
        return path.read_bytes() if text is None else text.encode("utf-8", "surrogatepass")

    def text(self, path: Path) -> str:
        """Return the text of a file; empty where there is none, or it is no text."""
        found = self._texts.get(path)
        if found is not None:
            return found
        try:
            return path.read_bytes().decode("utf-8-sig", "replace")
        except OSError:
            return ""
