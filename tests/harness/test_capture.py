"""The capture writer, read back by python-pcapng and, as interop tests, by tshark."""

from __future__ import annotations

import functools
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import trustme
from pcapng import FileScanner, blocks

from harness import capture
from harness.capture import CaptureWriter
from harness.errors import RecordError
from harness.stage import Packet
from simulators import wire

DEVICE, OURS = ("127.0.0.1", 40404), ("127.0.0.1", 50505)
LARGEST_FRAME = 64 * 1024


def packet(
    sent: bool, data: bytes = b"", event: str = "data", *, connection: int = 1, at: float = 1.7e9
) -> Packet:
    return Packet(
        at=at, connection=connection, sent=sent, peer=DEVICE, local=OURS, data=data, event=event
    )


def frames(path: Path) -> list[bytes]:
    with path.open("rb") as stream:
        return [
            block.packet_data
            for block in FileScanner(stream)
            if isinstance(block, blocks.EnhancedPacket)
        ]


def comments(path: Path) -> str:
    with path.open("rb") as stream:
        section = next(iter(FileScanner(stream)))
        return " ".join(section.options.get_all("opt_comment"))


def test_a_play_becomes_one_file_with_its_packets(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path)
    writer.packet("ASC-005.2", packet(True, event="open"))
    writer.packet("ASC-005.2", packet(True, b"request"))
    writer.packet("ASC-005.2", packet(False, b"answer", at=1.7e9 + 0.25))
    assert not (tmp_path / "wire").exists()
    assert writer.finish("ASC-005.2") == ["wire/ASC-005.2.pcapng"]
    path = tmp_path / "wire" / "ASC-005.2.pcapng"
    seen = frames(path)
    assert len(seen) == 5
    assert seen[3].endswith(b"request")
    assert seen[4].endswith(b"answer")
    with path.open("rb") as stream:
        times = [b.timestamp for b in FileScanner(stream) if isinstance(b, blocks.EnhancedPacket)]
    assert times[-1] == pytest.approx(1.7e9 + 0.25, abs=1e-6)
    assert "rebuilt" in comments(path)
    assert "-d tcp.port==40404,dicom" in comments(path)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_key_log_lies_beside_and_inside(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path)
    writer.packet("TLS-003", packet(True, event="open"))
    writer.keylog("TLS-003", "CLIENT_RANDOM aa bb\n")
    assert writer.finish("TLS-003") == ["wire/TLS-003.pcapng", "wire/TLS-003.keylog"]
    assert (tmp_path / "wire/TLS-003.keylog").read_text() == "CLIENT_RANDOM aa bb\n"
    raw = (tmp_path / "wire/TLS-003.pcapng").read_bytes()
    assert raw.index(b"CLIENT_RANDOM aa bb\n") < raw.index(b"\x06\x00\x00\x00\x50")
    assert len(frames(tmp_path / "wire/TLS-003.pcapng")) == 3
    assert 'get("tls.port"):add("40404", ' in comments(tmp_path / "wire/TLS-003.pcapng")


def test_a_play_with_nothing_to_show_leaves_nothing(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path)
    assert writer.finish("ASC-001") == []
    writer.close()
    assert list(tmp_path.iterdir()) == []


def test_finishing_twice_changes_nothing(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path)
    writer.packet("ASC-001", packet(True, b"x"))
    first = writer.finish("ASC-001")
    writer.packet("ASC-001", packet(True, b"late"))
    writer.keylog("ASC-001", "LATE")
    assert writer.finish("ASC-001") == first
    writer.close()
    assert len(frames(tmp_path / first[0])) == 1


def test_close_writes_what_was_never_finished(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path)
    writer.packet("ASC-001", packet(True, b"x"))
    writer.close()
    assert len(frames(tmp_path / "wire/ASC-001.pcapng")) == 1


