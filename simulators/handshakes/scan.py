"""Finds out all that a device that listens negotiates, and says it as one ``surface`` observation.

Suites, groups and signature schemes are found by elimination, separately for each version: some
stacks have other groups under TLS 1.2 than under TLS 1.3, and a scan of the highest version alone
misses them. The form of the result is that of :mod:`harness.tls_surface`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from harness.stage import Stage
from harness.tls_surface import KIND
from simulators import tls
from simulators.handshakes.hellos import every_suite, require_hello_answered
from simulators.handshakes.probe import ACTOR, Answer, UnansweredError, ask, ask_ssl2, eliminate
from simulators.handshakes.surface import ORDER, SSL2, Findings, acceptor_surface, extension_name
from simulators.handshakes.trials import client, client_policy
from simulators.lab import lab_of
from simulators.tls.codes import GROUPS, SIGNATURE_SCHEMES, Extension, TlsVersion
from simulators.tls.suites import all_suites

_LANES = 4
_ALPN = "dicom"
_FFDHE = range(0x0100, 0x0200)
_EVERY_SCHEME = tuple(SIGNATURE_SCHEMES)
_CURVES = tuple(number for number in GROUPS if number not in _FFDHE and number < 0x11E0)
_OFFERED_EXTENSIONS = (
    (Extension.TRUNCATED_HMAC, b""),
    (Extension.ENCRYPT_THEN_MAC, b""),
    (Extension.SESSION_TICKET, b""),
)


def scan_acceptor(stage: Stage) -> None:
    """Asks the device for everything, and records its surface.

    A hello that offers everything must be answered before and after, so that refusals mean what
    they seem to mean.

    Raises:
        PreconditionUnmetError: It was not.
    """
    require_hello_answered(stage)
    found = Findings()
    _side_by_side(stage, _version_questions(stage, found))
    _side_by_side(stage, _suite_questions(stage, found))
    _side_by_side(stage, _detail_questions(stage, found))
    _see_certificate(stage, found)
    require_hello_answered(stage)
    stage.observe(KIND, ACTOR, **acceptor_surface(found, lab_of(stage).address(secure=True)[1]))


def _version_questions(stage: Stage, found: Findings) -> list[Callable[[], None]]:
    def alone(version: TlsVersion) -> None:
        suites = _suites_for(version)
        offer = tls.HelloOffer(
            versions=(version,), suites=suites, groups=_groups_for(version),
            signature_algorithms=_EVERY_SCHEME,
        )  # fmt: skip
        answer = ask(stage, offer, f"ClientHello that offers {version} alone")
        if answer.accepted and answer.flight.version is not version:
            answer = Answer(tls.ServerFlight(), f"answered in {answer.flight.version}")
        found.versions[version.label] = answer

    def ssl2() -> None:
        found.versions[SSL2] = ask_ssl2(stage)

    def together() -> None:
        offer = tls.HelloOffer(
            versions=ORDER, suites=every_suite(),
            signature_algorithms=_EVERY_SCHEME,
        )  # fmt: skip
        version = ask(stage, offer, "ClientHello that offers every version").flight.version
        found.chosen_version = None if version is None else version.label

    named = [(SSL2, ssl2), ("all versions", together)]
    questions = [_sure(found, f"version {name}", put) for name, put in named]
    for version in ORDER:
        questions.append(_sure(found, f"version {version.label}", partial(alone, version)))
    return questions


def _suite_questions(stage: Stage, found: Findings) -> list[Callable[[], None]]:
    def suites(version: TlsVersion) -> None:
        def put(left: tuple[int, ...]) -> int | None:
            offer = tls.HelloOffer(
                versions=(version,), suites=left, groups=_groups_for(version),
                signature_algorithms=_EVERY_SCHEME,
            )  # fmt: skip
            what = f"ClientHello of {version} with {len(left)} suites"
            return _accepted(found, ask(stage, offer, what), version, lambda f: f.suite)

        chosen, why = eliminate(_suites_for(version), put)
        found.suites[version.label] = chosen
        if why:
            found.unsure[f"suites {version.label}"] = why

    return [partial(suites, version) for version in found.spoken()]


def _detail_questions(stage: Stage, found: Findings) -> list[Callable[[], None]]:
    questions: list[Callable[[], None]] = []
    for version in found.spoken():
        if version in (TlsVersion.TLS1_2, TlsVersion.TLS1_3):
            questions.append(partial(_ask_groups, stage, found, version))
    if TlsVersion.TLS1_2 in found.spoken():
        questions.append(partial(_ask_schemes, stage, found))
        questions.append(_sure(found, "extensions", partial(_ask_extensions, stage, found)))
        questions.append(_sure(found, "finite-field", partial(_ask_prime, stage, found)))
    questions.append(_sure(found, "preference", partial(_ask_preference, stage, found)))
    return questions


def _ask_groups(stage: Stage, found: Findings, version: TlsVersion) -> None:
    label = version.label
    suites = [one for one in found.suites.get(label, []) if _uses_curve(one)]
    if not suites:
        found.groups[label] = []
        return

    def put(left: tuple[int, ...]) -> int | None:
        offer = tls.HelloOffer(
            versions=(version,), suites=tuple(suites), groups=left,
            signature_algorithms=_EVERY_SCHEME,
        )  # fmt: skip
        answer = ask(stage, offer, f"ClientHello of {version} with {len(left)} groups")
        return _accepted(found, answer, version, lambda f: f.key_exchange_group)

    found.groups[label], why = eliminate(_groups_for(version), put)
    if why:
        found.unsure[f"groups {label}"] = why


def _ask_schemes(stage: Stage, found: Findings) -> None:
    """Schemes of the ServerKeyExchange; TLS 1.3 signs where nobody can read it."""
    version = TlsVersion.TLS1_2
    signed = [s for s in found.suites.get(version.label, []) if _is_signed(s)]
    if not signed:
        return

    def put(left: tuple[int, ...]) -> int | None:
        offer = tls.HelloOffer(
            versions=(version,), suites=tuple(signed), groups=_CURVES, signature_algorithms=left
        )
        answer = ask(stage, offer, f"ClientHello with {len(left)} signature schemes")
        return _accepted(found, answer, version, lambda f: f.signature_scheme)

    found.schemes, why = eliminate(_EVERY_SCHEME, put)
    if why:
        found.unsure["signatures"] = why


def _ask_extensions(stage: Stage, found: Findings) -> None:
    label = TlsVersion.TLS1_2.label
    offer = tls.HelloOffer(
        versions=(TlsVersion.TLS1_2,), suites=tuple(found.suites[label]), alpn=(_ALPN,),
        groups=_CURVES, signature_algorithms=_EVERY_SCHEME, extra_extensions=_OFFERED_EXTENSIONS,
    )  # fmt: skip
    flight = ask(stage, offer, "ClientHello of TLS 1.2 with many extensions").flight
    names = [extension_name(kind) for kind in flight.extensions]
    cbc = tuple(one for one in found.suites[label] if "_CBC_" in tls.suite_name(one))
    if cbc:
        with_cbc = replace(offer, suites=cbc)
        second = ask(stage, with_cbc, "ClientHello of TLS 1.2 with CBC suites alone").flight
        names += [extension_name(kind) for kind in second.extensions]
    found.extensions[label] = sorted(set(names))
    found.alpn = [flight.alpn] if flight.alpn else []
    found.certificate_requested = flight.certificate_requested


def _ask_prime(stage: Stage, found: Findings) -> None:
    """The prime of its own: without the groups of RFC 7919 that would choose it for the device."""
    label = TlsVersion.TLS1_2.label
    dhe = tuple(one for one in found.suites[label] if tls.suite_name(one).startswith("TLS_DH"))
    if dhe:
        offer = tls.HelloOffer(
            versions=(TlsVersion.TLS1_2,), suites=dhe, groups=(),
            signature_algorithms=_EVERY_SCHEME,
        )  # fmt: skip
        found.flights.append(ask(stage, offer, "ClientHello with DHE suites alone").flight)


def _ask_preference(stage: Stage, found: Findings) -> None:
    """Whose order decides: the device's last choice is offered before its first, then after it."""
    for version in (TlsVersion.TLS1_2, TlsVersion.TLS1_3):
        listed = found.suites.get(version.label, [])
        if len(listed) < 2:
            continue
        first, last = listed[0], listed[-1]
        picks: list[int | None] = []
        for pair in ((last, first), (first, last)):
            offer = tls.HelloOffer(
                versions=(version,), suites=pair, groups=_groups_for(version),
                signature_algorithms=_EVERY_SCHEME,
            )  # fmt: skip
            picks.append(
                ask(stage, offer, f"ClientHello of {version} with two suites").flight.suite
            )
        if picks[0] == picks[1] and picks[0] is not None:
            found.preference = "server"
        elif picks == [last, first]:
            found.preference = "client"
        return


