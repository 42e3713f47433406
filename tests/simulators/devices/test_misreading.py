"""The flaws of the parser: what each makes of an object, and that honest ones are left alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from harness.stage import Stage
from simulators.datasets import Specimen, decoy_of, honest
from simulators.datasets.identities import DISPUTED
from simulators.datasets.items import UNTRUE_LENGTHS
from simulators.datasets.lengths import UNFIT
from simulators.datasets.placement import DISORDER, FOREIGN_GROUPS, PRIVATE
from simulators.datasets.representations import SWAPS, UNKNOWN_VRS
from simulators.datasets.specimen import PATIENT_ID, PIXEL_DATA
from simulators.devices.reference.flaws import FlawName, choose
from simulators.devices.reference.misreading import Taken, misread
from simulators.devices.reference.scanner import Bounds, DataSetError
from simulators.readback import content_of
from simulators.wire import uids
from simulators.wire.reading import read_elements

CONTENT = content_of(cast(Stage, SimpleNamespace(token="123456789012345678")))
PATIENT, DECOY = b"SYN123456789001", decoy_of(CONTENT).encode()
FLAWS: tuple[FlawName, ...] = (
    "salvages_readable_part", "drops_odd_octets", "ends_at_unknown_vr", "confuses_types",
    "crashes_on_cut_element", "searches_for_identity", "lets_data_set_override_meta",
    "last_duplicate_wins", "drops_private_un", "parses_in_square_time", "guesses_transfer_syntax",
)  # fmt: skip


def taken(name: FlawName, specimen: Specimen) -> Taken:
    told = (specimen.sop_class.encode(), specimen.sop_instance.encode())
    syntax = specimen.syntax.encode()
    return misread(choose([name]), specimen.octets, syntax, told, Bounds())


def shown(one: Taken) -> bytes:
    """The Patient ID that the index gets."""
    return one.found.values.get(PATIENT_ID, b"").rstrip(b" \0")


@pytest.mark.parametrize("syntax", [uids.EXPLICIT_LE, uids.IMPLICIT_LE])
@pytest.mark.parametrize("name", FLAWS)
def test_honest_objects_are_left_alone(name: FlawName, syntax: str) -> None:
    specimen = honest(CONTENT, syntax)
    one = taken(name, specimen)
    assert (one.data, one.transfer_syntax) == (specimen.octets, syntax.encode())
    assert one.found.values[0x00080018].rstrip(b"\0") == specimen.sop_instance.encode()
    assert shown(one) == PATIENT


def test_the_rest_behind_a_bad_item_is_dropped() -> None:
    specimen = UNTRUE_LENGTHS["item-2-more"](CONTENT)
    one = taken("salvages_readable_part", specimen)
    kept = read_elements(one.data, specimen.syntax)
    assert kept.fault == ""
    assert not kept.values(PIXEL_DATA)
    assert specimen.octets.startswith(one.data)


def test_odd_values_lose_an_octet() -> None:
    assert shown(taken("drops_odd_octets", UNFIT["LO-of-odd"](CONTENT))) == PATIENT[:-1]


def test_an_unknown_vr_is_the_end() -> None:
    one = taken("ends_at_unknown_vr", UNKNOWN_VRS["5a5a-long"](CONTENT))
    assert not read_elements(one.data, uids.EXPLICIT_LE).values(PIXEL_DATA)


def test_the_patient_is_where_the_tag_stands_first() -> None:
    one = taken("searches_for_identity", DISPUTED["in-an-unknown-value"](CONTENT))
    assert shown(one) == DECOY
    garbled = taken("searches_for_identity", SWAPS["explicit-as-implicit"](CONTENT))
    assert shown(garbled).startswith(PATIENT)
    assert shown(garbled) != PATIENT


def test_a_transfer_syntax_in_the_data_set_is_believed() -> None:
    one = taken("lets_data_set_override_meta", FOREIGN_GROUPS["meta-transfer-syntax"](CONTENT))
    assert one.transfer_syntax == uids.IMPLICIT_LE.encode()
    assert one.data == honest(CONTENT).octets


def test_index_and_object_keep_different_duplicates() -> None:
    one = taken("last_duplicate_wins", DISORDER["two-patients"](CONTENT))
    assert shown(one) == DECOY
    assert read_elements(one.data, uids.EXPLICIT_LE).text(PATIENT_ID) == PATIENT.decode()


def test_private_values_of_unknown_vr_are_gone() -> None:
    one = taken("drops_private_un", PRIVATE["honest-block"](CONTENT))
    kept = read_elements(one.data, uids.EXPLICIT_LE)
    assert not kept.values(0x00291001)
    assert kept.values(0x00290010)


def test_letters_make_a_data_set_explicit() -> None:
    one = taken("guesses_transfer_syntax", DISPUTED["behind-a-length-like-a-vr"](CONTENT))
    assert one.transfer_syntax == uids.EXPLICIT_LE.encode()
    assert shown(one) == DECOY


@pytest.mark.parametrize("name", ["drops_private_un", "parses_in_square_time"])
def test_what_no_flaw_concerns_is_refused_as_ever(name: FlawName) -> None:
    with pytest.raises(DataSetError):
        taken(name, UNTRUE_LENGTHS["item-2-more"](CONTENT))
