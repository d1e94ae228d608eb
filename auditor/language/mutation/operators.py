"""
The one list of changes that are made to policies, the same for every pack.

docs/mutation.md shows it; a test holds the two together.
"""

from __future__ import annotations

from typing import Final

OPERATORS: Final = {
    "boundary": "whether the limit itself counts: `<` and `<=`, `>` and `>=`, `by` and `before`, `after` and at or after",
    "direction": "the wrong way round: `<` and `>`, `<=` and `>=`, `by` or `before` and `after`",
    "equality": "`==` and `!=`",
    "off-by-one": "a whole number one more or one less, a length of time one unit longer",
    "span": "a length of time doubled or halved, or in another unit: days and working days, hours and working hours",
    "ratio": "a share one point more or one point less",
    "scale": "a number that is not whole, doubled or halved",
    "condition-dropped": "one of the conditions that `&&` or `||` joins, left out",
    "null-guard-dropped": "`x == null` or `x != null`, where it is one of several conditions, left out",
    "and-or": "`&&` and `||`",
    "negation": "a `!` left out, or put before something that is true or false",
    "quantifier": "`all` and `exists`",
    "filter-dropped": "all elements in place of those that pass a `filter`",
    "last-word": "`latest` and `earliest`, `greatest` and `least`",
    "branch": "the two answers of `test ? this : that` exchanged",
    "literal": "a text exchanged for another one of its kind (a role, a severity, a state), `true` for `false`",
    "member-dropped": "one member of a list left out",
    "arithmetic": "`+` and `-`, `*` and `/`, `plus` and `minus`",
    "day-edge": "`begins` and `ends`, `starts_at` and `ends_at` of a period",
    "calendar": "`days` and `workingDays`",
    "key-dropped": "`when`, `at`, `due`, `effective` or `attest` left out",
    "empty": "each other value of `empty`",
    "clause-dropped": "one of several demands of `require` left out",
}
"""What each operator changes, by name; where two things are named, each is exchanged for the other."""
