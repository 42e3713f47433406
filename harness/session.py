"""A session: selection, run folder, bench and engine of one run, put together for all fronts."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import platform
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from harness import deployments
from harness import run as runs
from harness.bench import Announce, open_bench
from harness.claims.answers import gathered
from harness.claims.answers import keep as keep_claims
from harness.engine import Engine
from harness.errors import HarnessError, ProfileError, RecordError
from harness.fuzzing import NOTHING_ASKED, Fuzzing
from harness.listener import Listener, Row
from harness.model import JSON, Scenario
from harness.profile import Profile
from harness.profile_access import masked
from harness.reviewing import answers
from harness.witness import RunFolder, new_folder

SMOKE_BUDGET_S = 20.0
"""A smoke run leaves out what may take longer than this by itself."""

_PACKAGES = ("pydicom", "pynetdicom", "cryptography", "tlslite-ng", "trustme", "pytest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which scenarios, and how.

    Attributes:
        select: Globs on scenario ids; empty for all.
        tags: Words that must be the family, role, severity or safety of a scenario.
        smoke: Only what is short.
        seed: Seeds every play.
        lanes: Most plays at a time; None lets the device's claims decide.
        out: The run folder; None for a fresh one below ``runs/``.
        resume: A run folder to continue.
        fuzzing: What is asked of scenarios that play mutants.
        stakes: What the results are measured by, kept at the head of the record: the ``scheme``
            (its id) and the ``waivers`` of a baseline.
    """

    select: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    smoke: bool = False
    seed: int = 0
    lanes: int | None = None
    out: Path | None = None
    resume: Path | None = None
    fuzzing: Fuzzing = NOTHING_ASKED
    stakes: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(slots=True)
class Session:
    """One run that is under way, or over."""

    folder: RunFolder
    engine: Engine
    selected: Sequence[Scenario]
    stored: Mapping[str, Row]
    _thread: threading.Thread | None = field(default=None)

    def start(self) -> None:
        """Begins to play in the background."""
        self._thread = threading.Thread(target=self.engine.run, name="engine", daemon=True)
        self._thread.start()

    def row(self, scenario_id: str) -> Row:
        """Waits for the result of one scenario.

        Raises:
            HarnessError: The run cannot go on (the device does not start, the disk is full ...).
            concurrent.futures.CancelledError: The run was cancelled before it was judged.
        """
        if scenario_id in self.stored:
            return self.stored[scenario_id]
        return self.engine.results[scenario_id].result()

    def cancel(self) -> None:
        """Ends the run early; what was judged stays."""
        self.engine.cancel()

    def end(self, *, complete: bool) -> None:
        """Waits for the end and closes the run folder; run.json is not written."""
        if self._thread is not None:
            self._thread.join()
        self.folder.note("finish", {"complete": complete})
        self.folder.close()

    def finish(self, *, complete: bool) -> runs.Run:
        """Waits for the end, closes the run folder and writes run.json."""
        self.end(complete=complete)
        run = runs.load(self.folder.path)
        runs.write_document(self.folder.path, run.document)
        return run


def choose(catalogue: Mapping[str, Scenario], choice: Choice) -> list[Scenario]:
    """The selected scenarios in the order of the catalogue.

    Raises:
        ProfileError: Nothing matches; the message names the pattern.
    """
    for pattern in choice.select:
        if not fnmatch.filter(catalogue, pattern.upper()):
            raise ProfileError(f"--select {pattern}: no scenario matches; see 'assay list'")
    chosen = [s for s in catalogue.values() if _wanted(s, choice)]
    if not chosen:
        raise ProfileError("nothing selected: widen --select, --tag or --smoke; see 'assay list'")
    return chosen


def open_session(
    profile: Profile,
    catalogue: Mapping[str, Scenario],
    selected: Sequence[Scenario],
    choice: Choice,
    listener: Listener,
    announce: Announce,
) -> Session:
    """Makes (or reopens) the run folder and the bench; nothing is started yet.

    Raises:
        HarnessError: Folder, profile or bench are not in order.
    """
    given = answers.of_profile(profile, catalogue)
    path = choice.resume or new_folder(choice.out, profile.device.model)
    stored: dict[str, Row] = {}
    seed = choice.seed
    head: Mapping[str, JSON] = {}
    if choice.resume is not None:
        stored, seed, head = _stored(choice.resume, profile)
        selected = [s for s in selected if s.id not in stored]
    folder = RunFolder(path)
    try:
        if choice.resume is None:
            head = head_of(profile, catalogue, selected, seed)
            folder.begin({**head, **choice.stakes})
            keep_profile(profile, path)
        else:
            folder.note("resume", {"left": [s.id for s in selected], **choice.stakes})
        brought = answers.brought(given, profile, selected, head, path)
        bench = open_bench(profile, path, seed, announce)
    except HarnessError:
        folder.close()
        raise
    engine = Engine(
        bench=bench,
        catalogue=catalogue,
        selected=selected,
        folder=folder,
        seed=seed,
        run_name=path.name,
        lanes=choice.lanes,
        listener=listener,
        fuzzing=choice.fuzzing,
        answers=brought,
    )
    return Session(folder=folder, engine=engine, selected=selected, stored=stored)


