"""Whose key and number it has: what is wrong at the authority, and cannot be seen by a verifier.

A verifier that knows one certificate at a time takes these; they are odd, and valid by its rules.
"""

from __future__ import annotations

from functools import partial

from simulators.pki import der
from simulators.pki.identity import Identity
from simulators.pki.specimen import Specimen
from simulators.pki.workshop import Workshop, name

_valid = partial(
    Specimen,
    theme="identity",
    source="RFC 5280 section 6.1",
    requirements=("HOUSE/HONEST-SERVICE",),
    rule="accept",
)


def _renewed(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf(subject=name("dicom-assay peer", "renewed")))


def _same_number(bench: Workshop) -> Identity:
    number = int.from_bytes(b"taken", "big")
    return bench.shown(bench.leaf(serial=der.integer(number)))


SPECIMENS = (
    _valid(
        name="key of another certificate",
        sentence="another certificate has the same key, as after a renewal",
        build=_renewed,
    ),
    _valid(
        name="serial number used twice",
        sentence="its issuer gives the same serial number each time that it is made",
        build=_same_number,
        lie="serial_number",
    ),
)
