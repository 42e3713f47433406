"""Weak key exchanges that a server may choose: small groups, and signatures worth nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.acceptor import Acceptor
from simulators.handshakes.answers import (
    hear_reaction,
    refused,
    require_flight_taken,
    send_answer,
)
from simulators.handshakes.traps import await_request, read_hello, receive_client
from simulators.lab import lab_of
from simulators.tls.codes import GROUP_NUMBERS, SCHEME_NUMBERS

_PARAMETERS = ("key_exchange.parameters", "server_key_exchange")
_SIGNATURE = ("key_exchange.scheme", "key_exchange.signature", "server_key_exchange")
_DHE_RSA_AES = 0x009E
_FFDHE = 0x01
_SIZES: dict[str, Literal[768, 1024]] = {"DH 768": 768, "DH 1024": 1024}
_HASHES: dict[str, Literal["md5", "sha1"]] = {"by MD5": "md5", "by SHA-1": "sha1"}
_TLS12 = tls.LegacyPolicy(minimum=tls.TlsVersion.TLS1_2, maximum=tls.TlsVersion.TLS1_2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """Weak parameters that a server may choose.

    Attributes:
        name: For the report.
        offered: Tells whether a device's hello offers them; a signature that is no good for its
            content needs no offer.
        playable: Tells whether ``policy`` can choose them in answer to that hello.
        policy: Plays them to the end of the handshake.
        offer: Chooses them by hand: for a device that does not offer them, and where ``policy``
            cannot.
        lies: The parts that are weak, by the names of a flight that was made by hand and by those
            of one that an engine sent.
    """

    name: str
    offered: Callable[[tls.ClientHello], bool]
    playable: Callable[[tls.ClientHello], bool]
    policy: tls.LegacyPolicy
    offer: Callable[[tls.ClientHello], tls.ServerOffer]
    lies: tuple[str, ...]


def small_group(name: str) -> Weakness:
    """A group by name: "DH 768", "DH 1024", or a curve of IANA's."""
    bits = _SIZES.get(name)
    if bits is not None:
        return Weakness(
            name=name,
            offered=lambda hello: bool(_finite_field_suites(hello)),
            playable=lambda hello: bool(_finite_field_suites(hello)) and not _names_primes(hello),
            policy=replace(_TLS12, key_exchanges=("dhe_rsa",), dh_bits=bits),
            offer=lambda hello: tls.ServerOffer(
                suite=next(iter(_finite_field_suites(hello)), _DHE_RSA_AES), dh_bits=bits
            ),
            lies=_PARAMETERS,
        )
    number = GROUP_NUMBERS[name]
    return Weakness(
        name=name,
        offered=lambda hello: number in hello.groups,
        playable=lambda hello: number in hello.groups,
        policy=replace(_TLS12, key_exchanges=("ecdhe_rsa",), groups=(name,)),
        offer=lambda _hello: tls.ServerOffer(group=name),
        lies=_PARAMETERS,
    )


def weak_signature(stage: Stage, how: str) -> Weakness:
    """A signature over the ephemeral key: "by SHA-1", "by MD5", "of another key" or "altered"."""
    digest = _HASHES.get(how)
    if digest is not None:
        scheme = SCHEME_NUMBERS[f"rsa_pkcs1_{digest}"]
        return Weakness(
            name=f"a signature {how}",
            offered=lambda hello: scheme in hello.signature_algorithms,
            playable=lambda hello: scheme in hello.signature_algorithms,
            policy=replace(_TLS12, key_exchanges=("ecdhe_rsa",), signature_hash=digest),
            offer=lambda _hello: tls.ServerOffer(scheme=scheme),
            lies=_SIGNATURE,
        )
    stranger = lab_of(stage).trust.authority.issue()
    offers = {
        "of another key": tls.ServerOffer(signer=stranger),
        "altered": tls.ServerOffer(spoiled_signature=True),
    }
    return Weakness(
        name=f"a signature {how}",
        offered=lambda _hello: True,
        playable=lambda _hello: False,
        policy=_TLS12,
        offer=lambda _hello: offers[how],
        lies=_SIGNATURE,
    )


def choose_weak(stage: Stage, weakness: Weakness) -> None:
    """Chooses weak parameters: up to the A-ASSOCIATE-RQ where the device offers them.

    A device that does not offer them is NOT_OFFERED, once it has refused them all the same.

    Raises:
        PreconditionUnmetError: An honest flight of the same making is refused too.
    """
    require_flight_taken(stage)
    ours = lab_of(stage).trust.ours
    with Acceptor(stage, hello_only=True) as weak:
        read = read_hello(weak)
        if read is None:
            return
        hello, heard = read
        what = f"ServerKeyExchange: {weakness.name}"
        if weakness.playable(hello):
            policy = replace(weakness.policy, identity=ours)
            done = receive_client(weak, policy, ahead=heard, what=what, lies=weakness.lies)
            await_request(weak, done)
            return
        made = tls.server_flight(hello, weakness.offer(hello), ours)
        send_answer(weak, made, what=what, lies=list(weakness.lies))
        if refused(hear_reaction(weak)) and not weakness.offered(hello):
            detail = f"{weakness.name} was not offered, and was refused when it was chosen"
            weak.conclude(Outcome.NOT_OFFERED, {"detail": detail})


def _finite_field_suites(hello: tls.ClientHello) -> list[int]:
    return [one for one in hello.suites if tls.suite_name(one).startswith("TLS_DHE_RSA_")]


def _names_primes(hello: tls.ClientHello) -> bool:
    """It lists primes by name, so that no engine of ours would send another (RFC 7919 4)."""
    return any(group >> 8 == _FFDHE for group in hello.groups)
