"""The JSON scribe: the document of ``run.json``, canonical.

Sorted keys, no spaces, ASCII only, one line: equal runs give equal bytes, so that the file can be
signed and compared. The schema is ``docs/schema/run.schema.json``.
"""

from __future__ import annotations

import json

from harness.run import Run


def render(run: Run) -> bytes:
    """The run's document, in UTF-8 (in fact ASCII), ended by a line feed."""
    line = json.dumps(
        run.document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    return line.encode("ascii") + b"\n"
