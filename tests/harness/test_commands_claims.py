"""``assay claims``: a table, JSON, a draft, and exit codes that can be relied on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.model import JSON
from simulators.devices.lying import claim_lies
from tests.harness.commands import run
from tests.reports.builder import build
from tests.reports.rows import result

HOSTILE = "\x1b[31mred\u202e"


def stored(folder: Path, value: JSON, verdict: str = "PASS") -> str:
    said: list[JSON] = [
        {"source": "mds2", "key": "CONN-7", "value": value, "note": "", "text": HOSTILE}
    ]
    build(folder / "run", [result("TLS-900", verdict)], claims={"files": [], "answers": said})
    return str(folder / "run")


@pytest.mark.parametrize(
    ("value", "verdict", "code"),
    [("Yes", "PASS", 0), ("yes", "PASS", 0), ("no", "PASS", 1), ("yes", "INCONCLUSIVE", 3)],
)
def test_a_stored_run_is_read(tmp_path: Path, value: str, verdict: str, code: int) -> None:
    folder = stored(tmp_path, value.lower(), verdict)
    ran = run("claims", "--run", folder, "--json")
    assert ran.code == code
    document = json.loads(ran.out)
    assert document["schema"] == "dicom-assay/claims/1"
    assert sum(document["summary"].values()) == len(document["claims"])
    assert document["claims"][0]["id"] == "mds2/CONN-7"


def test_the_table_is_safe_on_a_terminal(tmp_path: Path) -> None:
    ran = run("claims", "--run", stored(tmp_path, "no"))
    assert "contradicted (1)" in ran.out
    assert "mds2/CONN-7" in ran.out
    assert "TLS-900" in ran.out
    assert not {"\x1b", "\u202e"} & set(ran.out)


def test_a_draft_of_a_stored_run(tmp_path: Path) -> None:
    target = tmp_path / "draft.csv"
    ran = run("claims", "--run", stored(tmp_path, "yes"), "--write-mds2", str(target))
    assert ran.code == 0
    assert f"written: {target}" in ran.err
    assert "CONN-7" in target.read_text("utf-8")


@pytest.mark.parametrize("command", ["claims", "run"])
def test_lies_are_listed(command: str) -> None:
    ran = run(command, "--claim-lie", "list")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == list(claim_lies())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--claim-lie", "nonsense"), "--claim-lie nonsense: no such lie"),
        (("device.toml", "--claim-lie", "only-tls"), "leave out DEVICE.toml"),
        (("--run", "runs/x", "--claim-lie", "only-tls"), "--run plays nothing"),
        (("--write-mds2", "draft.pdf"), "the suffix is one of"),
        (("--run", "nowhere"), "nowhere"),
    ],
)
def test_usage_errors(arguments: tuple[str, ...], told: str) -> None:
    ran = run("claims", *arguments)
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.slow
def test_a_lie_in_a_run_is_an_unexpected_result(tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    ran = run("run", "--claim-lie", "small-pdu", "--select", "ASC-900", "--out", out)
    assert ran.code == 1
    assert "contradicted: statement/network.acceptor.max_pdu" in ran.err
    assert run("run", "--select", "ASC-900", "--out", f"{out}2").code == 0
