"""What an eavesdropper can tell: versions, alerts, and who went on."""

from __future__ import annotations

import pytest

from simulators.relay.framing import Unit
from simulators.relay.security import agreed
from simulators.relay.transcript import Transcript
from simulators.tls import TlsVersion
from simulators.tls.codes import Extension
from tests.simulators.relay.talks import (
    ACCEPTOR,
    ALERT,
    CHANGE,
    HANDSHAKE,
    REQUESTOR,
    begun,
    hello,
    noted,
    sealed,
    server_hello,
    talk,
    unit,
)

V12, V13 = TlsVersion.TLS1_2, TlsVersion.TLS1_3


@pytest.mark.parametrize("version", [V12, V13])
def test_an_answer_is_more_than_an_ending(version: TlsVersion) -> None:
    seen = begun(version)
    since = len(seen.said)
    for size in (19, 27, 34):
        noted(seen, [(ACCEPTOR, sealed(size))])
    assert not seen.answers(ACCEPTOR, since)
    noted(seen, [(ACCEPTOR, sealed(95))])
    assert seen.answers(ACCEPTOR, since)
    assert not seen.answers(REQUESTOR, since)


def test_the_first_sealed_flight_of_tls_1_3_answers_nothing() -> None:
    seen = talk((REQUESTOR, hello()), (ACCEPTOR, server_hello(V13)), (ACCEPTOR, sealed(1885)))
    assert not seen.answers(ACCEPTOR, 1)
    noted(seen, [(REQUESTOR, sealed(24)), (ACCEPTOR, sealed(200))])
    assert not seen.answers(ACCEPTOR, 1), "an alert of the requestor is no Finished"
    noted(seen, [(REQUESTOR, sealed(69)), (ACCEPTOR, sealed(200))])
    assert seen.answers(ACCEPTOR, 1)


def test_a_server_of_tls_1_2_goes_on_by_its_change_of_cipher() -> None:
    seen = talk((REQUESTOR, hello()), (ACCEPTOR, server_hello(V12)))
    noted(seen, [(REQUESTOR, unit(CHANGE, b"\1")), (REQUESTOR, unit(HANDSHAKE, bytes(40)))])
    assert not seen.answers(ACCEPTOR, 1)
    assert not seen.answers(REQUESTOR, 1)
    noted(seen, [(ACCEPTOR, unit(CHANGE, b"\1"))])
    assert seen.answers(ACCEPTOR, 1)


def test_alerts_in_clear_have_a_name_and_sealed_ones_a_size() -> None:
    clear = talk((ACCEPTOR, unit(ALERT, b"\x02\x28")))
    assert str(clear.alert(ACCEPTOR)) == "handshake_failure(40)"
    assert clear.alert(REQUESTOR) is None
    assert talk((ACCEPTOR, unit(ALERT, b"\x01\x00"))).alert(ACCEPTOR) is None
    older = noted(begun(V12), [(REQUESTOR, unit(ALERT, bytes(26)))])
    newer = noted(begun(V13), [(REQUESTOR, sealed(19))])
    for seen in (older, newer):
        assert seen.says_goodbye(REQUESTOR)
        assert not seen.says_goodbye(ACCEPTOR)
        assert seen.alert(REQUESTOR) is None


def test_dicom_in_clear_is_recognised_by_its_first_byte() -> None:
    seen = talk(
        (REQUESTOR, Unit(type=None, data=b"\x01\x00rest")),
        (ACCEPTOR, Unit(type=None, data=b"\x07\x00rest")),
    )
    assert seen.speaks_in_clear(REQUESTOR)
    assert not seen.speaks_in_clear(ACCEPTOR)
    assert not Transcript().speaks_in_clear(REQUESTOR)


def test_resumption_is_seen_in_both_versions() -> None:
    taken = server_hello(V13, bytes(32), (Extension.PRE_SHARED_KEY, b"\0\0"))
    assert talk((REQUESTOR, hello()), (ACCEPTOR, taken)).resumed()
    assert not begun(V13).resumed()
    assert not begun(V12).resumed()
    assert not Transcript().resumed()


def test_what_was_agreed_on_is_told_in_names() -> None:
    told = agreed(begun(V13))
    assert told["version"] == "TLS 1.3"
    assert told["suite"] == "TLS_AES_256_GCM_SHA384"
    assert told["suite_class"] == "tls13"
    assert told["group"] == "x25519"
    assert agreed(Transcript())["version"] is None


def test_the_octets_of_data_are_counted_by_side() -> None:
    seen = begun(V13)
    assert seen.sealed(REQUESTOR) == 69
    assert seen.sealed(ACCEPTOR) == 900 + 1226
