"""PIX-06: JPEG-LS and JPEG 2000 streams that lie, at devices that keep or decode them."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import keeps_exactly, peak_memory_below
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import SIDE, keeps_streams
from simulators.wire import uids
from simulators.wire.pixels import jpeg_2000_header, jpeg_ls, jpeg_ls_frame_header

_BOUND_MIB = 64
_MARKER_OF_NO_LENGTH = b"\xff\xe8\0\0"
_STREAMS = {
    uids.JPEG_LS_LOSSLESS: {
        "16384 x 16384": jpeg_ls(SIDE, SIDE, frame=jpeg_ls_frame_header(16384, 16384)),
        "smaller than its header": jpeg_ls(SIDE, SIDE, frame=jpeg_ls_frame_header(4, 4)),
        "no lines": jpeg_ls(SIDE, SIDE, frame=jpeg_ls_frame_header(0, SIDE)),
        "marker of no length": jpeg_ls(
            SIDE, SIDE, frame=_MARKER_OF_NO_LENGTH + jpeg_ls_frame_header(SIDE, SIDE)
        ),
        "ends in the samples": jpeg_ls(SIDE, SIDE, end=b"")[:-4],
    },
    uids.JPEG_2000_LOSSLESS: {
        "2^28 tiles": jpeg_2000_header(16384, 16384, tile=1),
        "16384 components": jpeg_2000_header(SIDE, SIDE, tile=SIDE, components=16384),
        "tiles of no size": jpeg_2000_header(SIDE, SIDE, tile=0),
        "header of no length": jpeg_2000_header(SIDE, SIDE, tile=SIDE, length=0),
    },
}


@scenario(
    id="PIX-006B",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/BOUNDED-TIME", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-05", "T-AVAIL-04"],
    weakness=["CWE-789", "CWE-835", "CWE-787"],
    references=["CVE-2024-22373", "CVE-2026-5441", "CVE-2015-8396", "DCMTK-68b57d3cf"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.JPEG_LS},
    severity=Severity.HIGH,
    twin="PIX-912",
    control="previews_on_arrival",
    oracles=[keeps_exactly(), peak_memory_below(_BOUND_MIB)],
    budget_s=100,
    safety=Safety.STORES_OBJECTS,
    alone=True,
)
def keeps_streams_that_lie(stage: Stage) -> None:
    """A JPEG-LS or JPEG 2000 stream that lies costs neither memory nor time, whoever decodes it.

    Archives decode when nobody asks: for a preview, or for a peer that takes no compressed
    pictures. Codecs for these two are few, shared by many devices, and trust their headers. Each
    stream is stored, asked for as it came, and asked for uncompressed.

    Remedy: Compare the stream's dimensions with the object's before a codec sees it, and let it
    run where it may fail.
    """
    acceptor = stage.profile.acceptor
    claimed = acceptor.transfer_syntaxes if acceptor else ()
    keeps_streams(stage, {syntax: _STREAMS[syntax] for syntax in _STREAMS if syntax in claimed})
