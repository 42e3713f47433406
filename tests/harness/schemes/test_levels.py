"""How far a run gets: strict, cumulative, and never vacuous."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest

from harness.model import JSON
from harness.schemes import levels
from harness.schemes import model as schemes

STAYS, ORDERLY, BOUNDED = "HOUSE/STAYS-IN-SERVICE", "HOUSE/ORDERLY-REFUSAL", "HOUSE/BOUNDED-TIME"
PARTIAL = "PS3.15/B.13"

TWO = f"""
schema = 1
id = "two"
title = "Two levels"
status = "house"
confidence = "own"
purpose = "For tests."
note = "Ours alone."

[[level]]
id = "low"
title = "Low"
purpose = "First."
[[level.need]]
requirements = ["{STAYS}"]

[[level]]
id = "upper"
title = "Upper"
purpose = "Second."
[[level.need]]
requirements = ["{ORDERLY}"]
[[level.need]]
weight = "recommended"
requirements = ["{BOUNDED}"]
"""


def row(id: str, verdict: str = "PASS", *verified: str, **more: JSON) -> dict[str, JSON]:
    return {
        "id": id, "verdict": verdict, "requirements": list(verified), "family": id.split("-")[0],
        "kind": "accepted" if verdict == "FAIL" else "", "code": "", "reason": f"{id} said so",
        "remediation": f"Mend {id}.", "outcome": "", **more,
    }  # fmt: skip


GOOD = (row("ASC-001", "PASS", STAYS), row("ASC-002", "PASS", ORDERLY))


def run(rows: Sequence[Mapping[str, JSON]], **more: JSON) -> dict[str, JSON]:
    return {
        "started": "2026-03-01T09:30:00+00:00", "finished": "2026-03-01T09:33:00+00:00",
        "complete": True, "not_finished": [], "not_selected": [], "results": list(rows),
        "device": {"claims": ["acceptor"]}, "waivers": [], "attestations": [], "seed": 7,
        "tool": {"version": "1", "catalogue": "sha256:ab"}, **more,
    }  # fmt: skip


def judged(document: Mapping[str, JSON], text: str = TWO) -> dict[str, Any]:
    return levels.evaluate(schemes.completed(schemes.parse(text)), document)


def gaps(found: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {f"{gap['level']} {gap['requirement']}": gap for gap in found["gaps"]}


def test_everything_required_holds() -> None:
    found = judged(run(GOOD))
    assert (found["level"], found["reached"], found["gaps"]) == ("upper", True, [])


def test_a_recommendation_is_shown_and_never_in_the_way() -> None:
    found = judged(run(GOOD))
    (need,) = [one for one in found["levels"][1]["needs"] if one["weight"] == "recommended"]
    assert (need["requirement"], need["met"]) == (BOUNDED, False)


def test_levels_are_cumulative() -> None:
    found = judged(run([row("ASC-001", "FAIL", STAYS), GOOD[1]]))
    assert [level["reached"] for level in found["levels"]] == [False, False]
    assert found["level"] == ""
    found = judged(run([GOOD[0], row("ASC-002", "FAIL", ORDERLY)]))
    assert (found["level"], found["reached"], found["target"]) == ("low", False, "upper")


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ("FAIL", "broken"),
        ("INCONCLUSIVE", "undecided"),
        ("ERROR", "undecided"),
        ("REVIEW", "manual"),
        ("WARN", "warned"),
        ("NOT_APPLICABLE", "not applicable"),
    ],
)
def test_only_what_holds_reaches_a_level(verdict: str, state: str) -> None:
    found = judged(run([row("ASC-001", verdict, STAYS), GOOD[1]]))
    assert found["level"] == ""
    gap = gaps(found)[f"low {STAYS}"]
    assert gap["state"] == state
    assert gap["remedy"]


def test_the_way_to_close_a_failure_is_that_of_its_scenario() -> None:
    found = judged(run([row("ASC-001", "FAIL", STAYS), GOOD[1]]))
    gap = gaps(found)[f"low {STAYS}"]
    assert gap["remedy"] == "Mend ASC-001."
    assert gap["scenarios"] == ["ASC-001"]


def test_what_was_not_played_reaches_nothing() -> None:
    assert judged(run(GOOD[1:]))["level"] == ""
    assert judged(run([]))["level"] == ""


def test_an_incomplete_run_reaches_nothing_and_says_so() -> None:
    found = judged(run(GOOD, complete=False))
    assert (found["level"], found["reached"]) == ("", False)
    assert "incomplete" in found["note"]


def test_a_part_of_the_scenarios_reaches_nothing() -> None:
    left: list[JSON] = [{"id": "ASC-005", "requirements": [STAYS]}]
    found = judged(run(GOOD, not_selected=left))
    assert found["level"] == ""
    gap = gaps(found)[f"low {STAYS}"]
    assert gap["state"] == "undecided"
    assert "--select" in gap["remedy"]


def test_a_run_that_does_not_say_what_it_left_out_reaches_nothing() -> None:
    document = run(GOOD)
    del document["not_selected"]
    found = judged(document)
    assert found["level"] == ""
    assert "Run it again" in gaps(found)[f"low {STAYS}"]["remedy"]


class TestWaivers:
    """A waiver reaches no level, unless the scheme says so."""

    WAIVER: ClassVar[dict[str, JSON]] = {"scenario": "ASC-001", "verdict": "FAIL", "state": "met"}
    ROWS = (row("ASC-001", "FAIL", STAYS), GOOD[1])

    def test_it_does_not(self) -> None:
        found = judged(run(self.ROWS, waivers=[self.WAIVER]))
        assert found["level"] == ""
        assert gaps(found)[f"low {STAYS}"]["state"] == "waived"

    def test_it_does_where_the_scheme_accepts_it(self) -> None:
        accepting = TWO.replace('id = "two"', 'id = "two"\naccepts_waivers = true')
        found = judged(run(self.ROWS, waivers=[self.WAIVER]), accepting)
        assert found["reached"]
        assert found["levels"][0]["needs"][0]["state"] == "waived"

    def test_one_that_is_not_met_never_does(self) -> None:
        accepting = TWO.replace('id = "two"', 'id = "two"\naccepts_waivers = true')
        waiver = {"scenario": "ASC-001", "verdict": "FAIL", "state": "expired"}
        assert judged(run(self.ROWS, waivers=[waiver]), accepting)["level"] == ""


class TestConditions:
    """Roles, claims, places, parts and warnings."""

    def with_need(self, *keys: str) -> str:
        return TWO.replace(
            f'requirements = ["{ORDERLY}"]', "\n".join((f'requirements = ["{ORDERLY}"]', *keys))
        )

    def test_a_role_that_the_device_has_not_is_not_asked_for(self) -> None:
        other = (
            self.with_need('role = "requestor"')
            + f"""
