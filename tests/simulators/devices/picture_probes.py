"""One probe per flaw of pictures and texts: what a peer is given of what it left there."""

from collections.abc import Mapping

from simulators import wire
from simulators.pictures import SAMPLES, rle
from simulators.wire import pixels, uids
from simulators.wire.messages import c_find_rq, c_get_rq, c_store_rsp
from simulators.wire.transfer import p_data
from tests.simulators.devices.peer import UID, Peer, associated, dataset
from tests.simulators.devices.probes import Expectation, Probe, grows
from tests.simulators.devices.running import Running

CT = uids.CT_IMAGE_STORAGE
TAKES = wire.RoleSelection(uid=CT, scu=1, scp=1)
HONEST: Mapping[int, int | str] = {
    0x00280002: 1, 0x00280004: "MONOCHROME2", 0x00280010: 16, 0x00280011: 16, 0x00280100: 8,
    0x00280101: 8, 0x00280102: 7,
}  # fmt: skip
VRS = {0x00280004: "CS", 0x00280008: "IS", 0x00281053: "DS"}
LOOPING = pixels.jpeg_lossless(SAMPLES, 16, before=pixels.jpeg_segment(0xE0, length=0))


def element(tag: int, value: int | str | bytes) -> wire.Element:
    if isinstance(value, int):
        return wire.Element(tag=tag, vr="US", value=value.to_bytes(2, "little"))
    return wire.Element(tag=tag, vr=VRS.get(tag, "OW"), value=value)


def picture(uid: str, data: wire.Element, changes: Mapping[int, int | str | bytes]) -> bytes:
    described = {**HONEST, **changes}
    more = (*(element(tag, described[tag]) for tag in sorted(described)), data)
    return dataset(uid, study=uid, more=tuple(sorted(more, key=lambda each: each.tag)))


def left(it: Running, data: bytes, uid: str, syntax: str) -> None:
    rq = wire.associate_rq("REFERENCE", "ASSAY", (wire.Context(1, CT, (syntax,)),))
    with associated(it.port, rq) as peer:
        assert peer.store(data, uid, 1) == "RESPONDED 0000"
        assert peer.release() == "RELEASE-RP"


def brought(it: Running, uid: str) -> wire.Reading | str:
    """Ask for an object in Explicit VR: it, or what was answered instead."""
    contexts = (
        wire.Context(1, uids.STUDY_ROOT_GET, (uids.EXPLICIT_LE,)),
        wire.Context(3, CT, (uids.EXPLICIT_LE,)),
    )
    rq = wire.associate_rq("REFERENCE", "ASSAY", contexts, user_items=(TAKES,))
    keys = (
        wire.Element(tag=0x00080018, vr="UI", value=uid),
        wire.Element(tag=0x00080052, vr="CS", value="IMAGE"),
    )
    with associated(it.port, rq) as peer:
        heard = peer.ask(1, c_get_rq(), wire.encode_dataset(keys, "explicit"))
        if heard != "REQUEST":
            return heard
        assert peer.last is not None
        given = wire.read_elements(peer.last.dataset or b"", uids.EXPLICIT_LE)
        number = peer.last.command.integer("MessageID") or 0
        assert peer.ask(3, c_store_rsp(CT, uid, number)) == "RESPONDED 0000"
        return given


def given(
    number: int,
    data: wire.Element,
    changes: Mapping[int, int | str | bytes],
    syntax: str = uids.RLE_LOSSLESS,
) -> Probe:
    """What comes back of a picture: its samples, something foreign, a status or nothing."""
    uid = f"{UID}.88.{number}"

    def probe(it: Running) -> str:
        left(it, picture(uid, data, changes), uid, syntax)
        came = brought(it, uid)
        if isinstance(came, str):
            return came
        (raw,) = came.values(pixels.PIXEL_DATA)
        return "foreign" if any(octet >= 0x80 for octet in raw) else f"{len(raw)} octets"

    return probe


def encapsulated(*fragments: bytes, table: bytes = b"") -> wire.Element:
    return pixels.encapsulated(fragments, table=table)


def large_stream(it: Running) -> None:
    frame = pixels.jpeg_ls_frame_header(12_000, 12_000)
    data = encapsulated(pixels.jpeg_ls(16, 16, frame=frame))
    left(it, picture(f"{UID}.88.13", data, {}), f"{UID}.88.13", uids.JPEG_LS_LOSSLESS)


def text(number: int, character_set: str, name: bytes) -> bytes:
    uid = f"{UID}.89.{number}"
    data = dataset(uid, study=uid).replace(b"TEST^PATIENT", name.ljust(12))
    declared = wire.Element(tag=0x00080005, vr="CS", value=character_set)
    return wire.encode_dataset((declared,), "explicit") + data


