"""The record: chained, redacted, bounded, and never worse than one torn line."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import record
from harness.errors import RecordError
from harness.model import JSON
from harness.record import RecordWriter, redacted
from tests.harness.fakes import seen

_KEY = "-----BEGIN PRIVATE KEY-----\nMIIE\nAAAA\n-----END PRIVATE KEY-----"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record with five lines."""
    path = tmp_path / "record.jsonl"
    writer = RecordWriter(path)
    for number in range(5):
        writer.append("ASC-001", seen("note", number=number))
    writer.close()
    return path


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def _numbers(path: Path) -> list[object]:
    return [line.observation.data.get("number") for line in record.read(path)]


class TestChain:
    """Each line names the digest of the one before it."""

    def test_it_is_read_back_as_written(self, path: Path) -> None:
        assert _numbers(path) == [0, 1, 2, 3, 4]
        assert {line.play for line in record.read(path)} == {"ASC-001"}
        rows = [json.loads(line) for line in _lines(path)]
        assert rows[0]["prev"] == record.GENESIS
        assert [row["prev"] for row in rows[1:]] == [row["sha256"] for row in rows[:-1]]

    @pytest.mark.parametrize(
        "field", ["n", "utc", "play", "at_s", "actor", "kind", "data", "prev", "sha256"]
    )
    def test_a_change_is_found_and_named(self, path: Path, field: str) -> None:
        lines = _lines(path)
        row = json.loads(lines[2])
        row[field] = {"number": 99} if field == "data" else 99
        lines[2] = json.dumps(row).encode() + b"\n"
        path.write_bytes(b"".join(lines))
        with pytest.raises(RecordError, match=r"record\.jsonl:3: the hash chain is broken here"):
            record.read(path)

    @pytest.mark.parametrize("number", range(4))
    def test_a_dropped_line_is_found(self, path: Path, number: int) -> None:
        lines = _lines(path)
        del lines[number]
        path.write_bytes(b"".join(lines))
        with pytest.raises(RecordError, match=rf":{number + 1}: the hash chain is broken here"):
            record.read(path)

    def test_exchanged_lines_are_found(self, path: Path) -> None:
        lines = _lines(path)
        lines[1], lines[2] = lines[2], lines[1]
        path.write_bytes(b"".join(lines))
        with pytest.raises(RecordError, match=":2: the hash chain is broken here"):
            record.read(path)

    def test_a_repeated_line_is_found(self, path: Path) -> None:
        lines = _lines(path)
        path.write_bytes(b"".join([*lines, lines[-1]]))
        with pytest.raises(RecordError, match=":6: the hash chain is broken here"):
            record.read(path)

    @pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b"{}", b"7", b"\xff\xfe", b"null"])
    def test_rubbish_is_no_line(self, path: Path, rubbish: bytes) -> None:
        path.write_bytes(_lines(path)[0] + rubbish + b"\n")
        with pytest.raises(RecordError, match=r":2: not a record line"):
            record.read(path)

    def test_a_broken_record_is_not_continued(self, path: Path) -> None:
        path.write_bytes(b"".join(_lines(path)[1:]))
        with pytest.raises(RecordError, match=":1: the hash chain is broken here"):
            RecordWriter(path)


class TestInterruption:
    """``kill -9`` costs at most the line that was being written."""

    @pytest.mark.parametrize("kept", [1, 40, -2, -1])
    def test_a_torn_last_line_is_left_out(self, path: Path, kept: int) -> None:
        lines = _lines(path)
        path.write_bytes(b"".join(lines[:-1]) + lines[-1][:kept])
        assert _numbers(path) == [0, 1, 2, 3]

    def test_a_reopened_record_cuts_it_and_goes_on(self, path: Path) -> None:
        path.write_bytes(path.read_bytes()[:-7])
        writer = RecordWriter(path)
        writer.append("ASC-001", seen("note", number="new"))
        writer.close()
        assert _numbers(path) == [0, 1, 2, 3, "new"]

    def test_one_of_which_nothing_is_whole_begins_anew(self, path: Path) -> None:
        path.write_bytes(_lines(path)[0][:20])
        assert record.read(path) == []
        writer = RecordWriter(path)
        writer.append("ASC-001", seen("note", number="new"))
        writer.close()
        assert _numbers(path) == ["new"]

    def test_every_line_is_on_its_way_at_once(self, tmp_path: Path) -> None:
        writer = RecordWriter(tmp_path / "record.jsonl")
        writer.append("ASC-001", seen("note", number=1))
        assert _numbers(tmp_path / "record.jsonl") == [1]
        writer.close()

    def test_nothing_follows_a_line_that_could_not_be_written(self, path: Path) -> None:
        writer = RecordWriter(path)
        full = _FullDisk()
        writer._file.close()
        writer._file = full
        with pytest.raises(RecordError, match="No space left on device"):
            writer.append("ASC-001", seen("note"))
        with pytest.raises(RecordError, match="cannot write the record"):
            writer.append("ASC-001", seen("note"))
        assert full.tries == 1


