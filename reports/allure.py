"""The allure scribe: a folder of allure's results in a zip, for ``allure generate``.

``assay report RUN --format allure --out FOLDER`` unpacks it. The order, the times and the names in
the archive are fixed, so that the same run gives the same octets.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from harness.model import JSON
from harness.run import Run
from harness.verdict import FailKind, InconclusiveReason
from reports.allure_files import Files
from reports.allure_result import result_of, unfinished
from reports.identity import named_uuid, packed, run_words
from reports.rows import mapped, mappings, rows_of, text, texts, waived_of
from reports.text import one_line

_WHEN = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can hold."""

_TITLE = "DICOM security evidence (pre-certification, not a certificate)"

_KINDS: Mapping[str, str] = {
    FailKind.CRASH: "The device crashed",
    FailKind.HANG: "The device stopped answering",
    FailKind.ACCEPTED: "The device accepted what it had to refuse",
    FailKind.WRONG_REASON: "The device reacted in another way than is permitted",
    FailKind.LEAK: "Data appeared where it must not",
    FailKind.LOSS: "Something acknowledged was lost or mixed up",
    FailKind.SLOW: "The device reacted too late",
    FailKind.RESOURCE: "Memory, files or slots grew beyond the bound",
    FailKind.ATTESTED: "A person attested that the requirement does not hold",
}


def render(run: Run) -> bytes:
    """The run as a zip of allure's result files."""
    began = _milliseconds(text(run.document, "started"))
    files, waived = Files(run), waived_of(run)
    results: list[dict[str, JSON]] = []
    for row in sorted(rows_of(run), key=lambda row: row.gravity):
        results.append(result_of(run, row, began, files.of(row), waived.get(row.id, "")))
    results += [unfinished(run, name, began) for name in texts(run.document, "not_finished")]
    entries = {f"{one['uuid']}-result.json": packed(one) for one in results}
    return _zipped({**dict(_about(run)), **entries, **files.kept})


def _about(run: Run) -> Iterator[tuple[str, bytes]]:
    categories = list(_categories())
    # Allure 2 reads the categories beside the results; Allure 3 only from its configuration.
    yield "categories.json", _packed_list(categories)
    yield "allurerc.json", packed({"name": _TITLE, "categories": [*categories]})
    lines = (f"{_property(key)} = {_property(value)}\n" for key, value in _environment(run))
    yield "environment.properties", "".join(lines).encode("ascii")
    started = one_line(text(run.document, "started"), 100)
    executor: dict[str, JSON] = {
        "name": "dicom-assay",
        "type": "dicom-assay",
        "buildName": f"{one_line(run.folder.name, 200)}, {started}",
        "reportName": _TITLE,
        "uuid": named_uuid("allure-run", *run_words(run)),
    }
    yield "executor.json", packed(executor)


def _packed_list(items: Sequence[Mapping[str, JSON]]) -> bytes:
    """A list of objects as JSON, as :func:`reports.identity.packed` writes one."""
    return b"[\n" + b",\n".join(packed(item).rstrip(b"\n") for item in items) + b"\n]\n"


def _categories() -> list[dict[str, JSON]]:
    """Results by the word before the colon of their message; JavaScript and Java read it alike."""
    named = [(kind, title, "failed") for kind, title in _KINDS.items()]
    codes = {code: code.lower().replace("_", " ") for code in InconclusiveReason}
    named += [(code, f"Inconclusive: {words}", "broken") for code, words in codes.items()]
    named += [
        ("ERROR", "Errors of the harness", "broken"),
        ("REVIEW", "A person has to look", "unknown"),
        ("NOT FINISHED", "The run ended before them", "unknown"),
        ("NOT_APPLICABLE", "Not claimed by the device", "skipped"),
    ]
    return [
        {"name": title, "messageRegex": rf"^{word}:[\s\S]*", "matchedStatuses": [status]}
        for word, title, status in named
    ]


def _environment(run: Run) -> Iterator[tuple[str, str]]:
    document = run.document
    device, tool = mapped(document, "device"), mapped(document, "tool")
    around, scheme = mapped(document, "environment"), mapped(document, "scheme")
    for key in ("manufacturer", "model", "version", "profile"):
        yield f"device.{key}", text(device, key)
    for key in ("version", "catalogue"):
        yield f"tool.{key}", text(tool, key)
    for key in ("seed", "started", "finished", "complete"):
        yield f"run.{key}", text(document, key)
    for key in ("python", "platform"):
        yield f"harness.{key}", text(around, key)
    if scheme:
        yield "scheme", text(scheme, "id")
        yield "scheme.level", text(scheme, "level") or "none"
    for state, count in sorted(_counted(document, "claims").items()):
        yield f"claims.{state}", str(count)
    for state, count in sorted(_counted(document, "waivers").items()):
        yield f"waivers.{state}", str(count)


def _counted(document: Mapping[str, JSON], key: str) -> Counter[str]:
    return Counter(text(item, "state") for item in mappings(document, key))


def _property(words: str) -> str:
    """A key or value of a Java properties file, in ASCII and on one line."""
    shown = one_line(words, 500) or "-"
    return "".join(_escaped(char) for char in shown)


def _escaped(char: str) -> str:
    if ord(char) >= 128:
        return "".join(f"\\u{unit:04x}" for unit in _units(char))
    return char if char.isalnum() or char in "._-+/" else f"\\{char}"


def _units(char: str) -> Iterator[int]:
    """The UTF-16 code units of a character."""
    data = char.encode("utf-16-be")
    for at in range(0, len(data), 2):
        yield int.from_bytes(data[at : at + 2], "big")


def _milliseconds(stamp: str) -> int:
    """A time of the record in milliseconds since 1970; 0 when it is none."""
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return 0
    return max(0, round(at.astimezone(UTC).timestamp() * 1000)) if at.tzinfo else 0


def _zipped(entries: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, _WHEN)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return archive.getvalue()
