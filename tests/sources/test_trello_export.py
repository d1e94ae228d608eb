"""What recorded answers of Trello become, on recordings that are made here, a few lines each."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.facts.snapshot import SnapshotModel
from auditor.model.errors import AuditorError, ConfigError, InputError
from auditor.sources.contract import Draft, Reader, ReaderOptions, SourceFiles
from auditor.sources.readers.trello_export import TrelloExportReader
from auditor.sources.trello_items import created_at

BOARD = "64098772e6751c75dc0dc6bb"
API = f"https://api.trello.com/1/boards/{BOARD}"
CARDS, LISTS, CHECKLISTS = f"{API}/cards?filter=all", f"{API}/lists", f"{API}/checklists"
MEMBERS, LABELS, ACTIONS = f"{API}/members", f"{API}/labels", f"{API}/actions?limit=1000"
READ_AT = "2023-03-09T07:20:49Z"
MADE_AT = "2023-03-09T07:14:58Z"
"""The second that the first eight digits of the ids below hold."""

MAPPING: dict[str, Any] = {
    "owner": "office",
    "at": "2023-03-02",
    "statuses": {"Doing": "in_progress", "Done": "done", "Doing (archived)": "cancelled"},
    "types": {"issue": "task", "bug": "defect"},
}
ANA = {"id": "6402b2c29c6e3811e534618d", "username": "123", "fullName": "Ana"}
DOING, DONE = {"id": "l1", "name": "Doing"}, {"id": "l2", "name": "Done"}

COMPLETE = ["checklists"]
"""The lists that are kept nowhere else, as most recordings here have it."""


@cache
def model() -> SnapshotModel:
    """Return the contract of a project snapshot."""
    root = Path(__file__).resolve().parents[2]
    schema = json.loads((root / "schemas/snapshot-project.schema.json").read_text())
    return SnapshotModel.from_schema(schema)


def recorded(url: str, *bodies: object, at: str = READ_AT) -> list[str]:
    """Write each body as a line of a recording; without any, one line with an empty list."""
    listed: tuple[object, ...] = bodies or ([],)
    return [json.dumps({"url": url, "captured_at": at, "body": body}) for body in listed]


def card(number: int = 1, /, **fields: object) -> dict[str, Any]:
    """Make a card."""
    return {
        "id": f"64098772e6751c75dc0dc7{number:02x}",
        "idShort": number,
        "idList": "l1",
        "name": "Log in",
        "desc": "long",
        "closed": False,
        "isTemplate": False,
        "due": None,
        "dueComplete": False,
        "dateLastActivity": "2023-03-09T07:16:00.000Z",
        "idMembers": [ANA["id"]],
        "idChecklists": [],
        "labels": [],
        "shortUrl": f"https://trello.com/c/{number}",
        **fields,
    }


def checklist(*entries: tuple[str, str]) -> dict[str, Any]:
    """Make a checklist of card 1 with entries of text and state."""
    items = [
        {"id": text, "name": text, "state": state, "idMember": ANA["id"]} for text, state in entries
    ]
    return {"id": "c1", "name": "Review", "idCard": card()["id"], "checkItems": items}


def moved(**fields: object) -> dict[str, Any]:
    """Make the action of moving card 1."""
    about = {"card": {"id": card()["id"]}, "listBefore": DOING, "listAfter": DONE}
    at = "2023-03-09T07:18:00.000Z"
    return {
        "id": "a1",
        "type": "updateCard",
        "date": at,
        "memberCreator": ANA,
        "data": about,
    } | fields


def whole() -> list[str]:
    """Record a board of which everything was asked for."""
    return [
        *recorded(CARDS, card()),
        *recorded(LISTS, DOING, DONE),
        *recorded(CHECKLISTS),
        *recorded(MEMBERS, ANA),
        *recorded(ACTIONS, moved()),
    ]


def read(lines: list[str], **options: object) -> Draft:
    """Read lines as one file of a folder, and hold the draft against the schema."""
    source = SourceFiles("export", {"all.jsonl": "\n".join(lines).encode()}, is_folder=True)
    usual = ReaderOptions(
        time_zone="Asia/Shanghai", mapping=MAPPING, mapping_name="mapping.yaml", root=model().root
    )
    changes: dict[str, Any] = options
    changes["settings"] = {"complete": COMPLETE, **changes.get("settings", {})}
    draft = TrelloExportReader().read(source, replace(usual, **changes))
    model().read(draft.document)
    return draft


def gaps(draft: Draft) -> dict[str, str]:
    """Return the gaps of a draft."""
    found: dict[str, str] = draft.document["snapshot"]["gaps"]
    return found


def only(draft: Draft, name: str) -> dict[str, Any]:
    """Return the one record of a list."""
    (record,) = draft.document[name]
    found: dict[str, Any] = record
    return found


def test_a_whole_recording_has_no_open_list() -> None:
    """Everything was asked for and answered."""
    draft = read(whole())

    assert isinstance(TrelloExportReader(), Reader)
    assert "truncated" not in gaps(draft).values()
    assert draft.problems == ()
    assert draft.document["project"]["id"] == f"trello:{BOARD}"
    assert draft.document["checklists"] == []


def test_the_board_itself_names_the_project() -> None:
    """Without its own answer nobody asked for the name."""
    named = read([*whole(), *recorded(API, {"id": BOARD, "name": "Apollo"})])
    unnamed = read(whole())

    assert named.document["project"]["name"] == "Apollo"
    assert "name" not in unnamed.document["project"]
    assert gaps(unnamed)["/project/name"] == "not_collected"


def test_a_card_becomes_a_work_item() -> None:
    """Every fact of a card, and no word of its description."""
    item = only(read(whole()), "work_items")

    assert {key: value for key, value in item.items() if key != "prov"} == {
        "id": f"trello:{card()['id']}",
        "key": "#1",
        "url": "https://trello.com/c/1",
        "type": "task",
        "title": "Log in",
        "status": {"native": "Doing", "category": "in_progress"},
        "labels": [],
        "owners": [f"trello:{ANA['id']}"],
        "due_on": None,
        "created_at": MADE_AT,
        "last_touched_at": "2023-03-09T07:16:00.000Z",
    }
    assert gaps(read(whole()))["/work_items/*/resolved_at"] == "not_collected"


@given(second=st.integers(0, 2**32 - 1), rest=st.text("0123456789abcdef", min_size=16, max_size=16))
def test_an_id_holds_the_second_in_which_its_card_was_made(second: int, rest: str) -> None:
    """Its first eight digits count the seconds since 1970."""
    made = created_at(f"{second:08x}{rest}")

    assert made is not None
    assert dt.datetime.fromisoformat(made).timestamp() == second


@pytest.mark.parametrize("own_id", ["64098772", "64098772e6751c75dc0dc6bg", "card-1", ""])
def test_another_id_holds_no_second(own_id: str) -> None:
    """It is not guessed at."""
    assert created_at(own_id) is None


@pytest.mark.parametrize(
    ("due", "zone", "day"),
    [
        ("2023-03-20T16:30:00.000Z", "Asia/Shanghai", "2023-03-21"),
        ("2023-03-20T16:30:00.000Z", "Europe/Berlin", "2023-03-20"),
        ("2023-03-20T03:30:00.000Z", "America/New_York", "2023-03-19"),
    ],
)
def test_a_card_is_due_on_the_local_day(due: str, zone: str, day: str) -> None:
    """Trello keeps an instant; the day depends on the zone of the project."""
    lines = [*recorded(CARDS, card(due=due)), *whole()[1:]]

    assert only(read(lines, time_zone=zone), "work_items")["due_on"] == day


def test_a_last_activity_from_before_the_card_was_made_says_nothing() -> None:
    """It was copied with the board that this one was made from."""
    lines = [*recorded(CARDS, card(dateLastActivity="2019-02-25T20:08:21.201Z")), *whole()[1:]]
    draft = read(lines)

    assert "last_touched_at" not in only(draft, "work_items")
    assert gaps(draft)["/work_items/*/last_touched_at"] == "not_supported"


def test_a_template_is_no_work_and_is_counted() -> None:
    """Nor is its checklist filled in by anybody."""
    template = card(2, isTemplate=True)
    of_template = {**checklist(("a", "incomplete")), "idCard": template["id"]}
    lines = [*recorded(CARDS, card(), template), *recorded(CHECKLISTS, of_template), *whole()[1:]]
    draft = read(lines)

    assert only(draft, "work_items")["key"] == "#1"
    assert draft.document["checklists"] == []
    assert draft.document["snapshot"]["assumptions"] == [
        "trello: checklists are said to be kept nowhere else",
        "trello: of 2 records of the kind 'card', 1 say nothing that is kept",
        "trello: of 1 records of the kind 'checklist', 1 say nothing that is kept",
    ]


def test_an_archived_card_has_a_status_of_its_own() -> None:
    """Whether it was done or dropped the mapping says; one that it does not name is not known."""
    archived = [card(closed=True), card(2, closed=True, idList="l2")]
    draft = read([*recorded(CARDS, *archived), *whole()[1:]])
    first, second = draft.document["work_items"]

    assert first["status"] == {"native": "Doing (archived)", "category": "cancelled"}
    assert second["status"] == {"native": "Done (archived)"}
    assert "status 'Done (archived)' is not in the mapping" in {p.message for p in draft.problems}


def test_a_card_in_a_list_that_is_not_there_has_no_known_status() -> None:
    """Archived lists are not answered with the others."""
    draft = read([*recorded(CARDS, card(idList="l9")), *whole()[1:]])

    assert "status" not in only(draft, "work_items")
    assert [problem.message for problem in draft.problems] == [
        f"card {card()['id']} is in a list that is not in the recording"
    ]


def test_an_entry_of_a_checklist_has_a_state_and_no_time() -> None:
    """The member beside it is who should do it, not who did."""
    review = checklist(("Ask", "complete"), ("Test", "incomplete"))
    lines = [*whole()[:3], *recorded(CHECKLISTS, review), *whole()[4:]]
    draft = read(lines, settings={"checklists": {"Review": "definition_of_done"}})
    found = only(draft, "checklists")

    assert found["kind"] == "definition_of_done"
    assert found["items"] == [{"text": "Ask", "state": "done"}, {"text": "Test", "state": "open"}]
    for field in ("at", "by", "recorded_at"):
        assert gaps(draft)[f"/checklists/*/items/*/{field}"] == "not_supported"


def test_what_a_checklist_is_for_is_never_guessed() -> None:
    """Without the setting nobody said it."""
    draft = read([*whole()[:3], *recorded(CHECKLISTS, checklist()), *whole()[4:]])

    assert "kind" not in only(draft, "checklists")
    assert gaps(draft)["/checklists/*/kind"] == "not_collected"


def test_a_checklist_that_a_card_names_and_is_not_there_is_missing() -> None:
    """Then the list of checklists is not all."""
    draft = read([*recorded(CARDS, card(idChecklists=["c9"])), *whole()[1:]])

    assert gaps(draft)["/checklists"] == "truncated"


def test_a_move_between_lists_is_a_change_of_status() -> None:
    """Other actions change nothing that is told here."""
    comment = {**moved(), "id": "a2", "type": "commentCard"}
    draft = read([*whole()[:-1], *recorded(ACTIONS, moved(), comment)])
    event = only(draft, "change_events")

    assert (event["from"], event["to"]) == ("in_progress", "done")
    assert event["native"] == {"from": "Doing", "to": "Done"}
    assert event["by"] == f"trello:{ANA['id']}"


def test_labels_are_known_by_name_or_colour_and_mean_what_the_settings_say() -> None:
    """A label that is only named by its id is looked up among those of the board."""
    labels = [{"id": "x", "name": "", "color": "red"}, {"id": "y", "name": "bug", "color": "blue"}]
    by_id = card(2, idLabels=["x"])
    del by_id["labels"]
    lines = [*recorded(CARDS, card(labels=labels), by_id), *whole()[1:], *recorded(LABELS, *labels)]
    first, second = read(lines, settings={"flags": ["red"]}).document["work_items"]

    assert (first["labels"], first["type"], first["flagged"]) == (["bug", "red"], "defect", True)
    assert (second["labels"], second["type"], second["flagged"]) == (["red"], "task", True)


def test_labels_that_are_not_told_leave_the_type_open() -> None:
    """One of them could say it."""
    partial = card()
    del partial["labels"]
    draft = read([*recorded(CARDS, partial), *whole()[1:]])

    assert "type" not in only(draft, "work_items")
    assert gaps(draft)["/work_items/*/type"] == "not_collected"


def test_a_user_name_of_digits_is_no_user_id() -> None:
    """Nobody is known to be a person: Trello does not say who is a bot."""
    draft = read(whole())
    party = only(draft, "parties")

    assert party["accounts"] == [f"trello:{ANA['id']}", "trello:@123"]
    assert "kind" not in party
    assert gaps(draft)["/parties/*/kind"] == "not_supported"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (recorded(f"{API}/cards", card()), "work_items"),
        (recorded(f"{API}/cards/visible", card()), "work_items"),
        (recorded(f"{API}/cards?filter=all&limit=1", card()), "work_items"),
        (recorded(CARDS, card(), at="2023-03-07T07:20:49Z"), "work_items"),
        ([*recorded(CARDS, card()), "{broken"], "checklists"),
        (
            [
                *recorded(CARDS, card()),
                *recorded(f"{API}/actions", *({"id": str(n)} for n in range(50))),
            ],
            "change_events",
        ),
    ],
    ids=["open ones", "visible ones", "limit reached", "read early", "broken line", "50 actions"],
)
def test_a_list_that_may_lack_a_part_is_truncated(lines: list[str], name: str) -> None:
    """Trello leaves out archived cards unless it is asked for all of them."""
    assert gaps(read([*lines, *whole()[1:]]))[f"/{name}"] == "truncated"


def test_all_cards_can_be_asked_for_by_path_too() -> None:
    """Both ways of asking are the same."""
    assert "/work_items" not in gaps(read([*recorded(f"{API}/cards/all", card()), *whole()[1:]]))


def test_a_key_in_the_address_is_not_carried() -> None:
    """Trello's addresses hold a key and a token."""
    lines = recorded(f"{CARDS}&key=k3y&token=t0ken", card())
    draft = read([*lines, *whole()[1:]])

    assert not {"k3y", "t0ken"} & set(json.dumps(draft.document).replace("&", '"').split('"'))
    assert "t0ken" not in json.dumps(draft.document)