[[level.need]]
requirements = ["{STAYS}"]
"""
        )
        assert judged(run(GOOD[:1]), other)["reached"]
        assert not judged(run(GOOD[:1], device={"claims": ["requestor"]}), other)["reached"]

    def test_a_level_of_which_nothing_concerns_the_device_is_not_reached(self) -> None:
        found = judged(run(GOOD), self.with_need('role = "requestor"'))
        assert (found["level"], found["reached"]) == ("low", False)

    def test_a_claim_that_is_made_binds(self) -> None:
        claimed = (
            self.with_need()
            + """
[[level.need]]
weight = "if-claimed"
claim = "tls-acceptor"
requirements = ["HOUSE/MUTUAL-TLS"]
"""
        )
        assert judged(run(GOOD), claimed)["reached"]
        assert not judged(run(GOOD, device={"claims": ["tls-acceptor"]}), claimed)["reached"]

    def test_what_does_not_apply_is_met_only_if_nothing_claims_it(self) -> None:
        idle = (*GOOD, row("CRT-001", "NOT_APPLICABLE", "HOUSE/MUTUAL-TLS"))
        need = '\n[[level.need]]\nweight = "if-claimed"\nrequirements = ["HOUSE/MUTUAL-TLS"]\n'
        assert judged(run(idle), TWO + need)["reached"]
        binding = need.replace("if-claimed", "required")
        assert not judged(run(idle), TWO + binding)["reached"]

    def test_a_place_that_the_profile_does_not_state_excuses_nothing(self) -> None:
        placed = (
            self.with_need('deployments = ["large-hospital"]')
            + f"""
[[level.need]]
requirements = ["{STAYS}"]
"""
        )
        rows = GOOD[:1]
        assert not judged(run(rows), placed)["reached"]
        assert not judged(run(rows, deployment={"id": "large-hospital"}), placed)["reached"]
        assert judged(run(rows, deployment={"id": "small-practice"}), placed)["reached"]

    def test_a_warning_is_borne_only_where_the_scheme_says_why(self) -> None:
        rows = [GOOD[0], row("ASC-002", "WARN", ORDERLY)]
        assert not judged(run(rows))["reached"]
        bearing = self.with_need("warned = true", 'because = "it is a recommendation"')
        found = judged(run(rows), bearing)
        assert found["reached"]
        assert "it is a recommendation" in found["levels"][1]["needs"][0]["reason"]

    def test_a_part_is_enough_only_where_the_scheme_says_why(self) -> None:
        rows = [*GOOD, row("TLS-213", "PASS", PARTIAL)]
        need = f'\n[[level.need]]\nrequirements = ["{PARTIAL}"]\n'
        found = judged(run(rows), TWO + need)
        assert not found["reached"]
        assert "only a part" in gaps(found)[f"upper {PARTIAL}"]["reason"]
        enough = need + 'partial = true\nbecause = "the rest is read"\n'
        assert judged(run(rows), TWO + enough)["reached"]


class TestEvidence:
    """Headings of a report are met by facts of the run."""

    TEXT = (
        TWO
        + """