def _see_certificate(stage: Stage, found: Findings) -> None:
    """From clear flights; a device of TLS 1.3 alone shows it inside a whole handshake only."""
    seen = [f.certificate_der for f in found.flights if f.certificate_der is not None]
    found.certificates = list(dict.fromkeys(seen))
    if found.certificates or TlsVersion.TLS1_3 not in found.spoken():
        return
    with client(stage, client_policy(stage, lab_of(stage).trust.ours), actor="control") as peer:
        done = peer.handshake
    if done is not None and done.peer_certificate_der:
        found.certificates = [done.peer_certificate_der]
        found.certificate_requested = done.certificate_requested


def _accepted(
    found: Findings,
    answer: Answer,
    version: TlsVersion,
    choice: Callable[[tls.ServerFlight], int | None],
) -> int | None:
    """What the device chose, when it went along in that version; the flight is kept."""
    if not answer.accepted or answer.flight.version is not version:
        return None
    found.flights.append(answer.flight)
    return choice(answer.flight)


def _suites_for(version: TlsVersion) -> tuple[int, ...]:
    modern = version is TlsVersion.TLS1_3
    wanted = (one for one in all_suites() if one.weakness != "signal")
    return tuple(one.code_point for one in wanted if (one.weakness == "tls13") is modern)


def _groups_for(version: TlsVersion) -> tuple[int, ...]:
    return tuple(GROUPS) if version is TlsVersion.TLS1_3 else _CURVES


def _uses_curve(code: int) -> bool:
    name = tls.suite_name(code)
    return name.startswith("TLS_ECDHE_") or "_WITH_" not in name


def _is_signed(code: int) -> bool:
    return tls.suite_name(code).startswith(("TLS_ECDHE_", "TLS_DHE_"))


def _sure(found: Findings, what: str, put: Callable[[], None]) -> Callable[[], None]:
    """The question, with what cannot be asked noted down."""

    def carefully() -> None:
        try:
            put()
        except UnansweredError as error:
            found.unsure[what] = str(error)

    return carefully


def _side_by_side(stage: Stage, questions: Iterable[Callable[[], None]]) -> None:
    """Puts questions at the same time, as far as the device and the scope have room."""
    acceptor = stage.profile.acceptor
    limit = acceptor.max_associations if acceptor is not None else None
    room = min(limit or _LANES, max(1, stage.profile.scope.max_connections // 8))
    with ThreadPoolExecutor(max_workers=max(1, min(_LANES, room))) as pool:
        for done in [pool.submit(question) for question in questions]:
            done.result()
