"""Builds the sample run: deterministic, all seven verdicts, both roles, and hostile strings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness import record, run
from harness.model import JSON, Observation
from tests.reports import hostile
from tests.reports.rows import VERDICTS, Row, case, result, sample_rows

Seen = tuple[str, str, dict[str, JSON]]

STARTED = "2026-03-01T09:30:00.000+00:00"
FINISHED = "2026-03-01T09:33:25.000+00:00"


def build(folder: Path, rows: Sequence[Row], *, complete: bool = True, **head: JSON) -> run.Run:
    """Writes a record of these rows, and reads it back as a run."""
    folder.mkdir(parents=True)
    writer = record.RecordWriter(folder / "record.jsonl")
    selected: list[JSON] = [row["id"] for row in rows]
    selected += [] if complete else ["RES-001", "RES-002"]
    writer.append("run", _at("engine", "begin", {**_head(), "selected": selected, **head}))
    for row in rows:
        plays: list[JSON] = []
        cases = row["cases"]
        assert isinstance(cases, list)
        for number, item in enumerate(cases or [{**row, "vary": {}}]):
            assert isinstance(item, Mapping)
            name = f"{row['id']}.{number}" if item["vary"] else str(row["id"])
            plays.append(name)
            for at, (actor, kind, data) in enumerate(_play(row, item)):
                writer.append(name, _at(actor, kind, data, at / 8))
        writer.append("run", _at("engine", "result", {"row": row, "plays": plays}))
    if complete:
        writer.append("run", _at("engine", "finish", {"complete": True}))
    writer.close()
    loaded = run.load(folder)
    # The writer stamps lines with the wall clock; the sample's end is fixed like its beginning.
    document = {**loaded.document, "finished": FINISHED if complete else ""}
    return replace(loaded, document=document)


def sample(folder: Path, *, complete: bool = True) -> run.Run:
    """A believable run of an ordinary device, with every verdict."""
    return build(folder, sample_rows(), complete=complete)


def hostile_run(folder: Path) -> run.Run:
    """A run in which every string that a device or operator controls attacks the reader."""
    text = hostile.EVERYTHING
    rows = [
        result(
            f"ASC-{number:03}",
            verdict,
            title=f"A device is not believed {text}",
            reason=text,
            outcome="ABORTED",
            notes=[text],
            rationale=text,
            remediation=text,
            references=[hostile.ADDRESS, text],
            weakness=[hostile.ADDRESS],
            requirements=[text],
            threats=[text],
            evidence=[hostile.ADDRESS, "../../etc/passwd", f"wire/{hostile.IMAGE}.pcapng", text],
            findings=[{"oracle": text, "verdict": verdict, "reason": text}],
            cases=[
                case(verdict, vary={text: text}),
                case(verdict, vary={"title": [text, 1, None]}),
            ],
        )
        for number, verdict in enumerate(VERDICTS, 1)
    ]
    device: dict[str, JSON] = {
        "manufacturer": text,
        "model": hostile.SCRIPT,
        "version": hostile.IMAGE,
        "claims": [text],
        "profile": f"sha256:{'0' * 64}",
    }
    return build(
        folder, rows, device=device, environment={"python": text, "platform": text, "packages": {}}
    )


def large(folder: Path, count: int = 1000) -> run.Run:
    """A run of many results, for the speed of the filters."""
    families = ("ASC", "DIM", "TLS", "PAR")
    rows = [
        result(f"{families[n % 4]}-{n:04}", VERDICTS[n % 7], title=f"The device survives case {n}")
        for n in range(count)
    ]
    return build(folder, rows)


def _head() -> dict[str, JSON]:
    return {
        "tool": {"name": "dicom-assay", "version": "0.1.0", "catalogue": f"sha256:{'ab' * 32}"},
        "seed": 20260301,
        "started": STARTED,
        "device": {
            "manufacturer": "Northwind Imaging",
            "model": "Aurora CT",
            "version": "5.2.1",
            "claims": ["acceptor", "verification-scp", "storage-scp", "tls-acceptor"],
            "profile": f"sha256:{'cd' * 32}",
        },
        "scope": {
            "networks": ["127.0.0.0/8", "::1/128"],
            "max_rate": 2000.0,
            "max_connections": 128,
            "max_bytes": 268435456,
            "destructive": False,
            "authorised_by": "",
            "until": None,
        },
        "environment": {
            "python": "3.11.9",
            "platform": "Linux x86_64",
            "packages": {"pydicom": "3.0.2"},
        },
    }


def observation(kind: str, data: Mapping[str, JSON]) -> Observation:
    """One witnessed fact of the attacker."""
    return _at("attacker", kind, data)


def _at(actor: str, kind: str, data: Mapping[str, JSON], at_s: float = 0.0) -> Observation:
    return Observation(at_s=at_s, actor=actor, kind=kind, data=data)


def associate_rq() -> tuple[bytes, list[JSON]]:
    """An A-ASSOCIATE-RQ that declares 4 GiB, with its named parts."""
    fields = [
        ("type", b"\x01"),
        ("reserved", b"\x00"),
        ("length", b"\xff\xff\xff\xff"),
        ("protocol_version", b"\x00\x01"),
        ("reserved2", b"\x00\x00"),
        ("called", b"STORE-SCP".ljust(16)),
        ("calling", hostile.SCRIPT.encode()[:16]),
        ("reserved3", bytes(32)),
        ("items[0].type", b"\x10"),
        ("items[0].reserved", b"\x00"),
        ("items[0].length", b"\x40\x00"),
        ("items[0].name", b"1.2.840.10008.3.1.1.1"),
    ]
    parts: list[JSON] = []
    offset = 0
    for name, data in fields:
        parts.append([name, offset, len(data)])
        offset += len(data)
    return b"".join(data for _, data in fields), parts


def _play(row: Mapping[str, JSON], item: Mapping[str, JSON]) -> Iterable[Seen]:
    if row["verdict"] == "NOT_APPLICABLE":
        return
    name = hostile.EVERYTHING if "not believed" in str(row["title"]) else "STORE-SCP"
    data, parts = associate_rq()
    sick = row["kind"] == "crash"
    yield "engine", "begin", {"facts": {"artim_s": 30}}
    yield (
        "sentinel",
        "health",
        {"when": "before", "ok": True, "alive": True, "detail": "C-ECHO in 4 ms", "evidence": {}},
    )
    yield "engine", "twin", {"id": "ASC-900", "verdict": "PASS", "bystander_ok": True}
    yield (
        "attacker",
        "connect",
        {"connection": 1, "peer": "127.0.0.1:11112", "ok": True, "detail": "", "tls": None},
    )
    yield "attacker", "emitted", {
        "connection": 1, "bytes": len(data) + 4096, "sha256": hashlib.sha256(data).hexdigest(),
        "head": (data + bytes(1900)).hex(), "stimulus": True, "what": f"A-ASSOCIATE-RQ to {name}",
        "parts": parts, "lies": ["length", "items[0].length"], "sent": len(data) + 4096,
    }  # fmt: skip
    yield "attacker", "received", {
        "connection": 1, "bytes": 10, "head": "07000000000400000206", "parts": [],
        "what": f"A-ABORT source=2 reason=6 from {name}",
    }  # fmt: skip
    yield (
        "attacker",
        "outcome",
        {"outcome": item["outcome"], "after_s": 0.012, "detail": name, "source": 2, "reason": 6},
    )
    yield (
        "bystander",
        "bystander",
        {"ok": True, "latency_s": 0.006, "detail": "C-ECHO answered 0000H"},
    )
    yield (
        "process",
        "memory",
        {"base_bytes": 60 * 2**20, "peak_bytes": 572 * 2**20, "growth_bytes": 512 * 2**20},
    )
    yield "process", "log", {"lines": 1, "forged": sick, "text": f"association from {name}"}
    yield "sentinel", "health", {
        "when": "after", "ok": not sick, "alive": not sick,
        "detail": "refused" if sick else "C-ECHO in 5 ms",
        "evidence": {"exit": -11, "signal": "SIGSEGV"} if sick else {},
    }  # fmt: skip
    yield "engine", "ended", {}
