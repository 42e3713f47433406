"""Rows of the sample run, as ``run.json`` holds them."""

from __future__ import annotations

from harness.model import JSON
from tests.reports import hostile

Row = dict[str, JSON]

VERDICTS = ("NOT_APPLICABLE", "PASS", "WARN", "REVIEW", "INCONCLUSIVE", "FAIL", "ERROR")


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
