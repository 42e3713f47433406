"""UIDs that the device supports, and the rule for what a UID looks like (PS3.5 9.1)."""

import re

from simulators.wire import uids as known

APPLICATION_CONTEXT = known.APPLICATION_CONTEXT.encode()
IMPLICIT_LE = known.IMPLICIT_LE.encode()
EXPLICIT_LE = known.EXPLICIT_LE.encode()
DEFLATED_LE = known.DEFLATED_LE.encode()
JPEG_LOSSLESS = known.JPEG_LOSSLESS.encode()
RLE_LOSSLESS = known.RLE_LOSSLESS.encode()
KEPT = (known.JPEG_LS_LOSSLESS.encode(), known.JPEG_2000_LOSSLESS.encode())
"""Compressed transfer syntaxes that the device keeps, and gives back as they came."""

DECODED = (RLE_LOSSLESS, JPEG_LOSSLESS)
"""Compressed transfer syntaxes that the device can turn into Explicit VR Little Endian."""
VERIFICATION = known.VERIFICATION.encode()
CT_IMAGE_STORAGE = known.CT_IMAGE_STORAGE.encode()
STUDY_FIND = known.STUDY_ROOT_FIND.encode()
STUDY_MOVE = known.STUDY_ROOT_MOVE.encode()
STUDY_GET = known.STUDY_ROOT_GET.encode()
STORAGE_COMMITMENT = known.STORAGE_COMMITMENT_PUSH.encode()
STORAGE_COMMITMENT_INSTANCE = known.STORAGE_COMMITMENT_PUSH_INSTANCE.encode()
PROCEDURE_STEP = known.MODALITY_PERFORMED_PROCEDURE_STEP.encode()
QUERY_RETRIEVE = frozenset({STUDY_FIND, STUDY_MOVE, STUDY_GET})
_SERVICES = frozenset({VERIFICATION, STORAGE_COMMITMENT, PROCEDURE_STEP})
KEY_OBJECTS = b"1.2.840.10008.5.1.4.1.1.88.59"
STORAGE_PREFIX = b"1.2.840.10008.5.1.4.1.1."
IMPLEMENTATION_CLASS = b"2.25.306147390224119736287904116520411"
IMPLEMENTATION_VERSION = b"ASSAY_REFERENCE"

# Storage classes that the requestor of C-GET offers to receive.
RETRIEVABLE = (
    CT_IMAGE_STORAGE,
    known.MR_IMAGE_STORAGE.encode(),
    known.SECONDARY_CAPTURE.encode(),
    b"1.2.840.10008.5.1.4.1.1.1",
    b"1.2.840.10008.5.1.4.1.1.1.1",
    b"1.2.840.10008.5.1.4.1.1.6.1",
)

_UID = re.compile(rb"[0-9]+(?:\.[0-9]+)*")
_LONGEST = 64


def is_uid(value: bytes) -> bool:
    """Tell whether the value is digits and dots, at most 64 bytes, no empty component."""
    return len(value) <= _LONGEST and _UID.fullmatch(value) is not None


def is_storage(uid: bytes) -> bool:
    """Tell whether the UID is a SOP Class of the Storage Service Class."""
    return uid.startswith(STORAGE_PREFIX) and is_uid(uid)


def transfer_syntaxes_of(abstract_syntax: bytes) -> tuple[bytes, ...]:
    """Return the transfer syntaxes supported for a SOP Class; empty when it is not supported."""
    if is_storage(abstract_syntax):
        return (EXPLICIT_LE, IMPLICIT_LE, DEFLATED_LE, *DECODED, *KEPT)
    if abstract_syntax in _SERVICES or abstract_syntax in QUERY_RETRIEVE:
        return (EXPLICIT_LE, IMPLICIT_LE)
    return ()
