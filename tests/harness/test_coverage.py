"""How far requirements are tested: directly, through others, by people, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from harness import coverage, registry, requirements
from harness.coverage import Gap, Status
from harness.errors import CatalogueError
from harness.model import Scenario
from harness.requirements import Excuse

ANY = next(iter(registry.load().values()))
SEEN = coverage.covered(registry.load())


def scenarios(**verified: str) -> Mapping[str, Scenario]:
    """Scenarios by id, with what each verifies: ``X_001="HOUSE/X HOUSE/Y"``."""
    ids = {name.replace("_", "-"): tuple(told.split()) for name, told in verified.items()}
    return {name: replace(ANY, id=name, verifies=told) for name, told in ids.items()}


def status(name: str, gap: Gap | None = None, /, **verified: str) -> Status:
    """The status of one requirement with these scenarios and perhaps one stated reason."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coverage, "gaps", lambda: {gap.requirement: gap} if gap else {})
        return coverage.covered(scenarios(**verified))[name].status


def test_what_scenarios_verify_is_automated() -> None:
    assert status("PS3.8/D.1", X_001="PS3.8/D.1") is Status.AUTOMATED
    assert status("PS3.8/D.1") is Status.NOT_TESTED


def test_a_stated_reason_decides() -> None:
    gap = Gap(requirement="PS3.8/D.1", status=Status.PARTIAL, reason="Half of it.")
    assert status("PS3.8/D.1", gap, X_001="PS3.8/D.1") is Status.PARTIAL


def test_through_another_requirement_it_is_partial_unless_that_is_the_whole() -> None:
    assert status("IEC62443-4-2/CR-1.2", X_001="HOUSE/MUTUAL-TLS") is Status.PARTIAL
    assert status("MDS2/NAUT-3", X_001="HOUSE/MUTUAL-TLS") is Status.AUTOMATED


def test_what_only_people_are_asked_is_manual_and_reaches_nothing_else() -> None:
    assert status("HOUSE/MUTUAL-TLS", REV_001="HOUSE/MUTUAL-TLS") is Status.MANUAL
    assert status("MDS2/NAUT-3", REV_001="HOUSE/MUTUAL-TLS") is Status.NOT_TESTED


def test_a_question_does_not_make_a_manual_requirement_stale() -> None:
    gaps = {"MDS2/PLOK-2": Gap(requirement="MDS2/PLOK-2", status=Status.MANUAL, reason="Look.")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coverage, "gaps", lambda: gaps)
        asked = coverage.problems(scenarios(REV_001="MDS2/PLOK-2"))
        measured = coverage.problems(scenarios(X_001="MDS2/PLOK-2"))
    assert not [one for one in asked if "MDS2/PLOK-2" in one]
    assert "MDS2/PLOK-2 is manual, but X-001 verifies it" in measured


def test_every_requirement_that_is_not_automated_says_what_is_missing_or_how_it_is_reached() -> (
    None
):
    for name, one in SEEN.items():
        assert one.status is Status.AUTOMATED or one.reason or one.through or one.direct, name


def test_reasons_are_specific() -> None:
    """A reason is a sentence about what is missing, not a shrug."""
    for name, gap in coverage.gaps().items():
        assert len(gap.reason.split()) >= 4, name
        assert gap.reason.endswith("."), name


@pytest.mark.parametrize(
    ("excuse", "words"),
    [
        (("PS3.8/D.2", "manual", "x"), "PS3.8/D.2 has a second reason"),
        (("PS3.8/D.1", "manual", " "), "PS3.8/D.1: say partial, manual or not-tested, and why"),
        (("PS3.8/D.1", "automated", "x"), "say partial, manual or not-tested, and why"),
        (("PS3.8/D.1", "maybe", "x"), "a.toml: PS3.8/D.1: 'maybe' is not a valid Status"),
    ],
)
def test_a_bad_reason_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, excuse: tuple[str, str, str], words: str
) -> None:
    name, state, reason = excuse
    row = Excuse(requirement=name, status=state, reason=reason, file="a.toml")
    monkeypatch.setattr(requirements, "excuses", lambda: [row])
    with pytest.raises(CatalogueError, match=words):
        coverage.gaps.__wrapped__()
