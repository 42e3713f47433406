"""What is well established about the devices of the recipes: controls for our own verdicts.

A wrong verdict shows here, in either direction. The positive ones are what anybody can see who
uses the device; the negative ones are asserted by their class only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_VERIFIES = ("ASC-900", "ASC-901")
_STORES = ("STO-900", "PAR-900")
_ARCHIVES = (*_VERIFIES, *_STORES, "DIM-900", "STO-902")
_CLIENT_MANNERS = ("ASC-101", "ASC-105", "ASC-112", "ASC-117", "ASC-120B")
_DCMTK_CLIENT = (*_CLIENT_MANNERS, "ASC-103", "ASC-104", "ASC-112B", "ASC-113", "ASC-114")
_DCMTK_ACCEPTOR = (
    *_VERIFIES, "ASC-001", "ASC-003", "ASC-010", "ASC-011", "ASC-013", "ASC-014", "ASC-015",
    "ASC-016", "ASC-017", "ASC-018", "DIM-001", "DIM-003", "DIM-006", "DIM-007",
)  # fmt: skip
_DCMTK_STORAGE = (*_DCMTK_ACCEPTOR, *_STORES, "PAR-901", "PAR-001", "STO-001", "RES-012")

PASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "dcmjs-dimse": (*_VERIFIES, *_STORES, "ASC-003", "ASC-014", "RES-001", "RES-012"),
    "dcmtk-dcmqrscp": (
        *_DCMTK_ACCEPTOR, *_ARCHIVES, "AUT-001", "AUT-001B", "AUT-002", "AUT-003", "RES-005",
    ),
    "dcmtk-getscu-bit-preserving": ("STO-951",),
    "dcmtk-scu": (*_DCMTK_CLIENT, "ASC-950", "STO-950", "STO-951", "STO-103"),
    "dcmtk-scu-tls": (
        *_DCMTK_CLIENT, "ASC-950", "STO-950", "TLS-950", "TLS-101", "TLS-103", "TLS-105", "TLS-106",
        "CRT-102", "CRT-103", "CRT-104", "CRT-107",
    ),
    "dcmtk-storescp": (*_DCMTK_STORAGE, "RES-001"),
    "dcmtk-storescp-single": (*_DCMTK_STORAGE, "RES-005"),
    "dcmtk-storescp-tls": (
        *_DCMTK_STORAGE, "RES-001", "TLS-900", "TLS-901", "TLS-001", "TLS-003", "TLS-005",
        "TLS-006", "CRT-001", "CRT-002", "CRT-003", "CRT-004", "CRT-007",
    ),
    "orthanc": (*_ARCHIVES, "PAR-901", "AUT-001", "AUT-001B", "AUT-002", "AUT-003"),
    "orthanc-tls": (
        *_ARCHIVES, "TLS-900", "TLS-901", "TLS-001", "CRT-001", "CRT-002", "CRT-003", "CRT-004",
    ),
    "pynetdicom-qrscp": (*_ARCHIVES, "PAR-002", "RES-001", "RES-004"),
    "pynetdicom-scu": (*_CLIENT_MANNERS, "ASC-950", "STO-950", "STO-951", "STO-103"),
}  # fmt: skip

FAILS: Final[Mapping[str, tuple[str, ...]]] = {
    "dcmjs-dimse": ("ASC-010", "PAR-001"),
    "dcmtk-dcmqrscp": ("ASC-007", "PAR-002", "RES-001"),
    "dcmtk-getscu-bit-preserving": ("STO-103",),
    "dcmtk-scu": (),
    "dcmtk-scu-tls": (),
    "dcmtk-storescp": ("ASC-007", "PAR-002", "PAR-009"),
    "dcmtk-storescp-single": ("PAR-002", "PAR-009", "RES-001"),
    "dcmtk-storescp-tls": ("ASC-007", "PAR-002", "PAR-009"),
    "orthanc": ("PAR-002",),
    "orthanc-tls": ("PAR-002", "TLS-003"),
    "pynetdicom-qrscp": ("ASC-008", "STO-001"),
    "pynetdicom-scu": ("ASC-103",),
}

NOT_CLAIMED: Final[Mapping[str, tuple[str, ...]]] = {
    "dcmtk-scu-tls": ("CRT-105", "STO-951"),
    "dcmtk-storescp": ("AUT-001", "RES-004", "TLS-900"),
    "dcmtk-storescp-tls": ("ASC-002", "RES-003"),
    "pynetdicom-qrscp": ("AUT-001", "TLS-900"),
}
"""What a profile does not claim is not judged, however the device behaves."""

LEAKY: Final = frozenset({"pynetdicom-qrscp"})
"""Where plays may stay undecided, because what came before them used up the associations."""
