"""A profile is read with all that it names, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.language.attestation import AttestInstead
from auditor.language.values import Span
from auditor.model.errors import AuditorError, DocumentError, ErrorGroup, InputError
from auditor.usecases.read_policies import snapshot_models
from auditor.usecases.read_profile import LoadedProfile, population_of, read_profile

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "id: acme\ntitle: Acme\nowner: Office\nversion: '3'\n"
WHY = "reason: Agreed with clients, by: C. Doyle, on: 2026-08-01"
PEOPLE = "id: p\nname: People\ntime_zone: Europe/Berlin\nmembers: [{id: a, name: Apollo}]\n"
MAPPING = "owner: Office\nat: 2026-03-02\nstatuses: {Open: todo, Shut: done}\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a profile, named from the folder above it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def write(place: Path, text: str, **files: str) -> None:
    """Write a profile and files beside it."""
    (place / "acme.yaml").write_text(HEAD + text, encoding="utf-8")
    for name, content in files.items():
        (place / f"{name}.yaml").write_text(content, encoding="utf-8")


def read() -> LoadedProfile:
    """Read the profile."""
    return read_profile("own/acme.yaml", snapshot_models())


def faults() -> list[tuple[str, str, str | None]]:
    """Return what is wrong with the profile: place, message, hint."""
    with pytest.raises(ErrorGroup) as caught:
        read()
    return [(str(error.location), error.message, error.hint) for error in caught.value.errors]


OWN = "work_items: {type: object, properties: {cost_centre: {type: string}}}\n"


def test_what_it_names_is_read(place: Path) -> None:
    """Each file by its name, shown as the user would type it."""
    write(
        place,
        "standards: standards.yaml\npopulation: people.yaml\next: ext.yaml\n"
        "mappings: {jira_export: mapping.yaml}\n",
        standards="version: '2'\n", people=PEOPLE, ext=OWN, mapping=MAPPING,
    )  # fmt: skip
    loaded = read()

    assert loaded.provided.profile == "acme"
    assert loaded.provided.standards is not None
    assert loaded.provided.standards.tree.data == {"version": "2"}
    assert loaded.provided.standards.tree.path == "own/standards.yaml"
    assert loaded.population is not None
    assert [member.name for member in loaded.population.members] == ["Apollo"]
    assert loaded.extension is not None
    assert list(loaded.extension.fields) == ["work_items"]
    assert loaded.default_mappings() == {"jira_export": ("own/mapping.yaml", MAPPING.encode())}
    assert sorted(path.name for path in loaded.paths) == [
        "acme.yaml", "ext.yaml", "mapping.yaml", "people.yaml", "standards.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize("changed", ["acme", "standards"])
def test_the_digest_is_of_every_byte(changed: str, place: Path) -> None:
    """Nobody changes a file beside the profile unseen."""
    write(place, "standards: standards.yaml\n", standards="version: '2'\n")
    before = read().digest
    path = place / f"{changed}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")

    assert read().digest != before
    assert before.startswith("sha256:")


def test_the_digest_does_not_know_the_machine(place: Path, tmp_path: Path) -> None:
    """The same files elsewhere are the same profile."""
    write(place, "standards: standards.yaml\n", standards="version: '2'\n")
    before = read().digest
    place.rename(tmp_path / "other")

    assert read_profile("other/acme.yaml", snapshot_models()).digest == before


def test_what_is_sent_to_attestation_is_what_the_plan_wants(place: Path) -> None:
    """Spans are read here."""
    write(
        place,
        "attest_instead: [{fact: /sprints/*/closed_at, policies: [a], roles: [DM], valid_for: 12 weeks, "
        f"{WHY}}}]\n",
    )

    assert read().attest_instead == (
        AttestInstead(
            "/sprints/*/closed_at", ("DM",), Span(12, "weeks"), ("a",), (),
            "Agreed with clients", "C. Doyle", "2026-08-01",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place_of_it", "message", "hint"),
    [
        pytest.param("standards: gone.yaml", "own/acme.yaml:5:12", "cannot read 'own/gone.yaml': no such file or directory", "make it a file that you may read", id="a file that is not there"),
        pytest.param("standards: wrong.yaml", "own/wrong.yaml:1:1", "/vresion: found the unknown key 'vresion', wanted one of", "did you mean 'version'?", id="standards that break the schema"),
        pytest.param("standards: list.yaml", "own/list.yaml:1:1", "the document: found a list of 1, wanted an object", None, id="standards that are a list"),
        pytest.param("ext: list.yaml", "own/list.yaml:1:1", "an extension is a map from entity to schema, found a list of 1", "write 'work_items: {...}'", id="no schema"),
        pytest.param("population: list.yaml", "own/list.yaml:1:1", "a population wants 'key: value' pairs; found a list", None, id="no population"),
        pytest.param("mappings: {jira_export: list.yaml}", "own/list.yaml:1:1", "a status mapping wants 'key: value' pairs; found a list", None, id="no mapping"),
        pytest.param("mappings: {jira_exprt: mapping.yaml}", "own/acme.yaml:5:12", "no reader is called 'jira_exprt'", "did you mean 'jira_export'?", id="no reader"),
        pytest.param("freshness: {value: soon}", "own/acme.yaml:5:20", "'soon' is no length of time that can stand here", "write a number and one of hours, days, weeks", id="no span"),
        pytest.param("freshness: {value: 5 working days}", "own/acme.yaml:5:20", "'5 working days' is no length of time that can stand here", "write a number and one of hours, days, weeks", id="a span that needs a calendar"),
        pytest.param("freshness: {value: 169 hours}", "own/acme.yaml:5:20", "snapshots may be 169 hours old, longer than 7 days, and nothing says why", "add reason: ..., by: ..., on: ...", id="older without a reason"),
        pytest.param(f"attest_instead: [{{fact: /a, policies: [a], roles: [DM], valid_for: ever, {WHY}}}]", "own/acme.yaml:5:68", "'ever' is no length of time that can stand here", "write a number and one of minutes, hours, days, weeks, working hours, working days", id="valid for no span"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    text: str, place_of_it: str, message: str, hint: str | None, place: Path
) -> None:
    """In the profile, or in the file that it names."""
    write(place, text + "\n", wrong="vresion: '2'\n", list="- a\n", mapping=MAPPING)

    (told,) = faults()
    assert told[0] == place_of_it
    assert told[1].startswith(message)
    assert told[2] == hint


@pytest.mark.parametrize("value", ["168 hours", "7 days", "1 week", "3 days"])
def test_seven_days_need_no_reason(value: str, place: Path) -> None:
    """Nor does anything shorter."""
    write(place, f"freshness: {{value: {value}}}\n")

    assert read().profile.freshness.within == value


def test_everything_is_told_at_once(place: Path) -> None:
    """The profile is mended in one go."""
    write(place, "standards: gone.yaml\npopulation: gone.yaml\nfreshness: {value: x}\n")

    assert [where for where, _, _ in faults()] == [
        "own/acme.yaml:5:12", "own/acme.yaml:6:13", "own/acme.yaml:7:20",
    ]  # fmt: skip


def test_a_link_does_not_lead_out(place: Path, tmp_path: Path) -> None:
    """What lies elsewhere could be changed by somebody else."""
    (tmp_path / "outside.yaml").write_text("version: '2'\n", encoding="utf-8")
    (place / "standards.yaml").symlink_to(tmp_path / "outside.yaml")
    write(place, "standards: standards.yaml\n")

    assert faults() == [
        (
            "own/acme.yaml:5:12",
            "'own/standards.yaml' leads out of the profile's folder",
            "put the file itself there: a link could be turned elsewhere unseen",
        )
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [(None, InputError), ("id: [", DocumentError), ("", ErrorGroup), ("\x00", DocumentError)],
)
def test_no_profile_at_all(text: str | None, kind: type[AuditorError], place: Path) -> None:
    """Bad input never gives a traceback."""
    if text is not None:
        (place / "acme.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(kind):
        read()


def test_a_population_that_is_named_comes_before_the_profiles(place: Path) -> None:
    """Without either there is none."""
    write(place, "population: people.yaml\n", people=PEOPLE)
    (place / "other.yaml").write_text(PEOPLE.replace("id: p", "id: other"), encoding="utf-8")
    loaded = read()

    named = population_of("own/other.yaml", loaded)
    own = population_of(None, loaded)
    assert named is not None
    assert own is not None
    assert (named.id, own.id, population_of(None, None)) == ("other", "p", None)
