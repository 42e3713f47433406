"""Builds the sample run: deterministic, all seven verdicts, both roles, and hostile strings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness import record, run
from harness.model import JSON, Observation
from tests.reports import hostile

Row = dict[str, JSON]
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
        for number, case in enumerate(cases or [{**row, "vary": {}}]):
            assert isinstance(case, Mapping)
            name = f"{row['id']}.{number}" if case["vary"] else str(row["id"])
            plays.append(name)
            for at, (actor, kind, data) in enumerate(_play(row, case)):
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
        for number, verdict in enumerate(_VERDICTS, 1)
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
        result(f"{families[n % 4]}-{n:04}", _VERDICTS[n % 7], title=f"The device survives case {n}")
        for n in range(count)
    ]
    return build(folder, rows)


def result(name: str, verdict: str, **given: JSON) -> Row:
    """One row with every key; what is not given is plain."""
    kinds = {"FAIL": "hang"}
    codes = {"INCONCLUSIVE": "PRECONDITION_UNMET"}
    return {
        "id": name,
        "title": "An A-ASSOCIATE-RQ that lies about its length is refused",
        "family": name.split("-")[0],
        "role": "acceptor",
        "verdict": verdict,
        "kind": kinds.get(verdict, ""),
        "code": codes.get(verdict, ""),
        "reason": "A-ABORT after 0.012 s; the association was not established",
        "preferred": True,
        "requirements": ["PS3.8/9.3.1"],
        "threats": ["T-AVAIL-02"],
        "weakness": ["CWE-130"],
        "references": [],
        "severity": "high",
        "duration_s": 0.41,
        "outcome": "ABORTED",
        "rationale": "An attacker needs one packet.\n\nA good device aborts; a bad one waits.",
        "remediation": "Compare each length with what is left of the enclosing structure.",
        "twin": "ASC-900",
        "control": "trusts_pdu_length",
        "evidence": [f"wire/{name}.pcapng"],
        "cases": [],
        "findings": [
            {
                "oracle": "lets_go",
                "verdict": verdict,
                "reason": str(given.get("reason", "let go in time")),
            }
        ],
        "notes": [],
        **given,
    }


def case(verdict: str, **given: JSON) -> dict[str, JSON]:
    """One case with every key."""
    plain: dict[str, JSON] = {
        "vary": {},
        "verdict": verdict,
        "outcome": "ABORTED",
        "reason": "A-ABORT after 0.012 s",
        "kind": "hang" if verdict == "FAIL" else "",
        "code": "PRECONDITION_UNMET" if verdict == "INCONCLUSIVE" else "",
        "preferred": True,
        "duration_s": 0.41,
    }
    return {**plain, **given}


_VERDICTS = ("NOT_APPLICABLE", "PASS", "WARN", "REVIEW", "INCONCLUSIVE", "FAIL", "ERROR")


def sample_rows() -> list[Row]:
    """The rows of the sample run."""
    return [*_failures(), *_undecided(), *_passes()]


def _failures() -> list[Row]:
    crash = "the device crashed: exit by signal 11 (SIGSEGV), 0.3 s after the PDU"
    varied: list[JSON] = [
        case(
            "FAIL",
            vary={"field": "called AE title", "bytes": 17},
            kind="hang",
            outcome="TIMEOUT",
            reason="no answer in 35 s, and the connection is still open",
        ),
        case("PASS", vary={"field": "calling AE title", "bytes": 17}),
        case("PASS", vary={"field": "user information", "bytes": 65535}),
        case(
            "INCONCLUSIVE",
            vary={"field": "implementation UID"},
            outcome="",
            reason="the twin did not succeed",
        ),
    ]
    return [
        result(
            "ASC-003",
            "FAIL",
            title="A PDU that declares 4 GiB makes the device allocate nothing",
            kind="resource",
            reason="peak memory grew by 512.0 MiB (bound 64.0 MiB) for a PDU of 84 bytes",
            severity="critical",
            outcome="TIMEOUT",
            references=["CVE-2019-1010228"],
            requirements=["PS3.8/9.3.1", "HOUSE/BOUNDED-MEMORY"],
            threats=["T-AVAIL-03"],
            weakness=["CWE-789", "CWE-130"],
        ),
        result(
            "ASC-005",
            "FAIL",
            title="A sub-item that lies about its length is never believed",
            kind="hang",
            reason="no answer in 35 s, and the connection is still open (case called AE title)",
            outcome="TIMEOUT",
            cases=varied,
            duration_s=35.2,
            evidence=[f"wire/ASC-005.{n}.pcapng" for n in range(4)] + ["device/ASC-005.0.log"],
        ),
        result(
            "PAR-002",
            "FAIL",
            title="A data set nested 20 000 deep does not end the device",
            kind="crash",
            reason=crash,
            severity="critical",
            outcome="CLOSED",
            requirements=["HOUSE/BOUNDED-DEPTH", "HOUSE/STAYS-IN-SERVICE"],
            weakness=["CWE-674"],
        ),
        result(
            "ASC-109",
            "FAIL",
            title="A peer's name does not forge a line in the log",
            kind="leak",
            reason=f"the log shows a line that the peer wrote: {hostile.SCRIPT}",
            severity="medium",
            requirements=["HOUSE/LOG-INTEGRITY"],
            weakness=["CWE-117"],
            role="requestor",
        ),
        result(
            "TLS-003",
            "FAIL",
            title="TLS 1.0 is never negotiated",
            kind="accepted",
            reason="a TLS 1.0 handshake completed and a C-ECHO was answered with status 0000H",
            severity="high",
            outcome="RESPONDED",
            requirements=["RFC8996/4"],
            weakness=["CWE-327"],
        ),
    ]


def _undecided() -> list[Row]:
    return [
        result(
            "CRT-004",
            "INCONCLUSIVE",
            title="An expired certificate is refused",
            requirements=["HOUSE/VALIDITY-TIME"],
            reason="the twin TLS-900 did not succeed (FAIL), so a refusal proves nothing",
            severity="high",
        ),
        result(
            "CRT-105",
            "ERROR",
            title="The device checks the name of the server that it calls",
            requirements=["HOUSE/SERVER-IDENTITY"],
            reason="oracle refuses raised KeyError: 'outcome'",
            role="requestor",
        ),
        result(
            "TLS-005",
            "WARN",
            title="TLS 1.3 is preferred to TLS 1.2",
            requirements=["PS3.15/B.12"],
            severity="low",
            reason="TLS 1.2 was chosen although both sides offer TLS 1.3",
        ),
        result(
            "AUT-002",
            "REVIEW",
            title="The reason given to an unknown caller tells it nothing",
            requirements=["HOUSE/AE-ALLOW-LIST"],
            reason="the A-ASSOCIATE-RJ names the reason; is that the manufacturer's intent?",
            severity="low",
        ),
        result(
            "STO-103",
            "NOT_APPLICABLE",
            title="A hostile UID in a C-GET answer names no file",
            requirements=["HOUSE/FILES-INSIDE"],
            reason="the device does not claim retrieve-scu",
            role="requestor",
        ),
        result(
            "AUT-003",
            "NOT_APPLICABLE",
            title="A known AE title from another host is refused",
            requirements=["HOUSE/HOST-BINDING"],
            reason="the device does not claim checks-calling-host",
            severity="medium",
        ),
    ]


def _passes() -> list[Row]:
    plain = [
        ("ASC-001", "PS3.8/9.2/AA-8", "A PDU of unknown type is answered by A-ABORT"),
        ("ASC-004", "PS3.8/9.3.1", "A PDU length that contradicts its items is refused"),
        ("ASC-011", "PS3.8/9.2/AA-1", "Data before the association are never processed"),
        ("ASC-017", "PS3.8/9.1.5", "After an abort the connection is closed within ARTIM"),
        ("ASC-900", "HOUSE/HONEST-SERVICE", "The device answers a C-ECHO"),
        ("DIM-001", "PS3.7/E.1", "A command without its required elements is refused"),
        (
            "DIM-004",
            "HOUSE/CONTEXT-CHECK",
            "A command for another SOP class than its context's is refused",
        ),
        ("DIM-006", "PS3.7/6.3.1", "Fragments that contradict their flags are refused"),
        (
            "PAR-001",
            "HOUSE/BOUNDED-MEMORY",
            "An element that declares 4 GiB makes the device allocate nothing",
        ),
        (
            "STO-001",
            "HOUSE/FILES-INSIDE",
            "A hostile SOP Instance UID names no file outside the storage folder",
        ),
        ("STO-900", "HOUSE/HONEST-SERVICE", "The device stores an image"),
        ("TLS-001", "HOUSE/TLS-ONLY-PORT", "The TLS port does not serve plain DICOM"),
        ("CRT-001", "HOUSE/MUTUAL-TLS", "A client without a certificate is refused"),
    ]
    rows = [
        result(
            name,
            "PASS",
            title=title,
            requirements=[rule],
            twin="" if name.endswith("900") else "ASC-900",
        )
        for name, rule, title in plain
    ]
    rows[1]["preferred"] = False
    return [
        *rows,
        result("ASC-950", "PASS", title="The device completes a C-ECHO", role="requestor", twin=""),
    ]


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


def _play(row: Mapping[str, JSON], case: Mapping[str, JSON]) -> Iterable[Seen]:
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
        {"outcome": case["outcome"], "after_s": 0.012, "detail": name, "source": 2, "reason": 6},
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