def name_given(it: Running) -> str:
    left(it, text(1, "ISO_IR 999", b"SYNTH\xc9TIC"), f"{UID}.89.1", uids.EXPLICIT_LE)
    came = brought(it, f"{UID}.89.1")
    assert isinstance(came, wire.Reading)
    return repr(came.text(0x00100010))


def found(it: Running, data: bytes, number: int, patient: str = "") -> tuple[int, str]:
    """How many studies are found, and the Patient ID of the last."""
    uid = f"{UID}.89.{number}"
    left(it, data, uid, uids.EXPLICIT_LE)
    keys = (
        wire.Element(tag=0x00080052, vr="CS", value="STUDY"),
        wire.Element(tag=0x00100010, vr="PN"),
        wire.Element(tag=0x00100020, vr="LO", value=patient),
        wire.Element(tag=0x0020000D, vr="UI", value=uid),
    )
    with associated(it.port) as peer:
        return _matches(peer, wire.encode_dataset(keys, "explicit"))


def _matches(peer: Peer, identifier: bytes) -> tuple[int, str]:
    peer.send(*p_data(5, c_find_rq(), identifier))
    matches, patient = 0, ""
    while peer.hear() == "RESPONDED FF00":
        assert peer.last is not None
        matches += 1
        read = wire.read_elements(peer.last.dataset or b"", uids.EXPLICIT_LE)
        patient = read.text(0x00100020) or ""
    return matches, patient


def behind_an_escape(it: Running) -> str:
    return found(it, text(2, "\\ISO 2022 IR 87", b"A\x1b$B;3"), 2)[1]


def with_a_broken_name(it: Running) -> str:
    return str(found(it, text(3, "ISO_IR 192", b"A\xff\xfe"), 3)[0])


def another_patient(it: Running) -> str:
    return str(found(it, text(4, "ISO_IR 192", b"A"), 4, patient="id")[0])


SEGMENT = pixels.rle_segment(SAMPLES)
FRAME = pixels.rle_frame([SEGMENT])
UNCOMPRESSED = wire.Element(tag=pixels.PIXEL_DATA, vr="OB", value=SAMPLES)
BEYOND = pixels.offset_table(0, 1 << 20)
PALETTE: Mapping[int, int | str | bytes] = {
    0x00280004: "PALETTE COLOR", 0x00281101: bytes(6), 0x00281201: b"",
}  # fmt: skip
OVERLAY: Mapping[int, int | str | bytes] = {0x60000010: 999, 0x60000011: 999, 0x60003000: b""}

PICTURE_PROBES: dict[str, Expectation] = {
    "cannot_decode": Expectation(given(1, rle(), {}), "256 octets", "RESPONDED A702"),
    "evens_out_pictures": Expectation(
        given(2, UNCOMPRESSED, {0x00280010: 17}, uids.EXPLICIT_LE), "256 octets", "foreign"
    ),
    "fills_up_with_memory": Expectation(
        given(3, rle(), {0x00280010: 17}), "RESPONDED A702", "foreign"
    ),
    "allocates_by_dimensions": Expectation(
        grows(given(4, rle(), {0x00280010: 12_000, 0x00280011: 12_000}), 100), "stays", "grows"
    ),
    "trusts_bit_depth": Expectation(
        given(5, rle(), {0x00280100: 52, 0x00280101: 52}), "RESPONDED A702", "foreign"
    ),
    "trusts_rle_offsets": Expectation(
        given(6, encapsulated(pixels.rle_frame([SEGMENT], offsets=[9999])), {}),
        "RESPONDED A702",
        "foreign",
    ),
    "trusts_offset_table": Expectation(
        given(7, encapsulated(FRAME, FRAME, table=BEYOND), {0x00280008: "2 "}),
        "RESPONDED A702",
        "foreign",
    ),
    "loops_on_markers": Expectation(
        given(8, encapsulated(LOOPING), {}, uids.JPEG_LOSSLESS), "RESPONDED A702", "SILENT"
    ),
    "reads_beyond_palette": Expectation(given(9, rle(), PALETTE), "256 octets", "foreign"),
    "draws_overlays": Expectation(given(10, rle(), OVERLAY), "256 octets", "foreign"),
    "trusts_samples_per_pixel": Expectation(
        given(11, rle(), {0x00280002: 3}), "RESPONDED A702", "foreign"
    ),
    "tabulates_rescaling": Expectation(
        grows(given(12, rle(), {0x00281053: "1E-300"}), 100), "stays", "grows"
    ),
    "previews_on_arrival": Expectation(grows(large_stream, 100), "stays", "grows"),
    "recodes_text": Expectation(name_given, "'SYNTH\xc9TIC'", "'SYNTH?TIC'"),
    "carries_escape_state": Expectation(behind_an_escape, "ID1", "\xc9\xc4\xb1\xa0"),
    "stumbles_over_text": Expectation(with_a_broken_name, "1", "0"),
    "folds_patient_ids": Expectation(another_patient, "0", "1"),
}
