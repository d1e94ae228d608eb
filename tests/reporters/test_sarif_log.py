"""A SARIF log that its schema accepts, and whose fingerprints stay when lines move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft4Validator

from auditor.documents.json import parse_json
from auditor.model.location import Location
from auditor.reporters.sarif_log import Notice, Result, Rule, sarif_log

if TYPE_CHECKING:
    from pathlib import Path

RULES = (Rule("odd", "Something is odd. It may be meant.", "warning"), Rule("bad", "Bad", "error"))


def result(message: str = "It is bad.", line: int = 3, *, path: str = "a/b.yaml") -> Result:
    """Return something that was found."""
    return Result("bad", "error", message, Location(path, line, 5, 9), (message,))


def run_of(*results: Result, notices: tuple[Notice, ...] = ()) -> Any:
    """Return the run of a log."""
    (run,) = sarif_log(RULES, results, category="auditor/test", notices=notices)["runs"]
    return run


def fingerprints(*results: Result) -> list[str]:
    """Return what results are known by."""
    return [one["partialFingerprints"]["auditorPlace/v1"] for one in run_of(*results)["results"]]


def test_the_schema_accepts_it(shared: Path) -> None:
    """With results and notices, with and without places."""
    path = shared / "formats" / "sarif" / "sarif-schema-2.1.0.json"
    schema = parse_json(path.read_bytes(), path=path.name)
    notices = (Notice("Gone.", None), Notice("Odd.", Location("x.yaml", 1)))
    log = sarif_log(RULES, [result(), result("No.")], category="auditor/test", notices=notices)

    Draft4Validator.check_schema(schema)
    assert list(Draft4Validator(schema).iter_errors(log)) == []


def test_a_rule_explains_itself() -> None:
    """Also one that found nothing; its first sentence stands alone where there is little room."""
    (odd, bad) = run_of()["tool"]["driver"]["rules"]

    assert odd == {
        "id": "odd",
        "shortDescription": {"text": "Something is odd."},
        "fullDescription": {"text": "Something is odd. It may be meant."},
        "help": {"text": "Something is odd. It may be meant."},
        "defaultConfiguration": {"level": "warning"},
    }
    assert bad["shortDescription"] == {"text": "Bad"}


def test_a_result_points_at_characters_of_a_relative_file() -> None:
    """Its path is a URI, and columns count characters, the last one exclusive."""
    run = run_of(result(path="ä b/50%.yaml"))
    (found,) = run["results"]

    assert run["columnKind"] == "unicodeCodePoints"
    assert (found["ruleId"], found["ruleIndex"], found["level"]) == ("bad", 1, "error")
    assert found["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "%C3%A4%20b/50%25.yaml"},
                "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9},
            }
        }
    ]


def test_a_fingerprint_does_not_move_with_its_line() -> None:
    """What stands above may change; what is said of another file is another thing."""
    (here,) = fingerprints(result())

    assert fingerprints(result(line=40)) == [here]
    assert fingerprints(result(path="other.yaml")) != [here]
    assert fingerprints(result("Otherwise bad.")) != [here]


def test_two_alike_have_two_fingerprints() -> None:
    """The first keeps its own when a second one comes."""
    (alone,) = fingerprints(result())
    first, second = fingerprints(result(), result(line=9))

    assert first == alone
    assert second != alone


def test_a_run_that_could_not_look_at_everything_says_so() -> None:
    """Else a code-scanning site would take what it did not see for mended."""
    (whole,) = run_of()["invocations"]
    (half,) = run_of(notices=(Notice("Gone.", None),))["invocations"]

    assert whole == {"executionSuccessful": True}
    assert half == {
        "executionSuccessful": False,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": "Gone."}}],
    }
