"""
Read CSV files that Jira exported with "all fields".

An export shows how the issues stood at one time that it does not name, in local times of a zone that it does
not name either. Both must be said by somebody. It has no history, and of sprints nothing but their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.model.errors import ConfigError, InputError
from auditor.sources import jira_items
from auditor.sources.jira_archive import once
from auditor.sources.jira_board import HOW_TO_DATE, SETTINGS, BoardReading, Form, vouched_lists
from auditor.sources.jira_csv import is_export, read_export
from auditor.sources.jira_csv_dates import ORDERS, Dates, has_short_years, order_of
from auditor.sources.jira_csv_items import CsvNotes, Issues
from auditor.sources.jira_records import Recording
from auditor.sources.reader_settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from auditor.model.errors import AuditorError
    from auditor.sources.contract import Draft, ReaderOptions, SourceFiles
    from auditor.sources.jira_csv import Export
    from auditor.sources.jira_csv_dates import Order
    from auditor.sources.jira_records import Kind

_FORM: Final = Form(
    "jira_csv",
    "want CSV that Jira exported with all fields",
    filled={
        **jira_items.FILLED,
        "sprints": frozenset({"id", "name"}),
        "work_items": jira_items.FILLED["work_items"] - {"url"} | {"estimate", "remaining"},
    },
    never=frozenset({"change_events"}),
)
_UNKNOWN: Final = "unknown"


class JiraCsvReader:
    """Reader of Jira's own CSV exports."""

    name = "jira_csv"
    settings: Final = (*SETTINGS, "complete", "date_order", "estimate", "keep")
    """Keys of its own in ``auditor.yaml``."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell whether all CSV files begin as exports of Jira do, and there is one."""
        tables = [path for path in source.files if path.lower().endswith(".csv")]
        return bool(tables) and all(is_export(source.files[path]) for path in tables)

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Make a snapshot of the export.

        Raises:
            InputError: No issue of Jira is in the files.
            ConfigError: A setting is missing or matches nothing, or nobody says when the export was made or in
                which zone its times are.
        """
        settings = Settings(options, reader=self.name, known=self.settings, source=source.name)
        zone = settings.assumed_zone()
        if options.captured_at is None:
            message = f"nothing in {source.name} says when the export was made"
            raise ConfigError(message, hint=HOW_TO_DATE)
        if zone is None:
            message = f"the times in {source.name} name no time zone"
            hint = (
                "say it with 'time_zone:' or the setting 'assume_time_zone:' in auditor.yaml, "
                "or with --time-zone of 'auditor collect'"
            )
            raise ConfigError(message, hint=hint)
        return _read(source, options, settings, zone)


def _read(source: SourceFiles, options: ReaderOptions, settings: Settings, zone: ZoneInfo) -> Draft:
    export = read_export(source)
    given = settings.choice("date_order", (_UNKNOWN, *ORDERS))
    written = {text for text, _, _ in export.dates()}
    order = order_of(written, None if given == _UNKNOWN else given)
    notes = CsvNotes(
        source=settings.text("id") or "jira",
        zone=zone,
        mapping=options.mapping,
        mapping_name=options.mapping_name or "the mapping file",
    )
    notes.dates = Dates(zone, order.order)
    issues = Issues(export, notes, estimate=settings.text("estimate"), kept=settings.texts("keep"))
    problems: list[AuditorError] = [*export.problems, *_doubts(order, export)]
    damaged: set[Kind] = {"issue"} if export.problems else set()
    rows = once(issues.rows, problems, damaged)
    reading = BoardReading(
        source,
        options,
        settings,
        form=_FORM,
        recording=Recording(tuple(rows), (), tuple(problems), frozenset(damaged)),
        notes=notes,
        vouched=vouched_lists(settings, source=source.name),
        also=issues.also,
    )
    return reading.draft(assumptions=_assumed(order, written))


def _doubts(order: Order, export: Export) -> list[AuditorError]:
    """Report once that no date can be read."""
    if order.doubtful is None:
        return []
    entry, name = next(
        (entry, name) for text, entry, name in export.dates() if text == order.doubtful
    )
    allowed = ", ".join(f"{name} ({told})" for name, told in ORDERS.items())
    return [
        InputError(
            f"nothing shows in which order dates such as '{order.doubtful}' are written, so none is read",
            hint=f"say it with 'date_order:' under the settings of this source: {allowed}",
            location=entry.columns.place(entry.row, name),
        )
    ]


def _assumed(order: Order, written: Iterable[str]) -> list[str]:
    told = [order.told] if order.told else []
    if has_short_years(written, order.order):
        told.append("years of two digits are of 2000 to 2099")
    return told
