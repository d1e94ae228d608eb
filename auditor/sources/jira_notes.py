"""
Notes of the Jira reader: who a Jira user is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.sources import notes
from auditor.sources.json_values import native_id, text

if TYPE_CHECKING:
    from auditor.sources.jira_records import Row


class Notes(notes.Notes["Row"]):
    """Collects parties, gaps and problems while records of Jira are made."""

    def party(self, user: object, row: Row) -> str | None:
        """Return the party of a Jira user, None where there is none; a new one is added to the parties."""
        account = native_id(user, "accountId") or text(user, "key") or text(user, "name")
        if account is None:
            return None
        name, email = text(user, "displayName"), text(user, "emailAddress")
        kind = text(user, "accountType")
        if kind is not None:
            # An app acts for whoever made it: what it does, no person did.
            kind = "organisation" if kind == "app" else "person"
        return self.account(account, name, row, also=email, kind=kind)
