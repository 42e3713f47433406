"""Real devices in pairs: they meet through our relay, and nothing on the line gets past them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interop.runner import RECIPES

pytestmark = pytest.mark.interop

_PATIENCE_S = 300.0
PAIRS = [("dcmtk-scu-tls", "dcmtk-storescp-tls"), ("pynetdicom-scu-tls", "orthanc-tls")]
NOT_CLAIMED = "MIM-001B"
"""Needs an acceptor with a port without TLS beside the other."""


@pytest.mark.parametrize(("requestor", "acceptor"), PAIRS)
def test_nothing_on_the_line_gets_past_a_pair(
    requestor: str, acceptor: str, tmp_path: Path
) -> None:
    assay = str(Path(sys.executable).with_name("assay"))
    clean = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    ended = subprocess.run(
        [
            assay, "pair", str(RECIPES[requestor]), str(RECIPES[acceptor]),
            "--out", str(tmp_path / "run"),
        ],
        env={**clean, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    document = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
    verdicts = {row["id"]: row["verdict"] for row in document["results"]}
    assert verdicts.pop(NOT_CLAIMED) == "NOT_APPLICABLE"
    assert set(verdicts.values()) == {"PASS"}, ended.stderr
    assert "this pair (storage): TLS 1.3, TLS_AES_256_GCM_SHA384" in ended.stderr
    assert "mutual" in ended.stderr
