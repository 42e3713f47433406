"""PIX-06: JPEG streams with loops, other dimensions and early ends."""

from collections.abc import Callable

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import decodes_truly
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import SAMPLES, SIDE, has_decoded, picture
from simulators.wire import pixels, uids

_SUBSCRIBED = bytes((255,) * 16)


def _stream(**changes: bytes) -> bytes:
    return pixels.jpeg_lossless(SAMPLES, SIDE, **changes)


_LIES: dict[str, Callable[[], bytes]] = {
    "marker of no length": lambda: _stream(before=pixels.jpeg_segment(0xE0, length=0)),
    "marker longer than the stream": lambda: _stream(
        before=pixels.jpeg_segment(0xE0, length=65535)
    ),
    "nothing but fill octets": lambda: b"\xff\xd8" + b"\xff" * 60_000,
    "65500 x 65500": lambda: _stream(frame=pixels.jpeg_frame_header(65500, 65500)),
    "smaller than its header": lambda: _stream(frame=pixels.jpeg_frame_header(4, 4)),
    "no rows": lambda: _stream(frame=pixels.jpeg_frame_header(0, SIDE)),
    "255 components": lambda: _stream(frame=pixels.jpeg_frame_header(SIDE, SIDE, components=255)),
    "codes beyond their table": lambda: _stream(tables=pixels.jpeg_tables(counts=_SUBSCRIBED)),
    "scan without its table": lambda: _stream(scan=pixels.jpeg_scan_header(table=3)),
    "ends in the samples": lambda: _stream(end=b"")[:-20],
}


@scenario(
    id="PIX-006",
    verifies=["HOUSE/BOUNDED-TIME", "HOUSE/NO-FOREIGN-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-04", "T-AVAIL-05", "T-CONF-05"],
    weakness=["CWE-835", "CWE-787", "CWE-125"],
    references=["DCMTK-1190", "CVE-2025-2357", "CVE-2024-22373", "CVE-2026-5441", "CVE-2021-40367"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.JPEG_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.CRITICAL,
    twin="PIX-911",
    control="loops_on_markers",
    oracles=[decodes_truly()],
    budget_s=50,
    safety=Safety.STORES_OBJECTS,
    vary=[{"stream": lie} for lie in _LIES],
)
def reads_jpeg_streams_warily(stage: Stage) -> None:
    """A JPEG stream that lies is refused within ten seconds, and shows no foreign memory.

    A codec goes from marker to marker by lengths that the stream states: one of zero keeps it in
    the same place for ever. Dimensions stand in the stream and in the object, and whichever is not
    used to make room overflows it. Codecs are old, shared by all, and fed by every modality.

    Remedy: Compare the stream's dimensions with the object's, require progress at each marker, and
    decode in a process that may be ended.
    """
    data = pixels.encapsulated([_LIES[str(stage.case["stream"])]()])
    has_decoded(stage, picture(stage, data, syntax=uids.JPEG_LOSSLESS))
