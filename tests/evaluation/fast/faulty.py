"""
Copies of the fast path with one fault in each.

A fault is a piece of source text and what stands there instead. All modules of the fast path are imported once
more, one of them with the fault, and put aside again: nothing else in the process sees the copy.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import auditor.evaluation
from auditor.evaluation import fast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import CodeType, ModuleType

_PACKAGE: Final = "auditor.evaluation.fast"


@dataclass(frozen=True)
class FastPath:
    """The modules of the fast path that tests speak to."""

    budget: Any
    expression: Any
    facts: Any
    leave: Any
    plan: Any
    runtime: Any


def _imported() -> FastPath:
    names = ("budget", "expression", "facts", "leave", "plan", "runtime")
    return FastPath(**{name: import_module(f"{_PACKAGE}.{name}") for name in names})


OURS: Final = _imported()
"""The fast path as it is."""


@dataclass(frozen=True)
class Fault:
    """Something that is wrong in the generator."""

    what: str
    module: str
    right: str
    """Source text that stands in the module exactly once."""
    wrong: str

    def __str__(self) -> str:
        return self.what


class _Faulty(SourceFileLoader):
    """Compiles a module with the fault in it."""

    def __init__(self, fullname: str, path: str, fault: Fault) -> None:
        super().__init__(fullname, path)
        self._fault = fault

    def get_code(self, fullname: str) -> CodeType:
        """Return the module's code, never from a file of byte code."""
        del fullname
        text = Path(self.path).read_text(encoding="utf-8")
        assert text.count(self._fault.right) == 1, (
            f"there is no place for this fault: {self._fault}"
        )
        code: CodeType = compile(
            text.replace(self._fault.right, self._fault.wrong), self.path, "exec", dont_inherit=True
        )
        return code


class _Finder(MetaPathFinder):
    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self._module = f"{_PACKAGE}.{fault.module}"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the one module that has the fault."""
        if fullname != self._module:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        assert found is not None
        assert found.origin is not None
        loader = _Faulty(fullname, found.origin, self._fault)
        return spec_from_file_location(fullname, found.origin, loader=loader)


@contextmanager
def installed(fault: Fault) -> Iterator[FastPath]:
    """Import a copy of the fast path with *fault* in it."""
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_ours(name)}
    finder = _Finder(fault)
    sys.meta_path.insert(0, finder)
    try:
        yield _imported()
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if _is_ours(name)]:
            del sys.modules[name]
        sys.modules.update(kept)
        auditor.evaluation.fast = fast


def _is_ours(name: str) -> bool:
    return name == _PACKAGE or name.startswith(f"{_PACKAGE}.")
