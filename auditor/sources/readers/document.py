"""
Read a snapshot file, JSON or YAML, as it is written.

Nothing is added but what the head leaves out and the user says: the instant up to which the facts speak and
the time zone. Whether the rest keeps the schema is for the shaper to say, with the places that come from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.documents.pointer import join
from auditor.documents.tree import parse_tree
from auditor.model.errors import ConfigError, InputError, SnapshotError
from auditor.sources.contract import Draft

if TYPE_CHECKING:
    from auditor.sources.contract import ReaderOptions, SourceFiles

_SUFFIXES: Final = (".json", ".yaml", ".yml")
_HEAD: Final = "snapshot"


class DocumentReader:
    """Reader of snapshot files."""

    name = "document"
    settings: Final = ()
    """It has no keys of its own in ``auditor.yaml``."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell whether it is one JSON or YAML file."""
        return not source.is_folder and all(
            path.lower().endswith(_SUFFIXES) for path in source.files
        )

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Read the file.

        Raises:
            DocumentError: It is neither JSON nor YAML.
            SnapshotError: It is no mapping, or of another auditee than the one that is asked for.
        """
        for setting in options.settings:
            message = f"{self.name} has no settings, found '{setting}'"
            raise ConfigError(message, hint="remove it", pointer=join("settings", setting))
        if len(source.files) != 1:
            message = f"'{source.name}' holds {len(source.files)} files, a snapshot is one"
            raise InputError(message, hint="name one of them")
        ((path, data),) = source.files.items()
        tree = parse_tree(data, path=source.shown(path))
        document = tree.data
        if not isinstance(document, dict):
            message = f"want a snapshot as keys and values, found {_named(document)}"
            place = tree.locate([""]).get("")
            excerpt = tree.excerpt(place.line) if place else None
            raise SnapshotError(message, location=place, excerpt=excerpt, pointer="")
        head = document.get(_HEAD)
        if isinstance(head, dict):
            if (
                options.auditee is not None
                and head.setdefault("auditee", options.auditee) != options.auditee
            ):
                message = (
                    f"the snapshot is of '{head['auditee']}', '{options.auditee}' is asked for"
                )
                pointer = join(_HEAD, "auditee")
                place = tree.locate([pointer]).get(pointer)
                raise SnapshotError(
                    message, hint="make the two agree", location=place, pointer=pointer
                )
            if options.captured_at is not None:
                head.setdefault("captured_at", options.captured_at)
            if options.time_zone is not None and "time_zone" not in head:
                told = f"the time zone {options.time_zone} is assumed, {source.name} names none"
                head["time_zone"] = options.time_zone
                known = head.get("assumptions", [])
                head["assumptions"] = [*known, told] if isinstance(known, list) else known
        return Draft(document, tree)


def _named(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else "one value"
