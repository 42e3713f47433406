"""The fragile flaws act on exactly one malformed part, and on nothing that is honest."""

from __future__ import annotations

import os

import pytest

from simulators import wire
from simulators.devices.reference import fragile
from simulators.devices.reference.assembly import Fragment, announces_data
from simulators.wire import uids

REQUEST = wire.associate_rq("CALLED", "CALLING", [wire.Context(1, uids.VERIFICATION)])
EMPTY = wire.Item(type=0x55)


class Died(Exception):  # noqa: N818 - what stands in for the end of the process
    """The device would have died."""


@pytest.fixture(autouse=True)
def _mortal(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise Died

    monkeypatch.setattr(fragile, "die", die)
    monkeypatch.setattr(os, "kill", die)


def _body(*items: wire.ItemLike) -> bytes:
    rq = wire.associate_rq(
        "CALLED", "CALLING", [wire.Context(1, uids.VERIFICATION)], user_items=items
    )
    return wire.encode(rq)[6:]


@pytest.mark.parametrize(
    "items", [(), (EMPTY,), (EMPTY, wire.AsyncWindow(), EMPTY), (wire.AsyncWindow(),) * 2]
)
def test_other_items_are_survived(items: tuple[wire.ItemLike, ...]) -> None:
    fragile.meet_items(_body(*items))


def test_two_empty_items_of_one_type_are_not() -> None:
    with pytest.raises(Died):
        fragile.meet_items(_body(EMPTY, EMPTY))


def test_a_list_that_cannot_be_read_is_left_to_others() -> None:
    fragile.meet_items(_body(EMPTY, EMPTY)[:-1])


@pytest.mark.parametrize(("vr", "dies"), [("LO", False), ("UT", False), ("ZZ", True), ("lo", True)])
def test_only_a_vr_that_nobody_knows_kills(vr: str, dies: bool) -> None:
    elements = (
        wire.Element(tag=0x00080005, vr="CS", value="ISO_IR 100"),
        wire.Element(tag=0x00080008, vr="OB", value=b"\0\0"),
        wire.Element(tag=0x00080080, vr=vr, value="value"),
    )
    explicit = wire.encode_dataset(elements, uids.EXPLICIT_LE)
    implicit = wire.encode_dataset(elements, uids.IMPLICIT_LE)
    fragile.meet_vrs(implicit, uids.IMPLICIT_LE.encode())
    if dies:
        with pytest.raises(Died):
            fragile.meet_vrs(explicit, uids.EXPLICIT_LE.encode())
    else:
        fragile.meet_vrs(explicit, uids.EXPLICIT_LE.encode())


def test_an_empty_fragment_of_a_command_stops_the_device() -> None:
    assembler = fragile.StoppingAssembler(announces_data, 1 << 20)
    command = wire.encode_command(wire.c_echo_rq())
    assert assembler.feed(Fragment(1, True, True, command)) is not None
    with pytest.raises(Died):
        assembler.feed(Fragment(1, True, False, b""))
