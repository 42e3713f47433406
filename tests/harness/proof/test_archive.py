"""A bundle's zip: one form, every byte accounted for, and nothing dangerous in it."""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import BundleError, RecordError
from harness.proof import archive
from harness.proof.archive import Archive

CONTENT: dict[str, bytes | Path] = {
    "a.txt": b"one", "wire/b.bin": bytes(range(256)) * 9, "empty": b"",
}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "made.zip"
    archive.write(path, CONTENT)
    return path


def contents(path: Path) -> dict[str, bytes]:
    with Archive(path) as opened:
        return {name: opened.read(name) for name in opened.sizes}


def test_everybody_can_unpack_it(made: Path) -> None:
    with zipfile.ZipFile(made) as theirs:
        assert theirs.testzip() is None
        assert {name: theirs.read(name) for name in theirs.namelist()} == CONTENT
    assert contents(made) == CONTENT


def test_the_same_files_give_the_same_octets(made: Path, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"one")
    other = tmp_path / "other.zip"
    shuffled = dict(reversed(CONTENT.items())) | {"a.txt": tmp_path / "source"}
    archive.write(other, shuffled)
    assert other.read_bytes() == made.read_bytes()


def test_no_octet_can_change(made: Path, tmp_path: Path) -> None:
    raw, broken = made.read_bytes(), tmp_path / "broken.zip"
    for at in range(len(raw)):
        broken.write_bytes(raw[:at] + bytes([raw[at] ^ (1 << at % 8)]) + raw[at + 1 :])
        with pytest.raises(BundleError):
            contents(broken)


@given(data=st.data())
def test_no_end_is_missing_and_nothing_is_added(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    whole, broken = folder / "whole.zip", folder / "broken.zip"
    archive.write(whole, CONTENT)
    raw = whole.read_bytes()
    at = data.draw(st.integers(0, len(raw) - 1))
    more = data.draw(st.binary(min_size=1, max_size=40))
    for changed in (raw[:at], raw + more, more + raw, raw[:at] + more + raw[at:]):
        broken.write_bytes(changed)
        with pytest.raises(BundleError, match=r"^[^\n]+$"):
            contents(broken)


def sealed(raw: bytes) -> bytes:
    """As one would who knows how our zips end: with a digest that fits what stands before."""
    end = raw.rindex(b"PK\x05\x06")
    comment = f"sha256:{hashlib.sha256(raw[:end]).hexdigest()}".encode()
    return raw[: end + 20] + struct.pack("<H", len(comment)) + comment


def by_hand(path: Path, *entries: tuple[zipfile.ZipInfo, bytes]) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as theirs:
        for info, data in entries:
            theirs.writestr(info, data)
    path.write_bytes(sealed(buffer.getvalue()))
    return path


def info(name: str, mode: int = 0) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    found.create_system, found.external_attr = (3, mode << 16) if mode else (0, 0)
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


@pytest.mark.parametrize(
    "name",
    ["../out", "/etc/passwd", "a/../b", "C:/x", "a\\b", ".hidden", "a//b", "x/", "nul.txt", "a b",
     "é", "x" * 241, "a.", "\x1b[31m"],
)  # fmt: skip
def test_a_name_that_leads_out_or_cannot_be_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"no name for a file|changed"):
        contents(by_hand(tmp_path / "x.zip", (info(name), b"x")))
    with pytest.raises(BundleError, match="no name for a file"):
        archive.write(tmp_path / "y.zip", {name: b"x"})


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = (info("wire", stat.S_IFLNK | 0o777), b"/etc")
    with pytest.raises(BundleError, match="link or special file"):
        contents(by_hand(tmp_path / "x.zip", link))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["a.txt", "A.TXT"])
def test_two_files_of_one_name_are_refused(second: str, tmp_path: Path) -> None:
    twice = ((info("a.txt"), b"x"), (info(second), b"y"))
    with pytest.raises(BundleError, match="the same name twice"):
        contents(by_hand(tmp_path / "x.zip", *twice))


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = tmp_path / "x.zip"
    archive.write(bomb, {"a": b"\0" * 2**22})
    monkeypatch.setattr(archive, "MAX_OCTETS", 2**20)
    with pytest.raises(BundleError, match="more than a bundle of ours"):
        contents(bomb)
    monkeypatch.undo()
    raw = bomb.read_bytes()
    size, lied = struct.pack("<I", 2**22), struct.pack("<I", 2**29)
    bomb.write_bytes(sealed(raw.replace(size, lied)))
    with pytest.raises(BundleError, match="unpacks to more than can be packed"):
        contents(bomb)


def test_a_file_that_unpacks_to_more_than_it_says_is_refused(made: Path) -> None:
    raw = made.read_bytes()
    size = struct.pack("<I", 256 * 9)
    assert raw.count(size) == 2
    made.write_bytes(sealed(raw.replace(size, struct.pack("<I", 256 * 8))))
    with pytest.raises(BundleError, match="cannot be unpacked"):
        contents(made)


def test_nothing_hides_behind_a_packed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)

    class Hiding:
        def compress(self, data: bytes) -> bytes:
            return packer.compress(data)

        def flush(self) -> bytes:
            return packer.flush() + b"HIDDEN"

    hiding = tmp_path / "x.zip"
    with monkeypatch.context() as patch:
        patch.setattr(zlib, "compressobj", lambda *_: Hiding())
        archive.write(hiding, {"a.txt": b"x" * 100})
    with zipfile.ZipFile(hiding) as theirs:
        assert theirs.testzip() is None
    with pytest.raises(BundleError, match="cannot be unpacked"):
        contents(hiding)


def test_what_was_not_written_whole_is_not_there(tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    with pytest.raises(RecordError, match="cannot write the bundle"):
        archive.write(target, {"a": b"x", "b": tmp_path / "nowhere"})
    assert list(tmp_path.iterdir()) == []
