"""Evidence in allure's results: steps, hex dumps and captures, when allure is in use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.hexdump import hexdump
from harness.listener import Row
from harness.model import JSON, Observation

_TYPES = {
    ".pcapng": "application/vnd.tcpdump.pcap",
    ".log": "text/plain",
    ".keylog": "text/plain",
    ".png": "image/png",
}
_MAX_ATTACHMENT = 4 * 2**20


def attach_evidence(
    config: pytest.Config, row: Row, folder: Path, stimuli: Sequence[Observation]
) -> None:
    """Writes steps and attachments of one result, if ``--alluredir`` is given."""
    if not getattr(config.option, "allure_report_dir", None):
        return
    import allure  # imported late: it is of no use, and not free, without --alluredir

    allure.dynamic.title(f"{row['id']} {row['title']}")
    allure.dynamic.description(f"{row['rationale']}\n\nMend: {row['remediation']}")
    allure.dynamic.severity(severity_label(str(row["severity"])))
    for key in ("family", "role"):
        allure.dynamic.label(key, str(row[key]))
    for requirement in _texts(row["requirements"]):
        allure.dynamic.tag(requirement)
    for finding in _rows(row["findings"]):
        with allure.step(f"{finding['oracle']}: {finding['verdict']}, {finding['reason']}"):
            pass
    for relative in _texts(row["evidence"]):
        path = folder / relative
        if path.is_file() and path.stat().st_size <= _MAX_ATTACHMENT:
            kind = _TYPES.get(path.suffix, "application/octet-stream")
            allure.attach.file(
                str(path), name=path.name, attachment_type=kind, extension=path.suffix[1:]
            )
    for seen in stimuli:
        name = f"sent: {seen.data.get('what')}"
        allure.attach(hexdump(seen.data), name=name, attachment_type="text/plain", extension="txt")


def severity_label(severity: str) -> str:
    """Our severity in allure's words."""
    known = {"critical": "blocker", "high": "critical", "medium": "normal", "low": "minor"}
    return known.get(severity, "trivial")


def _texts(value: JSON) -> Sequence[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _rows(value: JSON) -> Sequence[dict[str, JSON]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
