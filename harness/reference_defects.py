"""The reference defects: what has to be found, by a list that the scenarios did not choose.

A calibration proves each scenario by the flaw that its author gave it. This list was fixed before,
and names besides what has to go on working while a defect is on: whoever finds a defect because
the device is broken altogether has found nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from harness import calibration, markup, topics, traceability
from harness.calibration import Job, Outcome
from harness.errors import CatalogueError
from harness.model import JSON, Scenario

SCHEMA = "dicom-assay/reference-defects/1"
PAGE = "docs/flaws.md"
_SOURCE = "reference_defects.toml"


class Peculiarity(topics.Entry):
    """What the device then does, and what must succeed all the same.

    Attributes:
        works: Ids of scenarios that have to PASS with it.
    """

    id: str = Field(pattern=r"^(MO|FO)-\d+$")
    title: str = Field(min_length=1)
    works: tuple[str, ...] = Field(min_length=1)

    @property
    def device(self) -> str:
        """The device of calibration that has it."""
        return f"twin:{self.id}"

    @property
    def wanted(self) -> Mapping[str, str]:
        """The verdict of each of its scenarios."""
        return dict.fromkeys(self.works, "PASS")


class Defect(Peculiarity):
    """One seeded defect.

    Attributes:
        flaws: The flaws of the reference device that it is, on together.
        expected: Ids of scenarios that have to FAIL.
        observed: By what it is seen.
        still: What goes on working.
    """

    flaws: tuple[str, ...] = Field(min_length=1)
    expected: tuple[str, ...] = Field(min_length=1)
    observed: str = Field(min_length=1)
    still: str = Field(min_length=1)

    @property
    def device(self) -> str:
        """The device of calibration that has it."""
        return f"flaw:{'+'.join(self.flaws)}"

    @property
    def wanted(self) -> Mapping[str, str]:
        """The verdict of each of its scenarios."""
        return {**dict.fromkeys(self.expected, "FAIL"), **super().wanted}


def defects() -> Sequence[Defect]:
    """All defects, in the order of the file.

    Raises:
        CatalogueError: An entry is malformed.
    """
    return topics.rows(_SOURCE, "defect", Defect)


def benign() -> Sequence[Peculiarity]:
    """What is unusual and legitimate.

    Raises:
        CatalogueError: An entry is malformed.
    """
    return topics.rows(_SOURCE, "benign", Peculiarity)


def plan(catalogue: Mapping[str, Scenario], seeds: Iterable[int]) -> list[Job]:
    """What has to be played: every defect and every benign peculiarity, with every seed.

    Raises:
        CatalogueError: An entry names a scenario that there is not.
    """
    jobs: list[Job] = []
    seeds = tuple(seeds)
    for one in (*defects(), *benign()):
        strange = sorted(set(one.wanted) - set(catalogue))
        if strange:
            raise CatalogueError(f"{_SOURCE}: {one.id} names {', '.join(strange)}: no scenario")
        split = [Job(device=one.device, seed=seed, scenarios=tuple(one.wanted)) for seed in seeds]
        jobs += calibration.at_home(catalogue, split)
    return jobs


def summarise(outcomes: Iterable[Outcome], seeds: Sequence[int]) -> dict[str, JSON]:
    """The document of ``assay calibrate --reference-defects --json``."""
    done = list(outcomes)
    rows: dict[str, JSON] = {}
    for one in (*defects(), *benign()):
        wrong = [line for outcome in done for line in _wrong(one, outcome)]
        rows[one.id] = {"device": one.device, "sound": not wrong, "wrong": [*wrong]}
    return {
        "schema": SCHEMA,
        "seeds": list(seeds),
        "rows": rows,
        "timing": calibration.timing(done),
    }


def _wrong(one: Peculiarity, outcome: Outcome) -> list[str]:
    if outcome.job.device != one.device:
        return []
    if outcome.error:
        return [f"seed {outcome.job.seed}: {outcome.error}"]
    return [
        f"{name}, seed {outcome.job.seed}: {verdict}, not {one.wanted[name]}: "
        f"{outcome.reasons.get(name, 'no reason')}"
        for name, verdict in outcome.verdicts.items()
        if verdict.split(" ")[0] != one.wanted[name]
    ]


def page() -> str:
    """Markdown: every defect with what finds it, and what works all the same."""
    return markup.page(
        [
            "# Reference defects",
            traceability.NOTICE,
            "A list that was fixed before the scenarios, so that what they find was not chosen by "
            "them. With a defect on, the scenarios of *Found by* have to FAIL and those of *Still "
            "works* have to PASS: a device that is broken altogether proves nothing. "
            "`assay calibrate --reference-defects` plays them all, with three seeds; "
            "`assay simulate reference flaws` says what each flaw is.",
            markup.table(
                ("Id", "Defect", "Flaw", "Found by", "Seen by", "Still works"),
                [
                    (
                        one.id,
                        one.title,
                        ", ".join(f"`{flaw}`" for flaw in one.flaws),
                        _links(one.expected),
                        one.observed,
                        f"{one.still} {_links(one.works)}",
                    )
                    for one in defects()
                ],
            ),
            "## Benign peculiarities",
            "Unusual and legitimate: nothing may call them a failure.",
            markup.table(
                ("Id", "Peculiarity", "Has to pass"),
                [(one.id, one.title, _links(one.works)) for one in benign()],
            ),
        ]
    )


def _links(names: Iterable[str]) -> str:
    return ", ".join(markup.link(name, "catalogue.md") for name in names)
