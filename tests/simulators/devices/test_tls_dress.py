"""Dresses, and flaws against TLS profiles: what each negotiates, and that nothing else changes."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.model import Claim
from simulators.devices.embedded import embedded_profile
from simulators.devices.reference.flaws import UnknownFlawError, choose
from simulators.tls import HelloOffer, ServerFlight, TlsVersion, client_hello, parse_server_flight
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.running import Running, reference
from tests.simulators.devices.test_tls import asked, context
from tests.simulators.devices.test_tls_hello_flaws import answer, arguments

V10, V12 = (TlsVersion.TLS1_0,), (TlsVersion.TLS1_2,)
TRIPLE_DES, AES_CBC, DHE_GCM, ARIA, CHACHA20 = 0x000A, 0x002F, 0x009E, 0xC060, 0xCCA8
BCP, BASIC = ("--dress", "retired-bcp-195"), ("--dress", "retired-basic")
SMALL = HelloOffer(versions=V12, groups=("secp224r1", "secp192r1"))
OLD = HelloOffer(versions=V10, suites=(TRIPLE_DES, AES_CBC))
OLDEST = HelloOffer(versions=V10, suites=(TRIPLE_DES,))
LEGACY = HelloOffer(versions=V12, suites=(CHACHA20, DHE_GCM))
LISTED = HelloOffer(versions=V12, suites=(ARIA,))


def heard(running: Running, offer: HelloOffer) -> ServerFlight:
    return parse_server_flight(answer(running.tls_port, client_hello(offer)))


@pytest.fixture(scope="module")
def sound(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with reference(tmp_path_factory.mktemp("tls"), *arguments(lab)) as running:
        yield running


@pytest.mark.parametrize(
    "offer", [SMALL, OLD, OLDEST, LISTED], ids=("P-224", "1.0", "3DES", "ARIA")
)
def test_the_usual_device_refuses(offer: HelloOffer, sound: Running) -> None:
    assert heard(sound, offer).alert is not None


def test_the_usual_device_takes_what_b13_lists(sound: Running) -> None:
    assert heard(sound, LEGACY).suite == CHACHA20


@pytest.mark.parametrize(
    ("flaw", "offer"), [("curve_below_256_bits", SMALL), ("unlisted_suite", LISTED)]
)
def test_a_flaw_against_a_profile(flaw: str, offer: HelloOffer, lab: Lab, tmp_path: Path) -> None:
    with reference(tmp_path, *arguments(lab, flaw)) as it:
        assert heard(it, offer).accepted
        assert heard(it, LEGACY).suite == CHACHA20
        assert heard(it, OLD).alert is not None
        assert asked(it.tls_port, context(lab)) == "TLSv1.3"


def test_the_dress_of_bcp_195_has_dhe_and_no_tls_1_3(lab: Lab, tmp_path: Path) -> None:
    with reference(tmp_path, *arguments(lab), *BCP) as it:
        seen = heard(it, LEGACY)
        assert (seen.suite, seen.dh_bits) == (DHE_GCM, 2048)
        assert heard(it, OLD).alert is not None
        assert asked(it.tls_port, context(lab)) == "TLSv1.2"


def test_the_basic_dress_speaks_tls_1_0_beside_those_of_today(lab: Lab, tmp_path: Path) -> None:
    with reference(tmp_path, *arguments(lab), *BASIC) as it:
        assert heard(it, OLD).suite == AES_CBC
        assert heard(it, OLDEST).suite == TRIPLE_DES
        assert heard(it, OLDEST).version is TlsVersion.TLS1_0
        assert asked(it.tls_port, context(lab)) == "TLSv1.3"


def test_3des_can_be_missing_from_the_basic_dress(lab: Lab, tmp_path: Path) -> None:
    with reference(tmp_path, *arguments(lab, "refuses_3des"), *BASIC) as it:
        assert heard(it, OLD).suite == AES_CBC
        assert heard(it, OLDEST).alert is not None


@pytest.mark.parametrize(
    ("claim", "dress"),
    [(Claim.TLS_B_3, "retired-basic"), (Claim.TLS_ITI_19, "retired-bcp-195")],
)
def test_a_claim_chooses_the_dress_of_both_sides(claim: Claim, dress: str) -> None:
    profile = embedded_profile(flaws=["weak_suites"], claims=[claim])
    assert claim in profile.claims()
    assert Claim.TLS_B_13 not in profile.claims()
    assert profile.process is not None
    assert profile.requestor is not None
    started, called = profile.process.start, profile.requestor.tls_commands["verification"]
    for command in (started, called):
        assert command[command.index("--dress") + 1] == dress
        assert command[command.index("--flaw") + 1] == "weak_suites"


def test_an_unknown_dress_is_refused_by_name() -> None:
    with pytest.raises(UnknownFlawError, match=r"unknown dress 'retired-basics'.*retired-basic"):
        choose([], [], ["retired-basics"])


def test_the_reference_is_told_to_have_every_suite_of_tls_1_3() -> None:
    profile = embedded_profile()
    assert profile.process is not None
    assert profile.requestor is not None
    assert profile.process.env == profile.requestor.env == {"OPENSSL_CONF": "{recipe}/openssl.cnf"}
    conf = (profile.folder / "openssl.cnf").read_text("ascii")
    usual = {suite["name"] for suite in ssl.create_default_context().get_ciphers()}
    named = conf.partition("Ciphersuites = ")[2].split("\n")[0].split(":")
    assert {"TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"} == set(named) - usual
