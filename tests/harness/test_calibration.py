"""Calibration: every scenario is proved on a reference device that claims what it needs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from harness import calibration, devices, registry
from harness.calibration import Job, Outcome
from harness.model import Claim, Scenario
from harness.verdict import ExitCode
from tests.harness import commands

RETIRED = (Claim.TLS_B_1, Claim.TLS_B_3)


@pytest.fixture(scope="module")
def catalogue() -> Mapping[str, Scenario]:
    return registry.load()


def test_no_scenario_is_left_without_a_reference_device(
    catalogue: Mapping[str, Scenario],
) -> None:
    jobs = calibration.plan(catalogue, [0])
    homes = {
        name: devices.embedded_profile(claims=job.claims).claims()
        for job in jobs
        if job.device == calibration.REFERENCE
        for name in job.scenarios
    }
    assert set(homes) == set(catalogue)
    for name, claims in homes.items():
        assert catalogue[name].needs <= claims, name


def test_scenarios_with_contradicting_claims_are_played_apart(
    catalogue: Mapping[str, Scenario],
) -> None:
    some = {name: catalogue[name] for name in ("TLS-201", "TLS-203", "TLS-212")}
    jobs = calibration.plan(some, [0])
    clean = [job for job in jobs if job.device == calibration.REFERENCE]
    assert {(job.scenarios, job.claims) for job in clean} == {
        (("TLS-212",), ()),
        (("TLS-201", "TLS-203"), RETIRED),
    }
    assert [job.label for job in jobs if job.device == "flaw:refuses_3des"] == [
        "flaw:refuses_3des claiming tls-profile-b.1+tls-profile-b.3"
    ]


def test_claims_that_the_usual_device_has_change_nothing() -> None:
    assert devices.embedded_profile(claims=(Claim.TLS_B_12,)) == devices.embedded_profile()
    unheard = devices.embedded_profile(claims=(Claim.TLS_B_1, Claim.TLS_B_10))
    assert unheard == devices.embedded_profile()


def test_null_devices_claim_everything_that_any_reference_claims() -> None:
    null = devices.null_profile("close-all").claims()
    assert set(RETIRED) | {Claim.TLS_B_10, Claim.TLS_ITI_19, Claim.TLS_B_12} <= null


@pytest.mark.parametrize(
    ("device", "claims", "verdicts"),
    [
        ("reference", RETIRED, {"TLS-201": "PASS", "TLS-203": "PASS"}),
        ("reference", RETIRED, {"TLS-301": "PASS", "CRT-102": "PASS", "CRT-105": "PASS"}),
        ("flaw:refuses_3des", RETIRED, {"TLS-201": "FAIL wrong_reason"}),
        ("reference", (Claim.TLS_B_11,), {"TLS-211": "PASS", "TLS-311": "PASS"}),
        ("reference", (), {"TLS-201": "NOT_APPLICABLE", "TLS-213": "PASS"}),
        ("flaw:curve_below_256_bits", (), {"TLS-212": "PASS", "TLS-213": "FAIL wrong_reason"}),
    ],
    ids=str,
)
def test_a_job_is_played(device: str, claims: tuple[Claim, ...], verdicts: dict[str, str]) -> None:
    job = Job(device=device, seed=0, scenarios=tuple(verdicts), claims=claims)
    done = calibration.perform(job)
    assert not done.error
    assert dict(done.verdicts) == verdicts, done.reasons


def test_a_reference_that_does_not_pass_is_named_with_its_claims(
    catalogue: Mapping[str, Scenario],
) -> None:
    one = {"TLS-201": catalogue["TLS-201"]}
    clean = Job(device="reference", seed=0, scenarios=("TLS-201",), claims=RETIRED)
    flawed = Job(device="flaw:refuses_3des", seed=0, scenarios=("TLS-201",), claims=RETIRED)
    done = [
        Outcome(job=clean, verdicts={"TLS-201": "WARN"}, reasons={"TLS-201": "old"}),
        Outcome(job=flawed, verdicts={"TLS-201": "PASS"}, reasons={"TLS-201": "why"}),
    ]
    document = calibration.summarise(one, done, [0])
    summary = document["summary"]
    assert isinstance(summary, dict)
    claiming = "claiming tls-profile-b.1+tls-profile-b.3"
    assert summary["not_passing"] == [f"TLS-201 on reference {claiming}: WARN: old"]
    assert summary["missed"] == [f"TLS-201 on flaw:refuses_3des {claiming}: PASS: why"]
    assert (summary["flaws"], summary["detected"]) == (1, 0)
    assert not calibration.sound(document)


def test_questions_pass_fail_and_wait_on_the_devices_that_prove_them(
    catalogue: Mapping[str, Scenario],
) -> None:
    """The synthetic operator says yes, the flaw no, and nobody answers for null devices."""
    asking = tuple(name for name, one in catalogue.items() if one.question)
    assert len(asking) >= 8
    for device, verdict in (
        ("reference", "PASS"),
        ("flaw:fails_inspection", "FAIL attested"),
        ("null:accept-all", "REVIEW"),
    ):
        done = calibration.perform(Job(device=device, seed=0, scenarios=asking))
        assert not done.error
        assert dict(done.verdicts) == dict.fromkeys(asking, verdict), done.reasons


def test_null_devices_are_asked_too(catalogue: Mapping[str, Scenario]) -> None:
    jobs = [job for job in calibration.plan(catalogue, [0]) if job.device.startswith("null:")]
    assert jobs
    assert all("REV-001" in job.scenarios for job in jobs)


def test_a_flaw_that_is_nobodys_control_proves_nothing() -> None:
    said = commands.run("calibrate", "--flaw", "leaks_descriptors")
    assert said.code == ExitCode.USAGE
    assert "no scenario names it as its control" in said.err
