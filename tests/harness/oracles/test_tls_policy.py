"""Oracles on TLS policies, over recorded surfaces."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import tls_policy
from harness.model import JSON, Record
from harness.oracles.tls_policy import keeps_to_house_policies, keeps_to_policy
from harness.tls_surface import KIND
from tests.harness import tls_surfaces
from tests.harness.fakes import a_record, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    LENIENT,
    PASS,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)

EXAMPLE = Path(__file__).parents[3] / "simulators" / "devices" / "house-policy.toml"
HOUSE: dict[str, JSON] = {"tls_policies": [tls_policy.dumped(tls_policy.house(EXAMPLE))]}
BCP, B13, MINE = keeps_to_policy("RFC 9325"), keeps_to_policy("B.13"), keeps_to_house_policies()


def shown(name: str, facts: dict[str, JSON] | None = None, **changes: JSON) -> Record:
    data = {**tls_surfaces.data(name), **changes}
    return a_record(seen(KIND, **data), facts=facts or {})


ROWS = [
    Row(BCP, a_record(), UNSEEN),
    Row(BCP, shown("reference", versions={}), UNSEEN, "no version"),
    Row(BCP, shown("reference"), PASS, "rules kept"),
    Row(BCP, shown("reference", chosen_version="TLS 1.2"), WRONG, "prefers TLS 1.2"),
    Row(BCP, shown("reference", unsure=[{"what": "suites TLS 1.2", "why": "cut"}]), UNSEEN, "cut"),
    Row(BCP, shown("dcmtk-echoscu"), WARN, "the rule is a SHOULD"),
    Row(BCP, shown("orthanc"), ACCEPTED, "speaks TLS 1.0, TLS 1.1"),
    Row(BCP, shown("weak-server"), ACCEPTED, "RC4"),
    Row(B13, shown("reference"), LENIENT, "cannot be tested"),
    Row(MINE, shown("reference"), UNSEEN, "no policy of the house"),
    Row(MINE, shown("reference", HOUSE), PASS, "House 2026"),
    Row(MINE, shown("orthanc", HOUSE), ACCEPTED, "House 2026: versions (SHALL)"),
    Row(MINE, shown("weak-server", HOUSE), ACCEPTED, "and 1 more"),
    Row(MINE, a_record(facts=HOUSE), UNSEEN),
    Row(MINE, shown("reference", {"tls_policies": [{"id": "no policy"}]}), UNSEEN),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_verdicts(row: Row) -> None:
    check(row)


def test_a_pass_means_that_something_was_refused() -> None:
    assert all(oracle.refusal for oracle in (BCP, B13, MINE))
