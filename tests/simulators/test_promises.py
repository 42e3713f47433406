"""Storage commitment asked of an independent implementation (pynetdicom), reported both ways."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pynetdicom import AE, build_role, events, evt

from harness.profile import parse
from harness.stage import Stage
from simulators.lab import Lab
from simulators.process import free_port
from simulators.promises import commit, witness_report
from simulators.sentinel import sentinel_stage
from simulators.wire import uids

PUSH, INSTANCE = uids.STORAGE_COMMITMENT_PUSH, uids.STORAGE_COMMITMENT_PUSH_INSTANCE
KNOWN, STRANGE = (uids.SECONDARY_CAPTURE, "2.25.1"), (uids.SECONDARY_CAPTURE, "2.25.2")
PROFILE = """
schema = 1
[device]
manufacturer = "pynetdicom"
model = "archive"
[acceptor]
port = {port}
ae_title = "ARCHIVE"
services = ["verification", "storage", "storage-commitment"]
[integrity]
{integrity}
"""


class Archive:
    """Commits what it knows.

    Args:
        calls: Port of whoever is to be called with the report; 0: it never comes.
    """

    def __init__(self, calls: int) -> None:
        self.calls = calls
        self.status = 0x0000
        self.other_transaction = False
        self.threads: list[threading.Thread] = []

    def action(self, event: events.Event) -> tuple[int, None]:
        """Answers, and reports from a thread."""
        asked: Dataset = event.action_information
        if self.status == 0 and self.calls:
            self.threads.append(threading.Thread(target=self._report, args=(asked,)))
            self.threads[-1].start()
        return self.status, None

    def _report(self, asked: Dataset) -> None:
        entity = AE("ARCHIVE")
        entity.add_requested_context(PUSH)
        role = build_role(PUSH, scp_role=True)
        association = entity.associate(
            "127.0.0.1", self.calls, ae_title="ASSAYCOMMIT", ext_neg=[role]
        )
        assert association.is_established
        association.send_n_event_report(self._told(asked), 2, PUSH, INSTANCE)
        association.release()

    def _told(self, asked: Dataset) -> Dataset:
        told = Dataset()
        told.TransactionUID = "2.25.99" if self.other_transaction else asked.TransactionUID
        known, failed = [], []
        for item in asked.ReferencedSOPSequence:
            if item.ReferencedSOPInstanceUID == KNOWN[1]:
                known.append(item)
            else:
                item.FailureReason = 0x0112
                failed.append(item)
        told.ReferencedSOPSequence = Sequence(known)
        told.FailedSOPSequence = Sequence(failed)
        return told


@contextmanager
def against(archive: Archive, folder: Path) -> Iterator[Stage]:
    entity = AE("ARCHIVE")
    entity.add_supported_context(uids.VERIFICATION)
    entity.add_supported_context(PUSH)
    handlers: list[Any] = [(evt.EVT_N_ACTION, archive.action)]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    assert server is not None
    assert server.socket is not None
    port = server.socket.getsockname()[1]
    ours = f'commitment_ae = "ASSAYCOMMIT"\ncommitment_port = {archive.calls}'
    text = PROFILE.format(port=port, integrity=ours if archive.calls else "")
    lab = Lab.equip(parse(text, "archive.toml"), folder, lambda _text: None)
    try:
        yield sentinel_stage(SimpleNamespace(lab=lab), lab.profile, "INT-905")
    finally:
        for thread in archive.threads:
            thread.join(5)
        lab.close()
        server.shutdown()


def test_a_report_on_a_new_association_is_taken(tmp_path: Path) -> None:
    with against(Archive(free_port()), tmp_path) as stage:
        report = commit(stage, [KNOWN, STRANGE], "2.25.7")
        assert (report.heard, report.reports) == (True, 1)
        assert (report.committed, report.failed) == ({KNOWN}, {STRANGE: 0x0112})
        witness_report(stage, report, known=[KNOWN], unknown=[STRANGE])
        seen = stage.record({}).last("commitment")
        assert seen is not None
        assert seen.data == {
            "reported": True, "stored": 1, "unknown": 1, "committed": 1, "falsely": 0,
            "unnamed": 0, "reasons": [0x0112],
        }  # fmt: skip


def test_a_refusal_is_not_waited_for(tmp_path: Path) -> None:
    archive = Archive(free_port())
    archive.status = 0x0110
    with against(archive, tmp_path) as stage:
        assert not commit(stage, [STRANGE], "2.25.7").heard
        seen = stage.record({}).last("outcome", "attacker")
        assert seen is not None
        assert seen.data["status"] == 0x0110


def test_a_report_on_another_transaction_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulators.promises.REPORT_S", 1.0)
    archive = Archive(free_port())
    archive.other_transaction = True
    with against(archive, tmp_path) as stage:
        report = commit(stage, [KNOWN], "2.25.7")
        assert not report.heard
        witness_report(stage, report, known=[], unknown=[KNOWN])
        seen = stage.record({}).last("commitment")
        assert seen is not None
        assert (seen.data["reported"], seen.data["unnamed"]) == (False, 1)


def test_whoever_never_reports_is_not_waited_for_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulators.promises.REPORT_S", 0.3)
    with against(Archive(0), tmp_path) as stage:
        assert not commit(stage, [KNOWN], "2.25.7").heard
