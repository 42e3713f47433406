"""Each deviation meets the right unit, once, and changes nothing else."""

from __future__ import annotations

import pytest

from simulators import tls
from simulators.relay import hello as hellos
from simulators.relay.deviations import (
    PIXEL_OCTETS,
    cut_before_the_answer,
    cut_inside_the_object,
    cut_offer,
    flip_in_the_answer,
    flip_in_the_object,
    lead_astray,
    reflect,
    refuse_in_place_of_the_acceptor,
)
from simulators.relay.transcript import Transcript
from simulators.tls import TlsVersion
from simulators.tls.codes import Extension
from tests.simulators.relay.talks import (
    ACCEPTOR,
    HANDSHAKE,
    REQUESTOR,
    begun,
    hello,
    noted,
    sealed,
    unit,
)

V12, V13 = TlsVersion.TLS1_2, TlsVersion.TLS1_3
NOTHING = Transcript()


def sent(octets: int) -> Transcript:
    """The requestor has said so much of its object."""
    pieces = [(REQUESTOR, sealed(16384)) for _ in range(octets // 16384)]
    return noted(begun(V13), pieces)


def test_one_bit_of_the_object_is_flipped_and_only_there() -> None:
    flip, record = flip_in_the_object(), sealed(16384)
    assert flip(REQUESTOR, record, begun(V13)) is None
    assert flip(REQUESTOR, record, sent(PIXEL_OCTETS // 4)) is None, "a long proposal, perhaps"
    assert flip(ACCEPTOR, record, sent(PIXEL_OCTETS)) is None
    act = flip(REQUESTOR, record, sent(PIXEL_OCTETS // 2))
    assert act is not None
    pairs = zip(act.data, record.data, strict=True)
    assert sum((one ^ other).bit_count() for one, other in pairs) == 1
    assert b"".join(data for _, data in act.parts) == act.data
    assert act.lies[0] in dict(act.parts)
    assert not act.cut


def test_the_answer_is_what_the_acceptor_says_after_the_object() -> None:
    flip, answer = flip_in_the_answer(), sealed(150)
    assert flip(ACCEPTOR, sealed(1226), sent(PIXEL_OCTETS // 2)) is None
    assert flip(REQUESTOR, answer, sent(PIXEL_OCTETS)) is None
    act = flip(ACCEPTOR, answer, sent(PIXEL_OCTETS))
    assert act is not None
    assert act.data != answer.data
    assert act.data[:5] == answer.data[:5]


@pytest.mark.parametrize(("between", "kept"), [(True, 0), (False, (16384 + 5) // 2)])
def test_a_cut_keeps_half_a_record_or_none(between: bool, kept: int) -> None:
    cut = cut_inside_the_object(between_records=between)
    act = cut(REQUESTOR, sealed(16384), sent(PIXEL_OCTETS // 2))
    assert act is not None
    assert act.cut
    assert len(act.data) == kept
    assert cut(REQUESTOR, sealed(16384), begun(V13)) is None


def test_the_answer_is_held_back() -> None:
    act = cut_before_the_answer()(ACCEPTOR, sealed(150), sent(PIXEL_OCTETS))
    assert act is not None
    assert act.cut
    assert act.data == b""


def test_versions_are_taken_out_of_the_offer() -> None:
    act = cut_offer(hellos.VERSIONS)(REQUESTOR, hello(), NOTHING)
    assert act is not None
    less, more = tls.parse_client_hello(act.data), tls.parse_client_hello(hello().data)
    assert not less.problem
    assert Extension.SUPPORTED_VERSIONS in more.extensions
    assert Extension.SUPPORTED_VERSIONS not in less.extensions
    assert less.random == more.random
    assert less.suites == more.suites
    assert "extensions" in act.lies


def test_a_hello_of_tls_1_2_is_led_to_1_1() -> None:
    act = cut_offer(hellos.VERSIONS)(REQUESTOR, hello(V12), NOTHING)
    assert act is not None
    assert tls.parse_client_hello(act.data).client_version < V12 or (
        Extension.SUPPORTED_VERSIONS not in tls.parse_client_hello(act.data).extensions
    )


def test_the_least_liked_suites_are_left() -> None:
    offer = tls.HelloOffer(
        versions=(V13, V12), suites=(0x1302, 0x1301, 0xC02F, 0xC030, 0x009C, 0x00FF)
    )
    whole = tls.client_hello(offer)
    changed = hellos.without(whole, hellos.SUITES)
    assert changed is not None
    less = tls.parse_client_hello(changed[0])
    assert not less.problem
    assert less.suites == (0x1301, 0x009C, 0x00FF)
    assert changed[1] == "cipher_suites"


def test_what_holds_no_whole_hello_is_left_alone() -> None:
    whole = hello().data
    for data in (whole[:-1], unit(HANDSHAKE, b"\x02\0\0\1a").data, b"", bytes(7)):
        assert hellos.without(data, hellos.VERSIONS) is None
    less = hellos.without(whole, hellos.VERSIONS)
    assert less is not None
    again = hellos.without(less[0], hellos.VERSIONS)
    assert again is not None, "the version itself is left to be lowered"
    assert again[1] == "client_version"


def test_answers_in_place_of_the_acceptor_go_back() -> None:
    refusal = refuse_in_place_of_the_acceptor([("alert", b"\x15\x03\x03\x00\x02\x02\x28")], "no")
    for deviation, data in ((refusal, b"\x15\x03\x03\x00\x02\x02\x28"), (reflect(), hello().data)):
        act = deviation(REQUESTOR, hello(), NOTHING)
        assert act is not None
        assert act.back
        assert act.data == data
        assert deviation(ACCEPTOR, hello(), NOTHING) is None
        assert deviation(REQUESTOR, sealed(40), NOTHING) is None


def test_who_is_led_astray_says_the_same() -> None:
    act = lead_astray("elsewhere")(REQUESTOR, hello(), NOTHING)
    assert act is not None
    assert act.data == hello().data
    assert not act.back
