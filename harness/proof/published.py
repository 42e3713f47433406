"""The published schemas, as they are installed: what others validate against, we validate against.

They are written below ``docs/schema``, for people; a wheel carries them beside this package.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from harness.errors import HarnessError
from harness.model import JSON


def complaint(document: JSON, name: str = "run.schema.json") -> str:
    """What a schema has against a document, in one line; empty if nothing."""
    error = best_match(_validator(name).iter_errors(document))
    if error is None:
        return ""
    where = "/".join(str(part) for part in error.absolute_path) or "the document"
    return f"{where[:120]}: {' '.join(error.message.split())[:200]}"


@cache
def _validator(name: str) -> Draft202012Validator:
    schema: dict[str, Any] = json.loads(_text(name))
    return Draft202012Validator(schema)


def _text(name: str) -> str:
    installed = files("harness") / "schema" / name
    if installed.is_file():
        return installed.read_text("utf-8")
    checkout = Path(__file__).resolve().parents[2] / "docs" / "schema" / name
    try:
        return checkout.read_text("utf-8")
    except OSError as error:
        raise HarnessError(f"{name}: not installed; install dicom-assay again") from error
