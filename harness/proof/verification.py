"""``assay verify`` on a run folder: does the record hold, and does everything follow from it?

Every check ends in one of three ways: it holds (True), it does not (False), or it could not be
made (None) and says why. None is no consolation: only what is True was found to hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness import registry
from harness import run as runs
from harness.errors import HarnessError
from harness.model import JSON
from harness.proof import published
from harness.proof.redaction import PublicRecord
from harness.run import Run
from harness.session import catalogue_digest

_MAX_DETAIL = 400
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)
_CORE = (
    "schema", "tool", "seed", "started", "finished", "complete", "not_finished", "device", "scope",
    "environment", "results",
)  # fmt: skip
"""What of run.json stands in the record as it is; the rest follows by rules that may be mended."""

_COMPARED = ("verdict", "kind", "code", "outcome", "preferred", "severity", "role")


@dataclass(frozen=True, slots=True)
class Check:
    """One check, and how it ended.

    Attributes:
        name: What was checked.
        ok: True, False, or None where it could not be checked.
        detail: One line: what was found, or why it could not be checked.
    """

    name: str
    ok: bool | None
    detail: str


@dataclass(slots=True)
class Checks:
    """The checks so far, in order."""

    rows: list[Check] = field(default_factory=list)

    def add(self, name: str, ok: bool | None, detail: str) -> bool:
        """Notes a check; tells whether it held. Texts of others are made printable."""
        clean = "".join(c if c.isprintable() else "?" for c in " ".join(detail.split()))
        self.rows.append(Check(name, ok, clean[:_MAX_DETAIL]))
        return ok is True

    def tried(self, name: str, attempt: Callable[[], str]) -> bool:
        """Makes a check that raises when it fails and returns its detail when it holds."""
        try:
            return self.add(name, True, attempt())
        except HarnessError as error:
            return self.add(name, False, str(error))

    @property
    def ok(self) -> bool:
        """Nothing failed."""
        return all(row.ok is not False for row in self.rows)

    def document(self) -> dict[str, JSON]:
        """The machine form: ``assay verify --json``."""
        rows: list[JSON] = [
            {"name": row.name, "ok": row.ok, "detail": row.detail} for row in self.rows
        ]
        return {"ok": self.ok, "checks": rows}


def verify_folder(folder: Path, checks: Checks, stored: bytes | None) -> Run | None:
    """Checks record, run.json, schema and catalogue; the run, if its record can be read.

    Args:
        folder: Where ``record.jsonl`` lies.
        checks: Takes what was found.
        stored: The octets of run.json; None if there is none.
    """
    try:
        run = runs.load(folder)
    except HarnessError as error:
        checks.add("record", False, str(error))
        return None
    except _MALFORMED as error:
        checks.add("record", False, f"its lines are not those of a run ({type(error).__name__})")
        return None
    ended = "" if run.document["complete"] else "; the run was interrupted"
    checks.add("record", True, f"the chain holds up to {run.digest[:16]}{ended}")
    _check_document(run, stored, checks)
    check_catalogue(run.document, checks)
    return run


def verify_public(public: PublicRecord, stored: bytes | None, checks: Checks) -> JSON:
    """Checks that the verdicts of a redacted run.json are those of the lines left in clear."""
    checks.add(
        "record", True,
        f"the chain of digests holds up to {public.digest[:16]}; {public.withheld} of "
        f"{public.lines} lines are withheld, and what they said was not checked",
    )  # fmt: skip
    document = parsed(stored, checks)
    if isinstance(document, Mapping):
        wrong = list(_unlike(public, document))
        said = f"{len(public.verdicts)} verdicts and their summary follow from the lines in clear"
        checks.add("run.json", not wrong, "; ".join(wrong[:5]) if wrong else said)
        attested = sorted(_attested(document) & public.verdicts.keys())
        if attested:
            checks.add("attestations", None, f"withheld; they settle {', '.join(attested[:20])}")
        check_schema(document, checks)
        check_catalogue(document, checks)
    return document


def check_evidence(run: Run, digest: Callable[[str], str | None], checks: Checks) -> None:
    """Compares evidence with the digests that the record has of it.

    Args:
        run: The run.
        digest: SHA-256 of a file by its path in the run folder, None if it is not there.
        checks: Takes what was found.
    """
    wanted = {
        str(seen.data.get("path")): seen.data.get("sha256")
        for plays in run.plays.values()
        for seen in plays
        if seen.kind == "evidence"
    }
    wrong, unknown = [], 0
    for path, kept in sorted(wanted.items()):
        found = digest(path)
        unknown += kept is None and found is not None
        if found is None:
            wrong.append(f"{path[:80]}: missing")
        elif kept is not None and found != kept:
            wrong.append(f"{path[:80]}: changed")
    if wrong:
        checks.add("evidence", False, "; ".join(wrong[:5]))
    elif unknown:
        checks.add("evidence", None, f"of {unknown} files the record kept no digest")
    elif not wanted:
        checks.add("evidence", None, "the record names no captures and no logs")
    else:
        checks.add("evidence", True, f"{len(wanted)} files are as the record says")


def file_digest(folder: Path) -> Callable[[str], str | None]:
    """Digests of files below a folder; paths that lead out of it are not there."""

    def digest(path: str) -> str | None:
        file = folder / path
        try:
            if not file.resolve().is_relative_to(folder.resolve()):
                return None
            with file.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except (OSError, ValueError):
            return None

    return digest


def parsed(raw: bytes | None, checks: Checks) -> JSON:
    """run.json as a value; notes why not, if it is none."""
    if raw is None:
        checks.add("run.json", None, "there is none; 'assay report RUN --format json' makes it")
        return None
    try:
        document: JSON = json.loads(raw)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, Mapping):
        checks.add("run.json", False, "is no JSON object")
        return None
    return document


def check_schema(document: JSON, checks: Checks) -> None:
    """Validates a run document by the published schema."""
    wrong = published.complaint(document)
    checks.add("schema", not wrong, wrong or "valid by run.schema.json")


def check_catalogue(document: Mapping[str, JSON], checks: Checks) -> None:
    """Compares the catalogue of then with the one that is installed."""
    tool = document.get("tool")
    then = tool.get("catalogue") if isinstance(tool, Mapping) else None
    same = then == catalogue_digest(registry.load())
    version = tool.get("version") if isinstance(tool, Mapping) else "?"
    other = f"made by another catalogue (version {version}); what its scenarios do was not checked"
    checks.add("catalogue", True if same else None, "the installed one" if same else other)


def _check_document(run: Run, stored: bytes | None, checks: Checks) -> None:
    document = parsed(stored, checks)
    if not isinstance(document, Mapping):
        return
    made: Mapping[str, JSON] = json.loads(json.dumps(run.document))
    changed = [key for key in made.keys() | document.keys() if made.get(key) != document.get(key)]
    core = sorted(set(changed) & set(_CORE))
    if core:
        rows = ", ".join(_other_rows(made, document)[:5])
        why = f" ({rows})" if rows else ""
        again = "; a run that was judged again differs from its record" if rows else ""
        checks.add("run.json", False, f"differs from the record in {', '.join(core)}{why}{again}")
    elif changed and made["tool"] != _installed(run):
        text = f"{', '.join(sorted(changed))} follow by other rules: made by another version"
        checks.add("run.json", None, text)
    else:
        same = "follows from the record"
        checks.add("run.json", not changed, f"differs in {sorted(changed)}" if changed else same)
    check_schema(document, checks)


def _installed(run: Run) -> Mapping[str, JSON]:
    tool = run.document["tool"]
    known = dict(tool) if isinstance(tool, Mapping) else {}
    return {**known, "catalogue": catalogue_digest(registry.load())}


def _other_rows(made: Mapping[str, JSON], document: Mapping[str, JSON]) -> list[str]:
    before, after = rows_of(made), rows_of(document)
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )


def rows_of(document: Mapping[str, JSON]) -> dict[str, Mapping[str, JSON]]:
    """The results of a run document by their ids; nothing about them is believed."""
    rows = document.get("results")
    listed: Sequence[JSON] = rows if isinstance(rows, list) else []
    return {str(row.get("id")): row for row in listed if isinstance(row, Mapping)}


def _attested(document: Mapping[str, JSON]) -> set[str]:
    given = document.get("attestations")
    listed = given if isinstance(given, list) else []
    return {str(one.get("scenario")) for one in listed if isinstance(one, Mapping)}


def _unlike(public: PublicRecord, document: Mapping[str, JSON]) -> Iterator[str]:
    """What a redacted run.json says otherwise than the lines in clear."""
    rows, attested = rows_of(document), _attested(document)
    for name in sorted(rows.keys() ^ public.verdicts.keys()):
        yield f"{name}: {'no verdict in the record' if name in rows else 'not in run.json'}"
    for name in sorted(rows.keys() & public.verdicts.keys()):
        said, kept = rows[name], public.verdicts[name]
        settled = kept.get("verdict") == "REVIEW" and name in attested
        keys = ("severity", "role") if settled else _COMPARED
        for key in keys:
            if said.get(key) != kept.get(key):
                yield f"{name}: {key} is {said.get(key)!r}, in the record {kept.get(key)!r}"
    planned = public.plan.get("selected")
    wanted: Sequence[JSON] = planned if isinstance(planned, list) else []
    missing = [one for one in wanted if one not in public.verdicts]
    if document.get("not_finished") != missing:
        yield "not_finished is not what was planned and not judged"
    if document.get("complete") is not (public.complete and not missing):
        yield "complete is not what the record says"
    for key in ("tool", "seed", "started"):
        if document.get(key) != public.plan.get(key):
            yield f"{key} is not that of the record"
    summary = document.get("summary")
    counted = summary.get("verdicts") if isinstance(summary, Mapping) else None
    verdicts = [str(row.get("verdict")) for row in rows.values()]
    if counted != {name: verdicts.count(name) for name in set(verdicts)}:
        yield "summary does not count the verdicts"
