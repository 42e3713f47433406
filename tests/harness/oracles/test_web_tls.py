"""Oracles on web services by TLS alone: pass, fail and unseen."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles.web_tls import names_its_transport_policy, serves_by_tls_alone
from tests.harness.fakes import a_record


def answered(outcome: str = "RESPONDED", **data: JSON) -> Record:
    """What one attack led to."""
    told: dict[str, JSON] = {"outcome": outcome, "detail": "a search", **data}
    return a_record(Observation(at_s=0.0, actor="attacker", kind="outcome", data=told))


@pytest.mark.parametrize(
    ("record", "verdict"),
    [
        (answered(code=200), "FAIL"),
        (answered(code=401), "FAIL"),
        (answered(code=301, fields={"location": "http://elsewhere/"}), "FAIL"),
        (answered("TIMEOUT"), "FAIL"),
        (answered(code=301, fields={"location": "https://here/"}), "PASS"),
        (answered(code=400), "PASS"),
        (answered("RESET"), "PASS"),
        (answered("GARBAGE"), "PASS"),
        (a_record(), "INCONCLUSIVE"),
    ],
)
def test_who_comes_without_tls_is_not_served(record: Record, verdict: str) -> None:
    assert serves_by_tls_alone()(record).verdict.name == verdict


@pytest.mark.parametrize(
    ("record", "verdict"),
    [
        (answered(code=200, fields={"strict-transport-security": "max-age=31536000"}), "PASS"),
        (answered(code=200, fields={"strict-transport-security": 'a; Max-Age="60"'}), "PASS"),
        (answered(code=200, fields={"strict-transport-security": "max-age=0"}), "FAIL"),
        (answered(code=200, fields={"strict-transport-security": "preload"}), "FAIL"),
        (answered(code=200, fields={}), "FAIL"),
        (answered(code=500, fields={"strict-transport-security": "max-age=9"}), "FAIL"),
        (a_record(), "INCONCLUSIVE"),
    ],
)
def test_the_transport_policy_lasts(record: Record, verdict: str) -> None:
    assert names_its_transport_policy()(record).verdict.name == verdict
