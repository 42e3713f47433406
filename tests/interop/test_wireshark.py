"""The captures of a real run, as Wireshark reads them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.interop.runner import Ended

pytestmark = [pytest.mark.interop, pytest.mark.parametrize("recipe", ["dcmtk-storescp"])]


def dissected(path: Path, *options: str) -> str:
    tshark = shutil.which("tshark")
    assert tshark is not None, "tshark is missing: scripts/install-real-devices"
    done = subprocess.run(
        [tshark, "-r", path, *options], capture_output=True, timeout=60, check=True
    )
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("play", "words"),
    [
        ("ASC-900", ("A-ASSOCIATE request", "C-ECHO-RQ", "C-ECHO-RSP", "A-RELEASE request")),
        ("STO-900", ("A-ASSOCIATE accept", "C-STORE-RQ", "C-STORE-RSP")),
    ],
)
def test_it_is_dissected_as_dicom(ended: Ended, play: str, words: tuple[str, ...]) -> None:
    path = ended.folder / "wire" / f"{play}.pcapng"
    seen = dissected(path)
    assert [word for word in words if word not in seen] == []
    assert dissected(path, "-Y", "_ws.malformed") == ""


def test_a_lie_is_seen_as_one(ended: Ended) -> None:
    """The stimulus of a negative case is in its capture, byte by byte."""
    path = ended.folder / "wire" / "ASC-003.pcapng"
    sent = dissected(path, "-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.payload").split()
    assert sent[0].startswith("0100ffffffff")
