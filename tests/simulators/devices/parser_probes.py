"""One probe per flaw of the parser: what is answered for an object, and what is kept of it."""

from simulators import wire
from simulators.wire import uids
from tests.simulators.devices.keeping import files
from tests.simulators.devices.peer import UID, associated, dataset
from tests.simulators.devices.probes import Expectation, Probe
from tests.simulators.devices.query_probes import asked_for
from tests.simulators.devices.running import Running

PIXELS = wire.Element(tag=0x7FE00010, vr="OW", value=bytes(64))
ITEM_END = b"\xfe\xff\x0d\xe0\0\0\0\0"
DECOY = wire.Element(tag=0x00100020, vr="LO", value="DECOY")


def honest(number: int, *more: wire.Element, syntax: str = "explicit") -> bytes:
    return dataset(f"{UID}.{number}", more=more, syntax=syntax)


def encoded(*elements: wire.Element) -> bytes:
    return wire.encode_dataset(elements, "explicit")


def before(data: bytes, tag: bytes, *elements: wire.Element) -> bytes:
    """Put elements in front of the first one with that tag."""
    at = data.index(tag)
    return data[:at] + encoded(*elements) + data[at:]


def kept(data: bytes, number: int) -> Probe:
    """Store an object; say what was answered, and whether its octets were kept."""

    def probe(it: Running) -> str:
        with associated(it.port) as peer:
            heard = peer.store(data, f"{UID}.{number}")
        there = [path for path in files(it) if path.stem == f"{UID}.{number}"]
        if not there:
            return f"{heard}, nothing kept"
        return f"{heard}, {'as sent' if there[0].read_bytes().endswith(data) else 'otherwise'}"

    return probe


def shows_decoy(data: bytes, number: int) -> Probe:
    """Store an object; say whether a query for the decoy finds it."""

    def probe(it: Running) -> str:
        with associated(it.port) as peer:
            peer.store(data, f"{UID}.{number}")
        return asked_for(it, patient="DECOY")

    return probe


def many_items(it: Running) -> str:
    """Say whether an object of 50 000 items is answered in seconds."""
    items = (wire.DataItem(elements=()),) * 50_000
    data = honest(90, wire.Element(tag=0x0040A730, vr="SQ", value=items))
    with associated(it.port) as peer:
        peer.send(*wire.p_data(3, wire.c_store_rq(uids.CT_IMAGE_STORAGE, f"{UID}.90"), data))
        return peer.hear(4.0)


REFUSED, CLOSED = "RESPONDED C000, nothing kept", "CLOSED, nothing kept"
WHOLE, CHANGED = "RESPONDED 0000, as sent", "RESPONDED 0000, otherwise"
FOUND, NOT_FOUND = "some then RESPONDED 0000", "none then RESPONDED 0000"

PRIVATE = (
    wire.Element(tag=0x00290010, vr="LO", value="ASSAY"),
    wire.Element(tag=0x00291001, vr="UN", value=b"\1\2\3\4"),
)
META = wire.Element(tag=0x00020010, vr="UI", value=uids.IMPLICIT_LE)
HIDDEN = wire.Element(tag=0x00091001, vr="OB", value=encoded(DECOY))

PARSER_PROBES = {
    "salvages_readable_part": Expectation(
        kept(honest(80) + ITEM_END + encoded(PIXELS), 80), REFUSED, CHANGED
    ),
    "drops_odd_octets": Expectation(
        kept(honest(81, wire.Element(tag=0x00281050, vr="DS", value=b"1.5")), 81), REFUSED, CHANGED
    ),
    "ends_at_unknown_vr": Expectation(
        kept(honest(82, wire.Element(tag=0x00281050, vr="ZZ", value=b"12", long=True)), 82),
        REFUSED,
        CHANGED,
    ),
    "confuses_types": Expectation(
        kept(honest(83, wire.Element(tag=0xFFFAFFFA, vr="OB", value=b"12")), 83), WHOLE, CLOSED
    ),
    "crashes_on_cut_element": Expectation(kept(honest(84, PIXELS)[:-2], 84), REFUSED, CLOSED),
    "searches_for_identity": Expectation(
        shows_decoy(before(honest(85), b"\x10\0\x10\0", HIDDEN), 85), NOT_FOUND, FOUND
    ),
    "lets_data_set_override_meta": Expectation(
        kept(encoded(META) + honest(86), 86), REFUSED, CHANGED
    ),
    "last_duplicate_wins": Expectation(
        shows_decoy(before(honest(87), b"\x20\0\x0d\0", DECOY), 87), NOT_FOUND, FOUND
    ),
    "drops_private_un": Expectation(kept(honest(88, *PRIVATE), 88), WHOLE, CHANGED),
    "parses_in_square_time": Expectation(many_items, "RESPONDED 0000", "SILENT"),
    "guesses_transfer_syntax": Expectation(kept(honest(89, syntax="implicit"), 89), REFUSED, WHOLE),
}
