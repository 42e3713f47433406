"""Secrets of a profile are in nothing that a run leaves, from its record to its bundle."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pypdfium2 as pdfium
import pytest

_ASSAY = [sys.executable, "-c", "from harness.cli import main; main()"]
PASSCODE = "Kanarienvogel-0451"
KEY_PASSWORD = "opensesame-canary"
OUTPUTS = "html,pdf,junit,sarif,markdown,csv,oscal,allure"


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of everything about users leaves, and its bundles."""
    folder = tmp_path_factory.mktemp("canaries")
    for one in files("simulators.devices").iterdir():
        if one.is_file() and not one.name.endswith(".py"):
            (folder / one.name).write_bytes(one.read_bytes())
    text = (folder / "reference.toml").read_text("utf-8")
    assert text.count("passcode-of-rita") == 2
    (folder / "device.toml").write_text(text.replace("passcode-of-rita", PASSCODE))
    assay(folder, "key", "k")
    assay(folder, "run", "device.toml", "--select", "AUT-008", "--select", "AUT-01[14]",
          "--out", "out")  # fmt: skip
    signed = ("--key", "k", "--reports", OUTPUTS)
    assay(folder, "bundle", "out", *signed)
    assay(folder, "bundle", "out", *signed, "--redact", "--out", "redacted.zip")
    return folder


def assay(folder: Path, *arguments: str) -> None:
    ended = subprocess.run(
        [*_ASSAY, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        env={"PATH": "/usr/bin:/bin", "ASSAY_KEY_PASSWORD": KEY_PASSWORD},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    for secret in (PASSCODE, KEY_PASSWORD):
        assert secret not in ended.stderr + ended.stdout


def contents(left: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and every file in a zip, unpacked; of a PDF its words as well."""
    for path in sorted(left.rglob("*")):
        output = path.relative_to(left).parts[0] in ("out", "out.zip", "redacted.zip")
        if path.is_file() and output:
            yield from unpacked(path.relative_to(left).as_posix(), path.read_bytes())


def unpacked(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, raw
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for inner in archive.namelist():
                yield from unpacked(f"{name}/{inner}", archive.read(inner))
    if name.endswith(".pdf"):
        pages = pdfium.PdfDocument(raw)
        words = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
        pages.close()
        yield f"{name} (text)", words.encode()


@pytest.mark.slow
def test_no_secret_is_anywhere(left: Path) -> None:
    source = (left / "device.toml").read_text("utf-8")
    token = source.split('token = "')[1].split('"')[0]
    private = (left / "k").read_bytes().splitlines()[1]
    forms = [private]
    for secret in (PASSCODE, KEY_PASSWORD, token):
        plain = secret.encode()
        forms += [plain, plain.hex().encode(), plain.hex().upper().encode()]
        forms += [base64.b64encode(plain).rstrip(b"=")]
    seen = dict(contents(left))
    assert {"out/record.jsonl", "out/device.toml", "out.zip/report.pdf (text)"} <= set(seen)
    assert any(name.startswith("out/wire/AUT-011") for name in seen)
    for name, content in seen.items():
        for form in forms:
            assert form not in content, f"a secret in {name}"
        assert b"PRIVATE KEY" not in content, name


@pytest.mark.slow
def test_the_secret_did_travel_and_was_masked(left: Path) -> None:
    """Or else nothing would have been there to be found."""
    masked = b"*" * len(PASSCODE)
    captures = [raw for name, raw in contents(left) if name.endswith(".pcapng")]
    assert any(masked in raw for raw in captures)
    assert b"[redacted]" in (left / "out" / "device.toml").read_bytes()


@pytest.mark.slow
def test_what_real_patients_sent_is_blanked_where_the_profile_says_so(
    tmp_path: Path, left: Path
) -> None:
    """Our own objects stand for those of patients: what the device sends back is not kept."""
    for one in left.iterdir():
        if one.is_file() and one.suffix != ".zip":
            (tmp_path / one.name).write_bytes(one.read_bytes())
    profile = tmp_path / "device.toml"
    text = (left / "device.toml").read_text("utf-8")
    profile.write_text(f"{text}\n[scope]\nreal_patients = true\n")
    assay(tmp_path, "run", "device.toml", "--select", "AUT-008", "--out", "out")
    name = b"SYNTHETIC^ASSAY".hex().encode()

    def told(folder: Path) -> int:
        lines = (folder / "out" / "record.jsonl").read_bytes().splitlines()
        return sum(b'"kind":"received"' in line and name in line for line in lines)

    assert told(left) > 0
    assert told(tmp_path) == 0