[[level.need]]
requirements = ["FDA/REPORT/METHODS"]
evidence = ["assessment.methods", "run.tool"]
"""
    )

    def test_stated(self) -> None:
        found = judged(run(GOOD, assessment={"methods": "also by hand"}), self.TEXT)
        assert found["reached"]
        assert "also by hand" in found["levels"][1]["needs"][-1]["reason"]

    def test_missing(self) -> None:
        found = judged(run(GOOD), self.TEXT)
        gap = gaps(found)["upper FDA/REPORT/METHODS"]
        assert gap["reason"] == "[assessment] methods is not stated"
        assert gap["remedy"] == "State it in the device profile, and run it again."


class TestOfAHead:
    """The scheme that a run was made for."""

    def test_none(self) -> None:
        assert levels.reached({}, run(GOOD)) is None

    def test_of_a_house(self) -> None:
        found = levels.reached({"scheme": "two", "scheme_text": [*TWO.splitlines()]}, run(GOOD))
        assert found is not None
        assert found["level"] == "upper"
        assert levels.in_brief(found) == {
            "id": "two", "level": "upper", "reached": True, "gaps": [],
        }  # fmt: skip

    def test_one_that_has_changed_is_told(self) -> None:
        head: dict[str, JSON] = {"scheme": "dicom-baseline", "scheme_digest": "sha256:00"}
        found = levels.reached(head, run(GOOD))
        assert found is not None
        assert "has changed since" in str(found["note"])

    def test_one_that_this_installation_does_not_know_reaches_nothing(self) -> None:
        heads: list[dict[str, JSON]] = [
            {"scheme": "gone"},
            {"scheme": "x", "scheme_text": ["schema = 3"]},
        ]
        for head in heads:
            found = levels.reached(head, run(GOOD))
            assert found is not None
            assert (found["reached"], found["level"], found["levels"]) == (False, "", [])
            assert "cannot judge" in str(found["note"])


@pytest.mark.parametrize("name", list(schemes.load()))
@pytest.mark.parametrize("verdict", ["NOT_APPLICABLE", "INCONCLUSIVE", "REVIEW", "ERROR", "FAIL"])
def test_no_shipped_scheme_is_reached_without_a_pass(name: str, verdict: str) -> None:
    scheme = schemes.load()[name]
    rows = [row(f"ASC-{n:03}", verdict, *schemes.named(scheme)[n : n + 1]) for n in range(200)]
    for claims in ([], ["acceptor"], ["acceptor", "requestor"]):
        found = levels.evaluate(scheme, run(rows, device={"claims": claims}))
        assert (found["level"], found["reached"]) == ("", False), claims


PLACES = TWO.replace("[[level]]", "weighs_deployments = true\n[[level]]", 1).replace(
    f'requirements = ["{BOUNDED}"]', 'requirements = ["HOUSE/CLAIMED-RATE", "HOUSE/FAIR-SERVICE"]'
)


def _weights(place: str, text: str = PLACES) -> dict[str, tuple[str, str]]:
    found = judged(run(GOOD, deployment={"id": place} if place else {}), text)
    return {
        one["requirement"]: (one["weight"], one["reason"]) for one in found["levels"][1]["needs"]
    }


def test_what_is_essential_where_a_device_is_used_is_required_there() -> None:
    assert _weights("")["HOUSE/CLAIMED-RATE"][0] == "recommended"
    assert _weights("large-hospital")["HOUSE/CLAIMED-RATE"][0] == "required"
    assert (
        _weights("large-hospital", PLACES.replace("weighs_deployments = true", ""))[
            "HOUSE/CLAIMED-RATE"
        ][0]
        == "recommended"
    )
    there = judged(run(GOOD, deployment={"id": "large-hospital"}), PLACES)
    assert (there["level"], there["reached"]) == ("low", False)
    assert "upper HOUSE/CLAIMED-RATE" in gaps(there)


def test_what_does_not_arise_where_a_device_is_used_is_not_asked() -> None:
    weight, reason = _weights("small-practice")["HOUSE/FAIR-SERVICE"]
    assert (weight, reason[:15]) == ("recommended", "does not arise ")
