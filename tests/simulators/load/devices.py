"""An archive by pynetdicom, as an independent judge of what a link sends."""

from __future__ import annotations

import contextlib
import io
import ssl
from collections.abc import Iterator

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from pynetdicom import AE, events, evt
from pynetdicom.dimse_primitives import C_STORE

from simulators import wire
from simulators.load.plan import Target
from simulators.wire import uids

CONTEXTS = (
    wire.Context(1, uids.VERIFICATION),
    wire.Context(3, uids.SECONDARY_CAPTURE, (uids.EXPLICIT_LE,)),
    wire.Context(5, uids.STUDY_ROOT_FIND, (uids.EXPLICIT_LE,)),
    wire.Context(7, uids.STUDY_ROOT_GET, (uids.EXPLICIT_LE,)),
    wire.Context(9, uids.STORAGE_COMMITMENT_PUSH, (uids.EXPLICIT_LE,)),
)


class Archive:
    """Keeps every data set as it arrives, finds all of them and gives them back.

    Attributes:
        kept: SOP Instance UID of the command set and octets of the data set, in order.
        status: What a C-STORE is answered with.
    """

    def __init__(self) -> None:
        self.kept: list[tuple[str, bytes]] = []
        self.asked: list[Dataset] = []
        self.status = 0x0000

    def store(self, event: events.Event) -> int:
        """Keeps one object."""
        request = event.request
        assert isinstance(request, C_STORE)
        assert request.DataSet is not None
        self.kept.append((str(request.AffectedSOPInstanceUID), request.DataSet.getvalue()))
        return self.status

    def find(self, event: events.Event) -> Iterator[tuple[int, Dataset | None]]:
        """Finds everything."""
        self.asked.append(event.identifier)
        for name, _ in self.kept:
            match = Dataset()
            match.SOPInstanceUID = name
            yield 0xFF00, match
        yield 0x0000, None

    def get(self, event: events.Event) -> Iterator[int | tuple[int, Dataset]]:
        """Gives everything back."""
        yield len(self.kept)
        for _, octets in self.kept:
            found = pydicom.dcmread(io.BytesIO(octets), force=True)
            found.file_meta = FileMetaDataset()
            found.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            yield 0xFF00, found

    def act(self, event: events.Event) -> tuple[int, None]:
        """Takes a request for storage commitment; nothing is reported."""
        self.asked.append(event.action_information)
        return 0x0000, None


@contextlib.contextmanager
def archive(
    secured: ssl.SSLContext | None = None, max_pdu: int = 16_382
) -> Iterator[tuple[Archive, Target]]:
    """Serves an archive on loopback."""
    kept = Archive()
    device = AE("ARCHIVE")
    device.maximum_pdu_size = max_pdu
    for context in CONTEXTS:
        device.add_supported_context(
            context.abstract_syntax, list(context.transfer_syntaxes), scu_role=True, scp_role=True
        )
    server = device.start_server(
        ("127.0.0.1", 0),
        block=False,
        ssl_context=secured,
        evt_handlers=[
            (evt.EVT_C_STORE, kept.store),
            (evt.EVT_C_FIND, kept.find),
            (evt.EVT_C_GET, kept.get),
            (evt.EVT_N_ACTION, kept.act),
        ],
    )
    assert server is not None
    try:
        yield kept, Target(host="127.0.0.1", port=server.server_address[1], called_ae="ARCHIVE")
    finally:
        server.shutdown()
