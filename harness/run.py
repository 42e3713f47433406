"""A run as a value: what reports are made from, and what ``run.json`` holds.

``Run`` is built from the record alone (:func:`load`), so a run that was killed can be reported,
resumed and judged again. Scribes read it and never meet the device.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness import profile as profiles
from harness import record
from harness.conclusions import concluded
from harness.errors import ProfileError, RecordError
from harness.load_rows import measurement_rows
from harness.model import JSON, Observation, Record
from harness.profile_access import masked
from harness.reviewing import reviews
from harness.reviewing.attestation import REVIEWER
from harness.tls_policy_report import policy_rows
from harness.verdict import Verdict
from harness.writing import write_whole

SCHEMA = "dicom-assay/run/1"

_SCHEME = ("scheme", "scheme_digest", "scheme_text")
_STAKES = (*_SCHEME, "waivers")
"""What a resumed run may be measured by anew."""

Result = Mapping[str, JSON]
"""One entry of ``results`` in run.json."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished, or interrupted, run.

    Attributes:
        folder: The run folder; evidence paths are relative to it.
        document: The whole of run.json.
        plays: Observations by play name, for the evidence in reports.
        chosen: Scenario id -> names of the plays that its cases were judged on, in case order.
        head: What the record begins with.
        chair: Whose chair a report is read from (a stakeholder's id); empty for everybody's.
        digest: SHA-256 of the record's last line, which the chain makes that of all of it.
    """

    folder: Path
    document: Mapping[str, JSON]
    plays: Mapping[str, Sequence[Observation]] = field(default_factory=dict)
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    head: Mapping[str, JSON] = field(default_factory=dict)
    chair: str = ""
    digest: str = ""

    @property
    def results(self) -> Sequence[Result]:
        """The results, in the order of the catalogue."""
        rows = self.document["results"]
        return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []

    def counts(self) -> dict[str, int]:
        """How many results there are of each verdict, worst first."""
        order = [verdict.name for verdict in sorted(Verdict, reverse=True)]
        seen = [row["verdict"] for row in self.results]
        return {name: seen.count(name) for name in order if name in seen}


def load(folder: Path) -> Run:
    """Reads a run folder; works for a run that was interrupted.

    Raises:
        RecordError: There is no run here, or its record is broken.
    """
    lines = record.read(folder / "record.jsonl")
    plays: dict[str, list[Observation]] = {}
    chosen: dict[str, list[str]] = {}
    rows: dict[str, Result] = {}
    judged: set[str] = set()
    head: Mapping[str, JSON] | None = None
    finished = ""
    for line in lines:
        seen = line.observation
        if line.play != "run":
            if line.play not in judged or seen.actor == REVIEWER:
                plays.setdefault(line.play, []).append(seen)
        elif seen.kind == "resume":
            # What was judged stands as it was; what had only begun is played anew.
            judged = {name for names in chosen.values() for name in names}
            plays = {name: list(seen) for name, seen in plays.items() if name in judged}
            head = {**(head or {}), **{k: v for k, v in seen.data.items() if k in _STAKES}}
        elif seen.kind == "begin":
            head = seen.data if head is None else head
        elif seen.kind == "result":
            row = seen.data["row"]
            if isinstance(row, Mapping):
                rows[str(row["id"])] = row
                named = seen.data["plays"]
                chosen[str(row["id"])] = [str(n) for n in named] if isinstance(named, list) else []
        elif seen.kind == "finish":
            finished = line.utc if seen.data.get("complete") else ""
    if head is None:
        raise RecordError(f"{folder}: the record has no beginning; is this a run folder?")
    policies = policy_rows(plays, chosen)
    measurements = measurement_rows(plays, chosen)
    results = reviews.settled(head, list(rows.values()), plays)
    document = document_of(head, results, finished, policies, measurements)
    whole = concluded(head, document, plays)
    return Run(
        folder=folder,
        document=whole,
        plays=plays,
        chosen=chosen,
        head=head,
        digest=lines[-1].digest,
    )


def with_results(run: Run, rows: Sequence[Result]) -> Run:
    """The same run with other results, and with what follows from them."""
    final = reviews.settled(run.head, rows, run.plays)
    document = {**run.document, "results": final, "summary": summary_of(final)}
    return replace(run, document=concluded(run.head, document, run.plays))


def judged_by(run: Run, stakes: Mapping[str, JSON]) -> Run:
    """The same run as measured by another scheme; its record stays as it is."""
    head = {key: value for key, value in run.head.items() if key not in _SCHEME}
    head.update(stakes)
    return replace(run, head=head, document=concluded(head, run.document, run.plays))


def document_of(
    head: Mapping[str, JSON],
    rows: Sequence[Result],
    finished: str,
    policies: Sequence[JSON] = (),
    measurements: Sequence[JSON] = (),
) -> dict[str, JSON]:
    """The contents of run.json: head, summary, results in catalogue order, TLS policies, loads."""
    ordered = sorted(rows, key=lambda row: str(row["id"]))
    planned = head.get("selected")
    judged = {str(row["id"]) for row in ordered}
    wanted = planned if isinstance(planned, list) else []
    missing: list[JSON] = [name for name in wanted if str(name) not in judged]
    return {
        "schema": SCHEMA,
        "tool": head["tool"],
        "seed": head["seed"],
        "started": head["started"],
        "finished": finished,
        "complete": bool(finished) and not missing,
        "not_finished": missing,
        "device": head["device"],
        "scope": head["scope"],
        "environment": head["environment"],
        "summary": summary_of(ordered),
        "results": list(ordered),
        "tls_policies": list(policies),
        "measurements": list(measurements),
    }


def summary_of(rows: Sequence[Result]) -> dict[str, JSON]:
    """How many results there are, and how many of each verdict."""
    verdicts: dict[str, JSON] = {}
    for verdict in Verdict:
        count = sum(1 for row in rows if row["verdict"] == verdict.name)
        if count:
            verdicts[verdict.name] = count
    return {"verdicts": verdicts, "results": len(rows)}


def write_document(folder: Path, document: Mapping[str, JSON]) -> Path:
    """Writes run.json whole or not at all."""
    return write_whole(folder / "run.json", (json.dumps(document, indent=1) + "\n").encode())


def profile_file(folder: Path) -> Path:
    """The profile that a run was made with: where it was then, or the copy if that has changed."""
    for line in record.read(folder / "record.jsonl"):
        if line.play == "run" and line.observation.kind == "begin":
            original = Path(str(line.observation.data.get("profile_file")))
            copy = folder / "device.toml"
            return original if _same_text(original, copy) else copy
    raise RecordError(f"{folder}: the record has no beginning; is this a run folder?")


def _same_text(original: Path, copy: Path) -> bool:
    """Tell whether a profile is still as it was when it was copied, without its secrets."""
    try:
        kept, found = copy.read_text("utf-8"), original.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if kept == found:
        return True
    try:
        return masked(found, profiles.parse(found, str(original)).secrets.values()) == kept
    except ProfileError:
        return False


def mutants_of(run: Run, scenario: str) -> int | None:
    """How many mutants a scenario of a run was asked to play; None for its own number."""
    for play in run.chosen.get(scenario, ()):
        for seen in run.plays.get(play, ()):
            if seen.kind == "campaign":
                asked = seen.data.get("asked")
                return asked if isinstance(asked, int) else None
    return None


def stored_record(run: Run, scenario: str, play: str) -> Record:
    """The record of one stored play, with case and facts of then, ready to be judged again."""
    seen = tuple(run.plays.get(play, ()))
    begin = next((one.data for one in seen if one.kind == "begin"), {})
    case, facts = (
        stored if isinstance(stored, Mapping) else {}
        for stored in (begin.get("case"), begin.get("facts"))
    )
    return Record(scenario=scenario, case=case, facts=facts, observations=seen)
