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
_CLIENT_TWINS = ("ASC-950", "STO-950", "STO-952", "DIM-951")
_DCMTK_CLIENT = (*_CLIENT_MANNERS, "ASC-103", "ASC-104", "ASC-112B", "ASC-113", "ASC-114")
_DCMTK_ACCEPTOR = (
    *_VERIFIES, "ASC-001", "ASC-003", "ASC-010", "ASC-011", "ASC-013", "ASC-014", "ASC-015",
    "ASC-016", "ASC-017", "ASC-018", "DIM-001", "DIM-003", "DIM-006", "DIM-007",
)  # fmt: skip
_DCMTK_STORAGE = (*_DCMTK_ACCEPTOR, *_STORES, "PAR-901", "PAR-001", "STO-001", "RES-012")
_PAIR = (
    "MIM-900", "MIM-901", "MIM-001", "MIM-002", "MIM-002B", "MIM-003", "MIM-003B", "MIM-004",
    "MIM-005", "MIM-005B", "MIM-006", "MIM-007",
)  # fmt: skip

_TLS_CLIENT = ("ASC-950", "STO-950", "TLS-950", "TLS-101")
_REFUSES_STRANGERS = ("CRT-102", "CRT-103", "CRT-104", "CRT-107")
_OPENSSL_SERVER = ("TLS-001", "TLS-009", "TLS-010", "TLS-015", "TLS-027", "TLS-030", "TLS-031")

PASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "dicomweb-client": ("WEB-950", "WEB-951", "WEB-952", "WEB-109"),
    "orthanc-web-client": ("WEB-950", "WEB-951", "WEB-952", "WEB-101", "WEB-106", "WEB-116"),
    "ctn-simple-storage": (*_VERIFIES, *_STORES),
    "dcmjs-dimse": (*_VERIFIES, *_STORES, "ASC-003", "ASC-014", "RES-001", "RES-012"),
    "dcmjs-scu-tls": (*_TLS_CLIENT, *_REFUSES_STRANGERS, "CRT-105", "TLS-103"),
    "dcmjs-scu": (
        *_CLIENT_TWINS, "STO-951", "ASC-115", "ASC-118", "DIM-113", "DIM-113B", "DIM-113C",
        "DIM-113D", "DIM-114", "DIM-116",
    ),
    "dcmtk-dcmqrscp": (
        *_DCMTK_ACCEPTOR, *_ARCHIVES, "AUT-001", "AUT-001B", "AUT-002", "AUT-003", "RES-005",
    ),
    "dcmtk-dcmqrscp-roles": (*_ARCHIVES, "AUT-930", "AUT-932"),
    "dcmtk-dcmrecv": (*_VERIFIES, *_STORES, "ASC-010", "ASC-014", "PAR-001", "STO-001"),
    "dcmtk-getscu-bit-preserving": ("STO-951",),
    "dcmtk-scu": (
        *_DCMTK_CLIENT, *_CLIENT_TWINS, "STO-951", "STO-953", "STO-103", "STO-103B", "ASC-115",
        "ASC-118", "ASC-118B", "DIM-111", "DIM-113C", "DIM-114", "DIM-115", "DIM-116",
    ),
    "dcmtk-scu-tls": (
        *_DCMTK_CLIENT, "ASC-950", "STO-950", "TLS-950", "TLS-101", "TLS-103", "TLS-105", "TLS-106",
        "CRT-102", "CRT-103", "CRT-104", "CRT-107", "CRT-108B", "CRT-108C", "CRT-118",
    ),
    "dcmtk-storescp": (*_DCMTK_STORAGE, "RES-001"),
    "dcmtk-storescp-hook": (*_VERIFIES, *_STORES, "STO-912", "STO-005", "STO-008"),
    "dcmtk-storescp-single": (
        *_VERIFIES, *_STORES, "PAR-901", "ASC-001", "ASC-003", "ASC-010", "ASC-011", "ASC-013",
        "ASC-014", "ASC-015", "ASC-016", "ASC-017", "ASC-018", "RES-005", "RES-012",
    ),
    "dcmtk-storescp-tls": (
        *_VERIFIES, *_STORES, "PAR-901", "RES-001", "TLS-900", "TLS-901", "TLS-001", "TLS-003",
        "TLS-005", "TLS-006", "CRT-001", "CRT-002", "CRT-003", "CRT-004", "CRT-005",
        "CRT-007", "CRT-008B", "CRT-008C", "CRT-013", "CRT-018",
    ),
    "dcmtk-wlmscpfs": (*_VERIFIES, "ASC-010", "ASC-014"),
    "node-hl7-server": (*_VERIFIES, "STO-900"),
    "orthanc": (
        *_ARCHIVES, "PAR-901", "AUT-001", "AUT-001B", "AUT-002", "AUT-003", "DIM-013", "INT-006",
        "STO-005", "STO-006", "STO-008",
        "INT-008", "INT-013", "INT-905", "LOAD-016",
    ),
    "odil-scp": (*_VERIFIES, *_STORES, "ASC-007", "ASC-014", "STO-001", "RES-001"),
    "orthanc-roles": (*_ARCHIVES, "AUT-930", "AUT-932"),
    "orthanc-tls": (
        *_ARCHIVES, "TLS-900", "TLS-901", "TLS-001", "CRT-001", "CRT-002", "CRT-003", "CRT-004",
        "CRT-008B", "CRT-008C", "CRT-013", "CRT-018",
    ),
    "orthanc-scu": (*_CLIENT_TWINS, "ASC-118", "DIM-113C", "DIM-113D", "DIM-115"),
    "orthanc-scu-tls": (*_TLS_CLIENT, *_REFUSES_STRANGERS),
    "orthanc-explorer": ("WEB-905", "WEB-905B", "WEB-905D", "TXT-003"),
    "orthanc-web": (
        *_VERIFIES, "STO-900", "STO-902", "DIM-900", "WEB-900", "WEB-901", "WEB-004", "WEB-005",
        "WEB-006", "WEB-006F", "WEB-011B", "WEB-013D", "WEB-014B", "WEB-014C", "WEB-015",
        "WEB-904", "WEB-006H", "WEB-009C", "WEB-009D", "WEB-009F", "WEB-010", "WEB-010B",
        "WEB-010C", "WEB-011C", "WEB-015B", "WEB-015C", "WEB-015D", "WEB-911", "WEB-916",
    ),
    "orthanc-web-users": (
        *_VERIFIES, "WEB-900", "WEB-901", "WEB-904", "WEB-907", "WEB-001", "WEB-001C", "WEB-018",
        "WEB-018E", "WEB-022B",
    ),
    "pair-storescu-orthanc": _PAIR,
    "pixelmed-storage": (*_VERIFIES, *_STORES, "PAR-001", "PAR-002"),
    "pynetdicom-1.5-storescp": (*_VERIFIES, *_STORES, "PAR-001", "PAR-002", "RES-001"),
    "pynetdicom-2.0-storescp": (*_VERIFIES, *_STORES, "PAR-001", "PAR-002", "RES-001"),
    "pynetdicom-qrscp": (*_ARCHIVES, "PAR-002", "RES-001", "RES-004"),
    "pynetdicom-scu": (
        *_CLIENT_MANNERS, *_CLIENT_TWINS, "STO-951", "STO-103", "ASC-118B", "DIM-113", "DIM-113B",
        "DIM-113C", "DIM-113D",
    ),
    "pynetdicom-scu-tls": (
        *_TLS_CLIENT, *_REFUSES_STRANGERS, "CRT-105", "TLS-103", "TLS-105", "TLS-106",
    ),
    "deid-deid": ("DEI-900", "DEI-014"),
    "deid-dicognito": ("DEI-900", "DEI-014"),
    "deid-dicom-anonymizer": ("DEI-900", "DEI-003"),
    "deid-gdcmanon": ("DEI-900", "DEI-014"),
    "exporter-dcmmkdir": ("MED-902", "MED-007B"),
    "exporter-pydicom": ("MED-902", "MED-007", "MED-007B"),
    "reader-dciodvfy": ("PAR-920", "PAR-205"),
    "reader-dcmdjpeg": ("PAR-920", "PIX-921", "PIX-223B"),
    "reader-dcmdrle": ("PAR-920", "PIX-921"),
    "reader-gdcmconv": ("PAR-920", "PIX-921", "PIX-223", "PIX-223B"),
    "reader-gdcmimg": ("PAR-920", "PIX-920"),
    "reader-dcm2niix": ("PAR-920", "STO-201"),
    "reader-dcm2pnm": ("PAR-920", "PIX-209", "PIX-920"),
    "reader-dcmdump": ("PAR-920", "MED-900", "PAR-213"),
    "reader-dcmj2pnm": ("PAR-920", "PIX-207", "PIX-920"),
    "reader-gdcmdump": ("PAR-920", "PAR-213"),
    "reader-pydicom": ("PAR-920", "MED-900", "MED-001"),
    "reader-pydicom-2.4": ("PAR-920", "MED-900"),
    "simple-hl7": (*_VERIFIES, "STO-900"),
    "stunnel-orthanc-web": ("WEB-900", "WEB-901", "WEB-023", "WEB-025"),
    "stunnel-storescp": (
        *_VERIFIES, "STO-900", "TLS-900", "TLS-901", *_OPENSSL_SERVER, "TLS-003", "TLS-024",
        "CRT-001", "CRT-002", "CRT-003", "CRT-004", "CRT-007",
    ),
    "tiny-pacs": (*_ARCHIVES, "ASC-007", "ASC-014", "RES-001"),
    "weak-tls": (
        *_VERIFIES, "STO-900", "TLS-900", "TLS-001", "TLS-005", "TLS-007", "TLS-015", "TLS-031",
    ),
}  # fmt: skip

