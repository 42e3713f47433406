"""Lines of a profile, as far as TOML agrees that they are what they look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.anchors import Anchor, anchors_of, lines_of
from reports.rows import rows_of
from tests.reports import builder
from tests.reports.rows import result

PROFILE = '''\
schema = 1
[device]
model = """
[tls]
profiles = ["b.13"]
"""
[ acceptor ]  # a comment
port = 104
services = [
  "verification",
]
[[identities]]
name = "a"
[[identities]]
name = "b"
[requestor.commands]
storage = ["x"]
'''


def test_each_table_and_key_has_its_line() -> None:
    assert lines_of(PROFILE) == {
        "schema": 1,
        "device": 2,
        "device.model": 3,
        "acceptor": 7,
        "acceptor.port": 8,
        "acceptor.services": 9,
        "identities": 12,
        "identities.name": 13,
        "requestor.commands": 16,
        "requestor.commands.storage": 17,
    }


@pytest.mark.parametrize("text", ["", "[", "a = 1\na = 2\n", "x = " + "[" * 5000, "\x00"])
def test_what_is_no_profile_has_no_lines(text: str) -> None:
    assert lines_of(text) == {}


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a = 1\n" + b"#" * 2**20, b""])
def test_a_profile_that_cannot_be_read_is_anchored_at_its_beginning(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "device.toml").write_bytes(data)
    (row,) = rows_of(builder.build(tmp_path / "run", [result("ASC-001", "FAIL")]))
    assert anchors_of(tmp_path).of(row) == Anchor("device.toml", 1)


@pytest.mark.parametrize(
    ("scenario", "role", "line"),
    [("ASC-001", "acceptor", 9), ("ASC-101", "requestor", 16), ("AUT-001", "acceptor", 12),
     ("TLS-001", "acceptor", 9), ("XYZ-001", "acceptor", 9)],
)  # fmt: skip
def test_the_nearest_claim_that_is_there_counts(
    tmp_path: Path, scenario: str, role: str, line: int
) -> None:
    (tmp_path / "device.toml").write_text(PROFILE.replace("[requestor.commands]", "[requestor]"))
    (row,) = rows_of(builder.build(tmp_path / "run", [result(scenario, "FAIL", role=role)]))
    assert anchors_of(tmp_path).of(row) == Anchor("device.toml", line)


def test_a_scenario_of_a_pack_that_is_gone_is_anchored_at_the_run(tmp_path: Path) -> None:
    (row,) = rows_of(builder.build(tmp_path / "run", [result("XYZ-001", "FAIL")]))
    assert anchors_of(tmp_path).of(row) == Anchor("run.json", 1)
