"""The harness survives its own mutants: decoder, reassembler, buffer, capture, names, reports."""

from __future__ import annotations

import random
from pathlib import Path

from harness.capture import CaptureWriter
from harness.model import Claim
from harness.stage import Packet
from simulators import wire
from simulators.describe import described, parts_of
from simulators.fuzz.deck import Deck
from simulators.fuzz.exchanges import Titles, exchanges, stores
from simulators.fuzz.mutations import named_fields
from simulators.fuzz.script import Writer
from simulators.fuzz.tree import encode

TITLES = Titles("CALLED", "CALLING", "12345678")
EXCHANGES = (*exchanges(TITLES, set(Claim)), *stores(TITLES))
DECK, WRITER = Deck(EXCHANGES, "hostile"), Writer(EXCHANGES)
NUMBERS = range(0, 6000, 5)


def test_the_decoder_is_total_and_loses_no_octet() -> None:
    for number in NUMBERS:
        for turn in DECK.mutant(number).turns:
            raw = encode(turn.tree)
            pdu = wire.decode(raw)
            assert wire.encode(pdu) == raw
            assert described(pdu)
            assert sum(int(str(row[2])) for row in parts_of(pdu)) == len(raw)
            assert sum(size for _, _, size in named_fields(turn)) == len(raw)


def test_buffer_and_reassembler_take_any_stream_in_any_pieces() -> None:
    dice = random.Random(3)
    for number in NUMBERS:
        buffer, messages = wire.PduBuffer(limit=1 << 20), wire.Reassembler()
        stream = b"".join(segment.data for segment in WRITER.script(DECK.mutant(number)).segments)
        while stream:
            cut = dice.randrange(1, 400)
            buffer.feed(stream[:cut])
            stream = stream[cut:]
            while (pdu := buffer.next()) is not None:
                if isinstance(pdu, wire.PDataTF):
                    for message in messages.feed(pdu):
                        assert wire.encode_command(message.command) is not None


def test_the_capture_takes_every_mutant(tmp_path: Path) -> None:
    (tmp_path / "wire").mkdir()
    writer = CaptureWriter(tmp_path)
    sent = 0
    for number in range(300):
        for segment in WRITER.script(DECK.mutant(number)).segments:
            sent += len(segment.data)
            for ours in (True, False):
                packet = Packet(
                    at=float(number), connection=number, sent=ours, peer=("127.0.0.1", 104),
                    local=("127.0.0.1", 1024), data=segment.data,
                )  # fmt: skip
                writer.packet("FUZ-001", packet)
    (path,) = writer.finish("FUZ-001")
    assert (tmp_path / path).stat().st_size > sent
