"""Shows the device a specimen of the zoo, in either role, with the engine that can show it.

An honest certificate of the same engine and version is shown just before: by a client in every
play, by a server where its engine is not the one of the twin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import tls
from simulators.acceptor import Acceptor
from simulators.handshakes.hearing import SPANS, claimed_versions
from simulators.handshakes.traps import (
    await_request,
    receive_client,
    serve_echo,
    server_policy,
)
from simulators.handshakes.trials import (
    client,
    client_policy,
    require_served,
    seek_service,
    witness_certificate,
)
from simulators.lab import lab_of
from simulators.pki import Identity
from simulators.pki.zoo import Need, Role, Rule, Specimen, Theme, specimen, specimens

_PLAIN = frozenset(
    {
        "honest intermediate",
        "path just short enough",
        "name permitted",
        "intermediate that ends earlier",
        "key for signatures only",
        "purposes beside others",
        "right name among others",
        "root sent along",
        "unknown extension",
        "29 February of a leap year",
        "valid until 2049",
        "valid until 2050",
    }
)
_GOOD_BY_OCSP = "good by OCSP"
_USED = frozenset({Outcome.RELEASED, Outcome.RESPONDED})
_BELOW_TLS_1_3 = tls.TlsVersion.TLS1_2


def names_of(
    theme: Theme,
    shown_by: Role,
    *rules: Rule,
    needs: Sequence[Need] = ("", "tls12"),
    about: str = "",
    without: Sequence[str] = (),
) -> list[str]:
    """Names of the specimens of a theme that this role shows, for ``vary``.

    Args:
        theme: What they are about.
        shown_by: "client" to a device that listens, "server" to one that calls.
        *rules: By default those that must and those that should be refused.
        needs: What the device must do, or the handshake must be, for them to mean anything.
        about: A requirement that they have to be about.
        without: Requirements that they must not be about.
    """
    wanted = rules or ("must", "should")
    return [
        one.name
        for one in specimens(theme=theme, shown_by=shown_by)
        if one.rule in wanted
        and one.needs in needs
        and (not about or about in one.requirements)
        and not set(without) & set(one.requirements)
    ]


def all_odd(shown_by: Role) -> list[str]:
    """Names of all specimens that are odd but valid, and need nothing of the device."""
    odd = specimens(shown_by=shown_by, rule="accept")
    return [one.name for one in odd if one.needs in ("", "tls12")]


def required_of_all() -> frozenset[str]:
    """Those of them that every device has to serve: no device may call them unusual."""
    return _PLAIN


def cases(names: Sequence[str]) -> list[dict[str, JSON]]:
    """One case per specimen."""
    return [{"flaw": name} for name in names]


def versioned(names: Sequence[str], both: Sequence[str]) -> list[dict[str, JSON]]:
    """One case per specimen at the highest claimed version; these also at the lowest."""
    lowest, highest = SPANS
    shown = [*((lowest, name) for name in both), *((highest, name) for name in names)]
    return [{"version": version, "flaw": name} for version, name in shown]


def soft(names: Sequence[str]) -> list[str]:
    """Those of the names for which refusal is a SHOULD only."""
    return [name for name in names if specimen(name).rule == "should"]


def try_specimen(stage: Stage) -> Outcome:
    """Comes to the device with the certificate of ``stage.case["flaw"]`` and seeks service.

    Raises:
        PreconditionUnmetError: An honest client was not served, or the device does not claim the
            version of TLS in which this certificate can be shown.
        NotEmittedError: Our certificate was not asked for, or did not leave.
    """
    kind = specimen(str(stage.case["flaw"]))
    lab = lab_of(stage)
    shown = kind.make(lab.trust.authority, lab.revocation)
    honest = lab.trust.authority.issue(common_name="dicom-assay client")
    if kind.needs == "ocsp":
        # The device has to reach the responder: else it would refuse every such certificate.
        honest = specimen(_GOOD_BY_OCSP).make(lab.trust.authority, lab.revocation)
    require_served(stage, _policy(stage, kind, honest, client_policy(stage, honest)))
    with client(stage, _policy(stage, kind, shown, client_policy(stage, shown))) as peer:
        witness_certificate(peer, peer.handshake, shown, kind.lie)
        return seek_service(peer)


def show_specimen(stage: Stage) -> Outcome:
    """Answers the device's call with the certificate of ``stage.case["flaw"]``.

    A certificate that is odd but valid is served to the end of a C-ECHO.

    Raises:
        PreconditionUnmetError: As for :func:`try_specimen`.
        NotEmittedError: Our certificate did not leave.
    """
    kind = specimen(str(stage.case["flaw"]))
    lab = lab_of(stage)
    if kind.verbatim:
        _require_used(stage, kind, lab.trust.ours)
    shown = kind.make(lab.trust.authority, lab.revocation)
    with Acceptor(stage, hello_only=True) as server:
        policy = _policy(stage, kind, shown, server_policy(stage, shown))
        done = receive_client(server, policy)
        witness_certificate(server, done, shown, kind.lie)
        if kind.rule != "accept":
            return await_request(server, done)
        outcome = serve_echo(server, done)
        server.wait_for_exit()
    if outcome not in _USED:
        # A device that trusts single certificates only has not refused this one for being odd.
        _require_used(stage, kind, lab.trust.authority.issue(common_name="dicom-assay server"))
    return outcome


def _require_used(stage: Stage, kind: Specimen, honest: Identity) -> None:
    """An honest server of the specimen's engine must be used, just now."""
    server = Acceptor(stage, hello_only=True)
    server.actor = "control"
    with server:
        policy = _policy(stage, kind, honest, server_policy(stage, honest))
        outcome = serve_echo(server, receive_client(server, policy))
        server.wait_for_exit()
    stage.require(outcome in _USED, f"an honest server of the same engine got {outcome.value}")


def _policy(
    stage: Stage, kind: Specimen, identity: Identity, usual: tls.TlsPolicy
) -> tls.TlsPolicy | tls.LegacyPolicy:
    """How our side shows this kind: below TLS 1.3, or verbatim, where nothing else would do."""
    if not (kind.verbatim or kind.needs == "tls12"):
        return usual
    lowest, _ = claimed_versions(stage)
    why = f"a certificate of this kind ({kind.name}) can be shown in TLS 1.2 only"
    stage.require(lowest <= _BELOW_TLS_1_3, why)
    if kind.verbatim:
        return tls.LegacyPolicy.version(_BELOW_TLS_1_3, identity)
    return replace(usual, minimum=_BELOW_TLS_1_3, maximum=_BELOW_TLS_1_3)