class _FullDisk(io.StringIO):
    tries = 0

    def write(self, text: str) -> int:
        if self.closed:
            raise ValueError("I/O operation on closed file")
        self.tries += 1
        raise OSError(28, "No space left on device")


def test_many_writers_make_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    writer = RecordWriter(path)

    def write(name: str) -> None:
        for number in range(50):
            writer.append(name, seen("note", number=number))

    threads = [threading.Thread(target=write, args=(f"play{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    lines = record.read(path)
    assert len(lines) == 400
    for name in {line.play for line in lines}:
        numbers = [line.observation.data["number"] for line in lines if line.play == name]
        assert numbers == list(range(50))


class TestRedaction:
    """Secrets never reach the disk, and no string is without bound."""

    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            ({"password": "s3cret"}, {"password": "[redacted]"}),
            ({"a": [{"Passcode": "x"}]}, {"a": [{"Passcode": "[redacted]"}]}),
            ({"AUTHORIZATION": "Bearer x"}, {"AUTHORIZATION": "[redacted]"}),
            ({"client_secret": "x", "n": 1}, {"client_secret": "[redacted]", "n": 1}),
            ({"passwords": ["x", "y"]}, {"passwords": ["[redacted]", "[redacted]"]}),
            ({"secret": {"value": "x"}}, {"secret": {"value": "[redacted]"}}),
            ({"password": None}, {"password": None}),
            ({"text": f"before {_KEY} after"}, {"text": "before [redacted private key] after"}),
            ({"text": _KEY[:40]}, {"text": "[redacted private key]"}),
            ({"text": _KEY.replace("PRIVATE", "RSA PRIVATE")}, {"text": "[redacted private key]"}),
            (
                {"text": "-----BEGIN CERTIFICATE-----\nMIID"},
                {"text": "-----BEGIN CERTIFICATE-----\nMIID"},
            ),
            ({"head": "70617373"}, {"head": "70617373"}),
        ],
    )
    def test_of(self, value: JSON, kept: JSON) -> None:
        assert redacted(value) == kept

    def test_long_text_is_cut(self) -> None:
        cut = redacted({"text": "x" * 100_000})
        assert isinstance(cut, dict)
        assert len(str(cut["text"])) < 17_000
        assert str(cut["text"]).endswith("...[cut]")

    def test_it_happens_before_writing(self, tmp_path: Path) -> None:
        writer = RecordWriter(tmp_path / "record.jsonl")
        writer.append("ASC-001", seen("trigger", password="hunter2", output=_KEY))
        writer.close()
        text = (tmp_path / "record.jsonl").read_text()
        assert "hunter2" not in text
        assert "MIIE" not in text


_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_TEXT, _JSON, max_size=4))
def test_whatever_is_witnessed_comes_back(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, JSON]
) -> None:
    path = tmp_path_factory.mktemp("record") / "record.jsonl"
    writer = RecordWriter(path)
    writer.append("ASC-001", seen("note", **{"data": data}))
    writer.close()
    (line,) = record.read(path)
    assert line.observation.data["data"] == redacted(data)


class TestTrouble:
    """Files that are not there, or not ours."""

    def test_no_record(self, tmp_path: Path) -> None:
        with pytest.raises(RecordError, match="no record here; is this a run folder"):
            record.read(tmp_path / "record.jsonl")

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(RecordError, match="cannot write the record: No such file"):
            RecordWriter(tmp_path / "nowhere" / "record.jsonl")

    def test_a_folder_in_its_place(self, tmp_path: Path) -> None:
        with pytest.raises(RecordError, match="cannot read the record: Is a directory"):
            RecordWriter(tmp_path)
