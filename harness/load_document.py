"""``load.json``: what one load came to, in numbers and verdicts, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from harness.measurement import SCHEMA, Measurement
from harness.model import JSON
from harness.run import Run
from harness.writing import write_whole


class LoadDocument(Measurement):
    """One load: what was asked for, what was measured, what became of the objects, the verdicts."""

    schema_: Literal["dicom-assay/load/1"] = Field(
        alias="schema", description="Name and version of this format."
    )
    lost: int | None = Field(
        description="Acknowledged objects that were found nowhere; null when nobody looked."
    )
    duplicated: int | None = Field(
        description="Acknowledged objects that are there twice; null when nobody looked."
    )
    mixed_up: int | None = Field(
        description="Objects with the content or name of another; null when nobody looked."
    )
    run: str = Field(description="The run folder, with the evidence.")
    results: list[dict[str, object]] = Field(description="The verdicts, as in run.json.")


def load_document(measured: Measurement, run: Run) -> dict[str, JSON]:
    """The contents of load.json."""
    ledger = measured.ledger
    # A load that had nothing acknowledged has lost nothing, whether or not anybody looked.
    looked = ledger is not None and (ledger.looked_for > 0 or not ledger.acknowledged)
    stores = measured.operation in ("store", "stow", "mixed") and measured.count > 0
    unknown = None if stores else 0
    found = ledger if looked else None
    document = LoadDocument.model_validate(
        {
            **measured.model_dump(),
            "schema": SCHEMA,
            "lost": found.lost if found else unknown,
            "duplicated": found.duplicated if found else unknown,
            "mixed_up": found.mixed_up if found else unknown,
            "run": str(run.folder),
            "results": [dict(row) for row in run.results],
        }
    )
    dumped: dict[str, JSON] = document.model_dump(mode="json", by_alias=True)
    first: Sequence[str] = ("schema", "operation", "size_bytes")
    return {name: dumped[name] for name in (*first, *(n for n in dumped if n not in first))}


def write(document: dict[str, JSON], target: Path) -> None:
    """Writes load.json whole or not at all.

    Raises:
        RecordError: It cannot be written; the message names the file.
    """
    write_whole(target, (json.dumps(document, indent=1) + "\n").encode(), "--json")