def catalogue_digest(catalogue: Mapping[str, Scenario]) -> str:
    """A digest of all declarations: two runs with the same digest were judged alike."""
    rows = [
        [
            s.id,
            s.title,
            s.twin,
            s.control,
            [o.name for o in s.oracles],
            list(s.verifies),
            *([s.question.ask] if s.question else []),
        ]
        for s in catalogue.values()
    ]
    return f"sha256:{hashlib.sha256(json.dumps(rows).encode()).hexdigest()}"


def _wanted(scenario: Scenario, choice: Choice) -> bool:
    if choice.select and not any(fnmatch.fnmatch(scenario.id, p.upper()) for p in choice.select):
        return False
    if choice.smoke and (scenario.budget_s > SMOKE_BUDGET_S or len(scenario.vary) > 4):
        return False
    words = {scenario.family, scenario.role, scenario.severity, scenario.safety}
    lowered = {str(word).lower() for word in words}
    return all(tag.lower() in lowered for tag in choice.tags)


def _stored(folder: Path, profile: Profile) -> tuple[dict[str, Row], int, Mapping[str, JSON]]:
    """Finished results of an interrupted run, its seed, and what its record begins with."""
    run = runs.load(folder)
    device = run.document["device"]
    if not isinstance(device, Mapping) or device.get("profile") != _profile_digest(profile):
        raise RecordError(f"{folder}: was made with another profile; resume with the same one")
    seed = run.document["seed"]
    stored = {str(row["id"]): row for row in run.results}
    return stored, seed if isinstance(seed, int) else 0, run.head


def head_of(
    profile: Profile, catalogue: Mapping[str, Scenario], selected: Sequence[Scenario], seed: int
) -> dict[str, JSON]:
    """What the record of a run begins with."""
    return {
        "tool": {
            "name": "dicom-assay",
            "version": _version("dicom-assay"),
            "catalogue": catalogue_digest(catalogue),
        },
        "seed": seed,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": {
            "manufacturer": profile.device.manufacturer,
            "model": profile.device.model,
            "version": profile.device.version,
            "claims": sorted(claim.value for claim in profile.claims()),
            "profile": _profile_digest(profile),
        },
        "deployment": _deployment(profile),
        "profile_file": profile.source,
        "scope": {
            **profile.scope.model_dump(mode="json"),
            "real_patients": profile.withholds_data_sets,
        },
        "environment": {
            "python": platform.python_version(),
            "platform": sys.platform,
            "packages": {name: _version(name) for name in _PACKAGES},
        },
        "selected": [s.id for s in selected],
        "claims": gathered(profile),
        "not_selected": _not_selected(catalogue, selected),
        **({"reviewers": answers.reviewers(profile)} if profile.reviews else {}),
        **({"assessment": profile.assessment.stated()} if profile.assessment else {}),
    }


def _not_selected(
    catalogue: Mapping[str, Scenario], selected: Sequence[Scenario]
) -> list[dict[str, JSON]]:
    """What the run leaves out, with what it would have decided: no level rests on a part."""
    chosen = {s.id for s in selected}
    return [
        {"id": s.id, "requirements": list(s.verifies)}
        for s in catalogue.values()
        if s.id not in chosen
    ]


def _deployment(profile: Profile) -> dict[str, JSON]:
    """Where the device is used, and who answers for it; empty where the profile says neither."""
    name, responsible = profile.device.deployment, profile.device.responsible
    if not name and responsible is None:
        return {}
    title = deployments.load()[name].title if name else ""
    return {"id": name, "title": title, "responsible": responsible or ""}


def keep_profile(profile: Profile, folder: Path) -> None:
    """Keeps a copy of the profile as the user wrote it, but for secrets, for whoever reads it."""
    source = Path(profile.source)
    if source.is_file():
        text = masked(source.read_text("utf-8"), profile.secrets.values())
        (folder / "device.toml").write_text(text, "utf-8")
    keep_claims(profile, folder)


def _profile_digest(profile: Profile) -> str:
    text = profile.model_dump_json(by_alias=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@cache
def _version(package: str) -> str:
    """Looked up once: a process that plays hundreds of runs would parse metadata all the time."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
