"""
Make parties of the users that a tool's records name.

A party is known by the tool's own number of the user, which stays, and by the user name, which people write
into registers. User names are marked with an ``@``: a name of digits is not the user of that number. A name
that two users have had is nobody's: parties that share an account are taken for one person.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.json_values import native_id, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.sources.notes import Notes
    from auditor.sources.recorded_responses import Row

_DELETED: Final = "ghost"
"""What GitHub and GitLab call the users that are gone, all of them alike."""


class People:
    """
    The users of one tool.

    Args:
        notes: Takes the parties.
        user_name: Key of the user name.
        names: Keys of what a user is called, the best first.
        kind_of: Tells what kind of party a user is; None where the tool does not say it.
    """

    def __init__(
        self,
        notes: Notes[Row],
        *,
        user_name: str,
        names: tuple[str, ...],
        kind_of: Callable[[object], str | None],
    ) -> None:
        self._notes = notes
        self._user_name = user_name
        self._names = names
        self._kind_of = kind_of

    def party(self, user: object, row: Row) -> str | None:
        """Return the party of a user; None where there is none, or nobody knows any more who it was."""
        own_id, user_name = native_id(user, "id"), text(user, self._user_name)
        if own_id is None or user_name == _DELETED:
            return None
        name = next((found for key in self._names if (found := text(user, key))), None)
        also = None if user_name is None else self._notes.id(f"@{user_name}")
        return self._notes.account(own_id, name, row, also=also, kind=self._kind_of(user))

    def put(self, record: dict[str, Any], field: str, user: object, row: Row) -> None:
        """Put a party that must have been somebody; a user that is gone is unobserved."""
        party = self.party(user, row)
        if party is None:
            self._notes.leave_out(record, field, reason="not_supported")
        else:
            record[field] = party

    def put_all(self, record: dict[str, Any], field: str, users: object, row: Row) -> None:
        """Put a list of parties; with a user in it that is gone, the list is unobserved."""
        if not isinstance(users, list):
            return
        parties = [self.party(user, row) for user in users]
        if None in parties:
            self._notes.leave_out(record, field, reason="not_supported")
        else:
            record[field] = parties

    def settle(self) -> None:
        """Take away the names that several parties have, and note the kinds that nobody knows."""
        parties = self._notes.parties.values()
        owners = Counter(account for party in parties for account in set(party["accounts"]))
        for party in parties:
            party["accounts"] = [name for name in party["accounts"] if owners[name] == 1]
            if "kind" not in party:
                self._notes.leave_out(party, "kind", reason="not_supported")