@pytest.mark.parametrize(
    ("plays", "names"),
    [
        (["ASC-005.2/replay1"], ["ASC-005.2_replay1"]),
        (["../../etc/x"], ["_.._etc_x"]),
        (["a/b", "a_b", "A_B"], ["a_b", "a_b_", "A_B__"]),
        (["..", "\0"], ["play", "_"]),
        (["x" * 500], ["x" * 120]),
    ],
)
def test_file_names_are_safe_and_distinct(
    plays: Sequence[str], names: Sequence[str], tmp_path: Path
) -> None:
    writer = CaptureWriter(tmp_path)
    for play in plays:
        writer.packet(play, packet(True, b"x"))
    assert [writer.finish(play)[0] for play in plays] == [f"wire/{name}.pcapng" for name in names]


def test_what_exceeds_the_bound_is_cut_with_a_note(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path)
    for _ in range(9):
        writer.packet("ASC-014", packet(True, bytes(2**20)))
    writer.packet("ASC-014", packet(True, b"late"))
    writer.packet("ASC-014", packet(False, event="fin"))
    path = tmp_path / writer.finish("ASC-014")[0]
    seen = frames(path)
    assert sum(len(frame) - 40 for frame in seen) == capture.MAX_BYTES
    assert max(map(len, seen)) < LARGEST_FRAME
    assert f"Cut: {2**20 + 4} payload bytes" in comments(path)
    acknowledged = int.from_bytes(seen[-2][28:32], "big")
    assert acknowledged == 9 * 2**20 + 4


def test_single_bytes_do_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "MAX_PACKETS", 10)
    monkeypatch.setattr(capture, "MAX_KEYS", 10)
    writer = CaptureWriter(tmp_path)
    for _ in range(50):
        writer.packet("RES-002", packet(True, b"x"))
        writer.packet("RES-002", packet(True, event="rst", connection=2))
        writer.keylog("RES-002", "LINE")
    pcap, keys = writer.finish("RES-002")
    assert len(frames(tmp_path / pcap)) <= 20
    assert (tmp_path / keys).read_text().count("\n") == 10
    assert "Cut: 45 payload bytes after the first 5" in comments(tmp_path / pcap)


def test_many_threads_may_write(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path)

    def play(number: int) -> None:
        for _ in range(200):
            writer.packet(f"P-{number % 3}", packet(True, b"x", connection=number))

    threads = [threading.Thread(target=play, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [len(frames(tmp_path / writer.finish(f"P-{number}")[0])) for number in range(3)]
    assert found == [400, 400, 400]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "wire").write_text("in the way")
    writer = CaptureWriter(tmp_path)
    writer.packet("ASC-001", packet(True, b"x"))
    with pytest.raises(RecordError, match=r"ASC-001\.pcapng: cannot write the capture"):
        writer.finish("ASC-001")


def echo_exchange() -> list[tuple[bool, bytes]]:
    """An association with one C-ECHO: (sent by us, PDU)."""
    contexts = [wire.Context(1, wire.uids.VERIFICATION, (wire.uids.IMPLICIT_LE,))]
    request = wire.associate_rq("ANY-SCP", "ASSAY", contexts)
    pdus: list[tuple[bool, wire.PDU]] = [
        (True, request),
        (False, wire.associate_ac(request, {1: (0, wire.uids.IMPLICIT_LE)})),
        *((True, pdu) for pdu in wire.p_data(1, wire.c_echo_rq())),
        *((False, pdu) for pdu in wire.p_data(1, wire.c_echo_rsp())),
        (True, wire.ReleaseRQ()),
        (False, wire.ReleaseRP()),
    ]
    return [(sent, wire.encode(pdu)) for sent, pdu in pdus]


def written(writer: CaptureWriter, play: str, exchange: Sequence[tuple[bool, bytes]]) -> None:
    writer.packet(play, packet(True, event="open"))
    for sent, data in exchange:
        writer.packet(play, packet(sent, data))
    writer.packet(play, packet(True, event="fin"))
    writer.packet(play, packet(False, event="fin"))


def dissected(path: Path, *options: str) -> str:
    tshark = shutil.which("tshark")
    assert tshark is not None, "the interop lane needs tshark"
    checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    done = subprocess.run(
        [tshark, "-r", str(path), *checks, *options], capture_output=True, timeout=60, check=True
    )
    return done.stdout.decode()


@pytest.mark.interop
def test_tshark_dissects_dicom_without_being_told(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path)
    written(writer, "ASC-900", echo_exchange())
    path = tmp_path / writer.finish("ASC-900")[0]
    seen = dissected(path)
    for words in ("A-ASSOCIATE request", "C-ECHO-RQ", "C-ECHO-RSP", "A-RELEASE response"):
        assert words in seen
    bad = "_ws.malformed or tcp.analysis.flags or tcp.checksum_bad.expert or ip.checksum_bad.expert"
    assert dissected(path, "-Y", bad) == ""


@pytest.mark.interop
def test_tshark_follows_the_command_in_the_comment(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path)
    written(writer, "ASC-011", [(True, wire.encode(wire.ReleaseRQ()))])
    path = tmp_path / writer.finish("ASC-011")[0]
    options = comments(path).split("tshark -r FILE ")[1].split()
    assert "A-RELEASE request" not in dissected(path)
    assert "A-RELEASE request" in dissected(path, *options)


@pytest.mark.interop
def test_tshark_sees_a_cut_as_missing_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "MAX_BYTES", 1000)
    writer = CaptureWriter(tmp_path)
    written(writer, "ASC-014", [(True, bytes(5000))])
    path = tmp_path / writer.finish("ASC-014")[0]
    assert "lost_segment" not in dissected(path)
    assert dissected(path, "-Y", "tcp.analysis.lost_segment") != ""