FAILS: Final[Mapping[str, tuple[str, ...]]] = {
    "dicomweb-client": ("WEB-114", "WEB-120"),
    "orthanc-web-client": ("WEB-114", "WEB-117"),
    "ctn-simple-storage": ("ASC-001",),
    "dcmjs-dimse": ("ASC-010", "PAR-001"),
    "dcmjs-scu": ("ASC-118B", "DIM-112B", "DIM-115"),
    "dcmjs-scu-tls": (),
    "dcmtk-dcmqrscp": ("ASC-007", "PAR-002", "RES-001"),
    "dcmtk-dcmqrscp-roles": (),
    "dcmtk-dcmrecv": ("ASC-007", "PAR-002", "RES-001"),
    "dcmtk-getscu-bit-preserving": ("STO-103",),
    "dcmtk-scu": ("DIM-112B",),
    "dcmtk-scu-tls": ("CRT-111",),
    "dcmtk-storescp": ("ASC-007", "PAR-002", "PAR-009"),
    "dcmtk-storescp-hook": ("STO-010",),
    "dcmtk-storescp-single": ("PAR-002", "PAR-009", "RES-001"),
    "dcmtk-storescp-tls": ("CRT-011", "ASC-007", "PAR-002", "PAR-009"),
    "dcmtk-wlmscpfs": ("ASC-007", "RES-001"),
    "node-hl7-server": (),
    "odil-scp": ("ASC-010", "PAR-002"),
    "orthanc": ("PAR-002",),
    "orthanc-roles": (),
    "orthanc-tls": ("CRT-011", "PAR-002", "TLS-003"),
    "orthanc-scu": ("DIM-111", "DIM-114", "DIM-116"),
    "orthanc-scu-tls": ("TLS-103", "TLS-105"),
    "orthanc-explorer": ("WEB-013F", "WEB-018B"),
    "orthanc-web": ("WEB-007", "WEB-007E", "WEB-009"),
    # Passwords are guessed without end, and a page of any origin uploads with one.
    "orthanc-web-users": ("WEB-012B", "WEB-022"),
    "pair-storescu-orthanc": (),
    "pixelmed-storage": ("ASC-007", "ASC-014", "RES-001"),
    "pynetdicom-1.5-storescp": ("ASC-014",),
    "pynetdicom-2.0-storescp": ("ASC-014",),
    "pynetdicom-qrscp": ("ASC-008", "STO-001"),
    "pynetdicom-scu": ("ASC-103", "ASC-115", "DIM-112B", "DIM-115"),
    "pynetdicom-scu-tls": (),
    "deid-deid": (),
    "deid-dicognito": (),
    "deid-dicom-anonymizer": ("DEI-002", "DEI-009"),
    "deid-gdcmanon": ("DEI-003",),
    "exporter-dcmmkdir": (),
    "exporter-pydicom": (),
    "reader-dciodvfy": (),
    "reader-dcmdjpeg": (),
    "reader-dcmdrle": ("PIX-223",),
    "reader-gdcmconv": (),
    "reader-gdcmimg": ("PIX-221",),
    "reader-dcm2niix": (),
    "reader-dcm2pnm": ("PIX-221",),
    "reader-dcmdump": ("PAR-202",),
    "reader-dcmj2pnm": ("PIX-221",),
    "reader-gdcmdump": ("PAR-202",),
    "reader-pydicom": ("PAR-202",),
    "reader-pydicom-2.4": ("MED-001",),
    "simple-hl7": (),
    # What stunnel passes on is reached without it, too.
    "stunnel-orthanc-web": ("WEB-023B",),
    "stunnel-storescp": ("TLS-007",),
    "tiny-pacs": ("ASC-010", "STO-001"),
    # Everything that its glue lists, found by scenarios that know nothing of it.
    "weak-tls": ("TLS-003", "TLS-006", "TLS-009", "TLS-024", "TLS-027", "TLS-200"),
}

NOT_CLAIMED: Final[Mapping[str, tuple[str, ...]]] = {
    "dcmtk-scu-tls": ("CRT-105", "CRT-106", "CRT-110", "STO-951"),
    "dcmtk-storescp": ("AUT-001", "RES-004", "TLS-900"),
    "dcmtk-storescp-tls": ("ASC-002", "RES-003"),
    "orthanc-scu-tls": ("CRT-105",),
    "pynetdicom-qrscp": ("AUT-001", "TLS-900"),
    "weak-tls": ("CRT-001", "TLS-901"),
}
"""What a profile does not claim is not judged, however the device behaves."""

LEAKY: Final = frozenset({"dcmtk-dcmqrscp", "pynetdicom-qrscp"})
"""Where plays may stay undecided, because what came before them used up the associations, or
damaged the index that all of them share."""

UNDECIDED: Final[Mapping[str, tuple[str, ...]]] = {
    # What their files are called follows from no UID.
    "dcmjs-dimse": ("STO-009",),
    # Besides, to a reader that is too slow it sends nothing at all, so that it never has to wait.
    "orthanc": ("DIM-014", "STO-009"),
    # It hands out no session that could be altered or resumed.
    "weak-tls": ("TLS-013",),
}
"""What nothing may be concluded about, because the device lacks what the scenario works on."""