def test_what_was_not_asked_for_is_not_there() -> None:
    """An empty list would claim that there are none."""
    draft = read([*recorded(CARDS, card()), *recorded(LISTS, DOING)])

    for name in ("checklists", "change_events", "sprints"):
        assert name not in draft.document
        assert gaps(draft)[f"/{name}"] == "not_collected"
    assert gaps(draft)["/meetings"] == "not_supported"


def test_of_several_boards_one_has_to_be_chosen() -> None:
    """Nothing is guessed."""
    other = [line.replace(BOARD, "b2") for line in recorded(CARDS, card())]
    with pytest.raises(ConfigError, match="2 Trello boards"):
        read([*whole(), *other])

    assert read([*whole(), *other], settings={"board": BOARD}).problems == ()


def test_a_kind_of_checklist_that_there_is_not_is_an_error() -> None:
    """The words are those of the schema."""
    with pytest.raises(ConfigError, match="'checklists' wants names of the source"):
        read(whole(), settings={"checklists": {"Review": "checked"}})


def test_a_recording_of_nothing_is_an_error() -> None:
    """An empty file is no empty board."""
    with pytest.raises(InputError, match="no record of Trello is in export"):
        read([])


def test_it_claims_recordings_of_trello_alone() -> None:
    """By the address that the first line asked."""
    reader = TrelloExportReader()
    for url, is_claimed in (
        (CARDS, True),
        ("https://api.github.com/repos/a/b/issues", False),
        ("https://gitlab.com/api/v4/projects/1/issues", False),
    ):
        data = recorded(url, card())[0].encode()
        source = SourceFiles("export", {"a.jsonl": data}, is_folder=True)
        assert reader.claims(source) is is_claimed


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(data=st.data())
def test_no_shape_of_a_record_is_a_traceback(data: st.DataObject) -> None:
    """Whatever stands in a field, what comes of it keeps the schema, or is an error of ours."""
    makers = (card(), DOING, checklist(("Ask", "complete")), ANA, moved())
    urls = (CARDS, LISTS, CHECKLISTS, MEMBERS, ACTIONS)
    position = data.draw(st.integers(0, len(makers) - 1))
    body: dict[str, Any] = dict(makers[position])
    for field in data.draw(st.lists(st.sampled_from(sorted({*body, "idLabels"})), max_size=3)):
        body[field] = data.draw(JUNK)
    lines = [*whole(), *recorded(urls[position], body, at="2023-03-09T07:30:00Z")]
    try:
        draft = read(lines)
    except AuditorError:
        return
    assert draft.document["project"]["id"]


def test_where_nobody_is_mentioned_nobody_knows_who_there_is() -> None:
    """A board without members in its recording has no known-empty register of parties."""
    lines = [*recorded(CARDS, card(idMembers=[])), *recorded(LISTS)]
    draft = read(lines)

    assert "parties" not in draft.document
    assert gaps(draft)["/parties"] == "not_collected"