@pytest.mark.interop
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tshark_decrypts_by_the_embedded_keys(version: ssl.TLSVersion, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    exchange = tls_exchange(echo_exchange(), version, keys)
    writer = CaptureWriter(tmp_path)
    for line in keys.read_text().splitlines():
        writer.keylog("TLS-900", line)
    written(writer, "TLS-900", exchange)
    path = tmp_path / writer.finish("TLS-900")[0]
    script = tmp_path / "dicom.lua"
    script.write_text(comments(path).split("FILE.lua is the line ")[1])
    options = ("-X", f"lua_script:{script}")
    assert "C-ECHO-RSP" in dissected(path, *options)
    assert dissected(path, *options, "-Y", "_ws.malformed") == ""
    assert "C-ECHO" not in dissected(stripped(path), *options)


def stripped(path: Path) -> Path:
    """The capture without its secrets, to prove that it was they that decrypted it."""
    bare = path.with_name("bare.pcapng")
    subprocess.run(["editcap", "--discard-all-secrets", str(path), str(bare)], check=True)
    return bare


def tls_exchange(
    exchange: Sequence[tuple[bool, bytes]], version: ssl.TLSVersion, keys: Path
) -> list[tuple[bool, bytes]]:
    """The same exchange inside TLS, without a socket."""
    authority = trustme.CA()
    ours = ssl.create_default_context()
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.configure_trust(ours)
    authority.issue_cert("localhost").configure_cert(theirs)
    ours.minimum_version = ours.maximum_version = version
    ours.keylog_filename = str(keys)
    to_us, to_them = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ours.wrap_bio(to_us, to_them, server_hostname="localhost")
    server = theirs.wrap_bio(to_them, to_us, server_side=True)
    crossed: list[tuple[bool, bytes]] = []

    def step(sent: bool, act: Callable[[], object]) -> bool:
        """Acts; what it wrote is noted on its way to the other side. True when it is done."""
        out = to_them if sent else to_us
        done = True
        try:
            act()
        except ssl.SSLWantReadError:
            done = False
        if data := out.read():
            crossed.append((sent, data))
            out.write(data)
        return done

    ready = [False, False]
    while not all(ready):
        ready = [step(True, client.do_handshake), step(False, server.do_handshake)]
    for sent, data in exchange:
        sender, receiver = (client, server) if sent else (server, client)
        step(sent, functools.partial(sender.write, data))
        assert receiver.read(len(data)) == data
    return crossed
