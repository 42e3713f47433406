"""Runs about which more is known than their results: level, claims, waivers, attestations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness.model import JSON
from harness.run import Run
from tests.reports import builder

PROFILE = """\
schema = 1

[device]
manufacturer = "Northwind Imaging"
model = "Aurora CT"

[acceptor]
host = "127.0.0.1"
port = 11112
ae_title = "AURORA"
services = ["verification", "storage"]

[tls]
profiles = ["b.13"]

[requestor]
services = ["storage"]
manual = true
"""

SCHEME: Mapping[str, JSON] = {
    "id": "dicom-baseline",
    "title": "Baseline",
    "status": "proposal",
    "digest": "",
    "level": "",
    "reached": False,
    "target": "baseline",
    "levels": [],
    "gaps": [
        {
            "requirement": "PS3.8/9.3.1",
            "level": "baseline",
            "state": "broken",
            "scenarios": ["ASC-003"],
            "reason": "A result failed.",
            "remedy": "Bound the length.",
        }
    ],
    "note": "A proposal of this project, approved by nobody.",
}

WAIVER: Mapping[str, JSON] = {
    "scenario": "ASC-003",
    "verdict": "FAIL",
    "reason": "resource",
    "why": "The next release bounds it.",
    "owner": "=cmd()",
    "expires": "2027-01-01",
    "state": "met",
}


def concluded(folder: Path) -> Run:
    """The sample run with a profile, and with one of everything that may follow from results."""
    sample = builder.sample(folder)
    (folder / "device.toml").write_text(PROFILE, "utf-8")
    claim: JSON = {
        "id": "acceptor.bounded-memory",
        "text": "Memory is bounded.",
        "source": "profile",
        "claimed": "yes",
        "observed": "512 MiB for one PDU",
        "state": "contradicted",
        "evidence": ["ASC-003"],
        "reason": "ASC-003 fails.",
    }
    attestation: JSON = {
        "scenario": "AUT-001",
        "question": "Does a lost password lock the account?",
        "answer": "yes",
        "by": "R. Moreau",
        "role": "clinical engineer",
        "organisation": "Northwind Clinic",
        "at": "2026-03-02T08:00:00+00:00",
        "note": "Tried three times.",
        "attachments": [],
        "signature": {"state": "unsigned", "keyid": ""},
    }
    return told(
        sample,
        scheme=dict(SCHEME),
        waivers=[dict(WAIVER), {**WAIVER, "scenario": "ASC-005", "state": "expired"}],
        claims=[claim],
        attestations=[attestation],
    )


def told(run: Run, **parts: JSON) -> Run:
    """The same run, with these parts of run.json in place of its own."""
    return replace(run, document={**run.document, **parts})


def hostile(run: Run, words: str) -> Run:
    """The same run, with hostile words wherever a person or a scheme has a say."""
    bad: dict[str, JSON] = dict.fromkeys(
        (*WAIVER, "id", "text", "claimed", "observed", "question", "answer", "by", "role", "note"),
        words,
    )
    scenario = str(run.results[0]["id"])
    gap: JSON = {**bad, "requirement": words, "scenarios": [words]}
    return told(
        run,
        scheme={**bad, "title": words, "level": words, "reached": False, "gaps": [gap]},
        waivers=[{**bad, "scenario": scenario, "state": "met"}],
        claims=[{**bad, "evidence": [words]}],
        attestations=[{**bad, "at": words, "organisation": words}],
    )
