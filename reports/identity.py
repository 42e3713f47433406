"""Names that stay the same: what lets another program know a result again in the next report.

Everything is a digest of what does not change from one run to the next, or, where a thing belongs
to one run, of that run. Nothing is random and nothing looks at a clock, so that the same run gives
the same octets.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping

from harness.model import JSON
from harness.run import Run
from reports.rows import mapped, text

_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:dicom-assay")


def digest(*words: str) -> str:
    """SHA-256 over the words, in hexadecimal; no two lists of words run together."""
    return hashlib.sha256(json.dumps(words).encode("ascii")).hexdigest()


def named_uuid(*words: str) -> str:
    """A name-based UUID (RFC 9562, version 5) of the words."""
    return str(uuid.uuid5(_OURS, digest(*words)))


def product_of(run: Run) -> tuple[str, str]:
    """Manufacturer and model: what a device stays from one version to the next."""
    device = mapped(run.document, "device")
    return text(device, "manufacturer"), text(device, "model")


def run_words(run: Run) -> tuple[str, ...]:
    """What tells this run from every other."""
    document = run.document
    device, tool = mapped(document, "device"), mapped(document, "tool")
    return (
        *product_of(run),
        *(text(device, key) for key in ("version", "profile")),
        text(tool, "catalogue"),
        *(text(document, key) for key in ("started", "seed")),
    )


def packed(document: Mapping[str, JSON]) -> bytes:
    """A document as JSON in ASCII, one line that ends in a line feed; keys stay in their order."""
    line = json.dumps(document, ensure_ascii=True, allow_nan=False)
    return line.encode("ascii") + b"\n"
