"""
Keep checked plans, so that a start does not pay for parsing and checking what has not changed.

A plan is found by a digest of everything that it was made from, so it is never out of date; what is stored is
data, sealed with a secret of the user's that lies elsewhere, so whatever somebody else put there, or half of a
file, is as good as nothing. And nothing that goes wrong here is worth a word: the plan is compiled.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from auditor import __version__
from auditor.documents.json import parse_json
from auditor.facts.snapshot import Roots
from auditor.language.plan_data import VERSION, read_plan, write_plan
from auditor.language.stored.shapes import PlanDataError
from auditor.model.errors import AuditorError
from auditor.usecases.package_data import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from auditor.language.policy_draft import PolicyText
    from auditor.language.registry import Functions
    from auditor.model.tailoring import Tailoring

KEPT: Final = 32
"""Plans that stay; the newest ones."""

MAX_BYTES: Final = 16 * 1024 * 1024
"""Of one plan."""

_SECRET_BYTES: Final = 32
_SEAL: Final = 64
_OURS: Final = re.compile(r"[0-9a-f]{64}\.plan|\.[0-9a-f]{64}\.plan\.\d+\.part")
"""Names of files that may be removed; whatever else is in the folder is not ours."""
_MAKES_PLANS: Final = ("documents", "facts", "language", "model")
"""Packages that decide what comes of a policy's text."""


@dataclass(frozen=True, slots=True)
class PlanCache:
    """Where plans are kept. Processes may share one; what one leaves half done, no other takes for a plan."""

    folder: Path
    secret: Path
    """File with what proves that a plan was written by this user; made when it is first needed."""

    def find(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return what is kept under a name, or None where that is nothing that this user wrote."""
        try:
            secret = self._secret()
            with (self.folder / name).open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError:
            return None
        seal, body = content[:_SEAL], content[_SEAL:]
        if secret is None or not hmac.compare_digest(seal, _seal(secret, name, body)):
            return None
        try:
            return parse_json(body, path=name)
        except AuditorError:
            return None

    def keep(self, name: str, data: Any) -> None:  # noqa: ANN401 - any JSON value
        """Keep *data* under a name, whole or not at all, and let go of the oldest."""
        with suppress(OSError, UnicodeEncodeError):
            body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
            secret = self._secret() or self._new_secret()
            if secret is None or len(body) > MAX_BYTES - _SEAL:
                return
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self.folder / name, _seal(secret, name, body) + body)
            self._let_go()

    def _secret(self) -> bytes | None:
        """Return the secret; None where there is none that nobody else could know."""
        if not self.secret.is_file():
            return None
        with self.secret.open("rb") as file:
            about, secret = os.fstat(file.fileno()), file.read(_SECRET_BYTES + 1)
        is_private = os.name == "nt" or (
            about.st_uid == os.geteuid() and not stat.S_IMODE(about.st_mode) & 0o077
        )
        return secret if is_private and len(secret) == _SECRET_BYTES else None

    def _new_secret(self) -> bytes | None:
        if not self.secret.exists():
            self.secret.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self.secret, os.urandom(_SECRET_BYTES))
        return self._secret()  # of two processes at once, one has the last word

    def _let_go(self) -> None:
        with os.scandir(self.folder) as found:
            ours = [entry for entry in found if _OURS.fullmatch(entry.name)]
        newest_first = sorted(ours, key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
        for entry in newest_first[KEPT:]:
            Path(entry.path).unlink(missing_ok=True)


def cached_plan(
    cache: PlanCache | None,
    texts: Sequence[PolicyText],
    models: SnapshotModels,
    functions: Functions,
    tailoring: Tailoring,
) -> Plan:
    """
    Return the plan of *texts*: the one that is kept, or one that is compiled now.

    Raises:
        ErrorGroup: The texts do not compile; only plans without a fault are kept.
    """
    roots = Roots(models)

    def compiled() -> Plan:
        from auditor.language.policy_compiler import compile_plan  # noqa: PLC0415 - seldom needed

        return compile_plan(texts, roots=roots, functions=functions, tailoring=tailoring)

    name = _name(texts, models, functions, tailoring) if cache is not None else None
    if cache is None or name is None:
        return compiled()
    data = cache.find(name)
    if data is not None:
        with suppress(PlanDataError):
            return read_plan(data, roots, functions, compiled)
    plan = compiled()
    with suppress(PlanDataError):
        cache.keep(name, write_plan(plan, roots))
    return plan


def _name(
    texts: Sequence[PolicyText], models: SnapshotModels, functions: Functions, tailoring: Tailoring
) -> str | None:
    """Return the name under which a plan is kept; None where what it is made of cannot be told."""
    stamp = models.stamp()
    if stamp is None:
        return None
    try:
        return f"{_digest(_inputs(texts, stamp, functions, tailoring))}.plan"
    except OSError:  # the program is not made of files
        return None


def _inputs(
    texts: Sequence[PolicyText], stamp: str, functions: Functions, tailoring: Tailoring
) -> Iterator[str | bytes]:
    """Yield everything that decides what comes of *texts*."""
    yield f"{__version__} {VERSION} {stamp} {len(texts)}"
    yield repr(_program())
    for text in sorted(texts, key=lambda text: text.path):
        for field in fields(text):
            part = getattr(text, field.name)
            yield part if isinstance(part, bytes) else str(part)
    for one in functions.all():
        kinds = f"{one.receiver} {list(map(str, one.parameters))} {one.result}"
        yield f"{one.signature} {kinds} {one.needs_values}"
    yield repr(tailoring)


def _program() -> list[tuple[str, int, int]]:
    """Tell the state of the program's own files: one that is worked on keeps its version for a while."""
    found = []
    pending = [str(PACKAGE / name) for name in _MAKES_PLANS]
    for folder in pending:  # grows on the way
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    about = entry.stat()
                    found.append((entry.path, about.st_size, about.st_mtime_ns))
                elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                    pending.append(entry.path)
    return sorted(found)


def _digest(parts: Iterator[str | bytes]) -> str:
    """Return the digest of parts, of which none can run over into the next."""
    digest = sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _seal(secret: bytes, name: str, body: bytes) -> bytes:
    """Return what only this user can have written above *body*, under no other name."""
    return hmac.digest(secret, name.encode() + b"\n" + body, "sha256").hex().encode()


def _write(target: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
