"""What may be published of a run, so that its verdicts can still be checked.

The record keeps its chain: a withheld line leaves its number and the digests of itself and of the
line before it, and its salt makes the digest say nothing about what it held. In clear stay the
lines that are made of our own words alone: what was to be played, each verdict, and the end.
Whoever has the whole record can show any line of it later, and everybody can check that it is the
one that was withheld.

Of ``run.json`` stays what comes from the catalogue or is a word of ours. That is a list of keys
which may stay: a text under any other key is replaced by a label, keyed by a secret that nobody
keeps, so that equal texts can be told in one bundle and in no other.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.errors import RecordError
from harness.model import JSON
from harness.record import GENESIS, canonical, digest_of
from harness.run import Run
from harness.witness import RUN

PUBLIC_KINDS = frozenset({"plan", "verdict", "finish"})
"""Kinds of lines of the run itself that name nothing of the device."""

REDACTED_FOLDER = Path("redacted")
"""What reports name as the run folder: its own name says which device it was."""

_KEPT = frozenset(
    {
        "schema", "started", "finished", "python", "platform", "packages", "catalogue",
        "not_finished", "not_selected",
        "id", "title", "family", "role", "verdict", "kind", "code", "outcome", "requirements",
        "threats", "severity", "control", "twin", "weakness", "references", "rationale",
        "remediation", "oracle", "status", "level", "confidence", "requirement", "weight", "state",
        "scenarios", "scenario", "needs", "gaps", "remedy", "source", "answer", "reached",
        "target", "note", "digest",
    }
)  # fmt: skip
"""Keys whose texts come from the catalogue or are words of ours, wherever they stand ..."""

_NOT_THERE = frozenset({"claims", "attestations", "waivers", "scope", "device", "assessment"})
"""... but under these only words out of small sets, since people wrote the rest."""

_WORDS_THERE = frozenset({"state", "source", "scenario", "verdict", "answer"})
_TOOL = frozenset({"name", "version", "catalogue"})
_PLAY = re.compile(r"((wire|device|fuzz|screens)/)?[A-Z]{2,4}-[0-9A-Z]+[0-9A-Za-z._-]{0,60}")
"""Evidence is named by scenario and play, in our words; what is named otherwise is withheld."""

_SHA256 = re.compile(r"(sha256:)?[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """What can be read of a redacted record whose chain holds.

    Attributes:
        lines: How many it has.
        withheld: How many of them are withheld.
        plan: What was to be played.
        verdicts: Scenario id -> the last verdict line.
        complete: It came to its end.
        digest: Of the last line, and so of the whole.
    """

    lines: int
    withheld: int
    plan: Mapping[str, JSON]
    verdicts: Mapping[str, Mapping[str, JSON]]
    complete: bool
    digest: str


def redacted_record(path: Path) -> bytes:
    """The record with every line withheld that is not public.

    Raises:
        RecordError: An older version made it: lines without salt have digests that give away
            what is guessed, and without a plan nothing could be checked.
    """
    out: list[str] = []
    planned = False
    for number, row in enumerate(path.read_bytes().rpartition(b"\n")[0].split(b"\n")):
        entry = json.loads(row)
        if "salt" not in entry:
            raise RecordError(
                f"{path}:{number + 1}: --redact needs a record with salts; play the run again"
            )
        if entry["play"] == RUN and entry["kind"] in PUBLIC_KINDS:
            out.append(canonical(entry))
            planned = planned or entry["kind"] == "plan"
        else:
            kept = {key: entry[key] for key in ("n", "prev", "sha256")}
            out.append(canonical({**kept, "redacted": True}))
    if not planned:
        raise RecordError(f"{path}: --redact needs a record of this version; play the run again")
    return "".join(f"{line}\n" for line in out).encode()


def read_public(raw: bytes) -> PublicRecord:
    """Reads a redacted record, and checks its chain of digests.

    Raises:
        RecordError: The chain is broken (the line is named), or it has no plan.
    """
    before, withheld, number = GENESIS, 0, 0
    plan: Mapping[str, JSON] = {}
    verdicts: dict[str, Mapping[str, JSON]] = {}
    complete = False
    for number, row in enumerate(raw.splitlines(), 1):
        entry = _line(row, number)
        digest = entry.pop("sha256", None)
        hidden = entry.get("redacted") is True and entry.keys() == {"n", "prev", "redacted"}
        linked = entry.get("n") == number - 1 and entry.get("prev") == before
        if not linked or not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            raise RecordError(f"record.jsonl:{number}: the hash chain is broken here")
        if not hidden and digest_of(entry) != digest:
            raise RecordError(f"record.jsonl:{number}: the hash chain is broken here")
        before, data = digest, entry.get("data")
        withheld += hidden
        if not hidden and isinstance(data, Mapping) and entry.get("play") == RUN:
            kind = entry.get("kind")
            plan = data if kind == "plan" and not plan else plan
            complete = data.get("complete") is True if kind == "finish" else complete
            if kind == "verdict":
                verdicts[str(data.get("id"))] = data
    if not plan:
        raise RecordError("record.jsonl: says in clear nothing about what was to be played")
    return PublicRecord(number, withheld, plan, verdicts, complete, before)


def is_redacted(raw: bytes) -> bool:
    """Tell whether a record has withheld lines: its first is the one that names the device."""
    return b'"redacted":true' in raw.partition(b"\n")[0]


def redacted_run(run: Run) -> Run:
    """The run as it may be published; reports are made from it like from any other."""
    label = _labeller(secrets.token_bytes(32))
    document = {key: _public(value, key, "", label) for key, value in run.document.items()}
    head = {key: _public(value, key, "", label) for key, value in run.head.items()}
    return replace(run, folder=REDACTED_FOLDER, document=document, head=head, plays={}, chosen={})


def _labeller(key: bytes) -> Callable[[str], str]:
    def label(text: str) -> str:
        digest = hmac.new(key, text.encode("utf-8", "backslashreplace"), hashlib.sha256).hexdigest()
        if found := _SHA256.fullmatch(text):
            return f"{found.group(1) or ''}{digest}"
        return f"withheld-{digest[:16]}" if text else ""

    return label


def _public(value: JSON, key: str, top: str, label: Callable[[str], str]) -> JSON:
    """The value with every text replaced that may not stay under its key."""
    if key == "attachments" and isinstance(value, list | tuple):
        return []
    if key == "evidence" and isinstance(value, str) and _PLAY.fullmatch(value):
        return value
    if isinstance(value, str):
        return value if _stays(key, top) else label(value)
    if isinstance(value, Mapping):
        below = top if top in _NOT_THERE or top == "tool" else key
        if key == "packages":
            return dict(value)
        return {name: _public(item, name, below, label) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_public(item, key, top, label) for item in _items(value)]
    return value


def _stays(key: str, top: str) -> bool:
    if top == "tool":
        return key in _TOOL
    if top == "device" and key == "claims":
        return True
    return key in (_WORDS_THERE if top in _NOT_THERE else _KEPT)


def _items(value: Sequence[JSON]) -> Iterator[JSON]:
    yield from value


def _line(row: bytes, number: int) -> dict[str, JSON]:
    try:
        entry = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"record.jsonl:{number}: not a record line") from error
    if not isinstance(entry, dict):
        raise RecordError(f"record.jsonl:{number}: not a record line")
    return entry
