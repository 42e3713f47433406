"""Oracles on TLS: who was refused at which door, and what was negotiated.

A ``handshake`` observation has ``completed``, ``version``, ``cipher``, ``certificate_requested``,
``certificate_sent``, ``alert_received`` and ``phase``; a ``hello`` observation has ``by`` ("us" or
"device"), ``versions`` (numbers as on the wire) and ``explicit`` (they were listed one by one).
"""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum

from harness.model import Claim, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.verdict import FailKind, Outcome, Verdict


class TlsAlert(IntEnum):
    """Descriptions of alerts that a refusal may carry (RFC 8446 6)."""

    UNEXPECTED_MESSAGE = 10
    RECORD_OVERFLOW = 22
    BAD_RECORD_MAC = 20
    HANDSHAKE_FAILURE = 40
    BAD_CERTIFICATE = 42
    UNSUPPORTED_CERTIFICATE = 43
    CERTIFICATE_EXPIRED = 45
    CERTIFICATE_UNKNOWN = 46
    ILLEGAL_PARAMETER = 47
    UNKNOWN_CA = 48
    DECODE_ERROR = 50
    DECRYPT_ERROR = 51
    PROTOCOL_VERSION = 70
    INSUFFICIENT_SECURITY = 71
    INAPPROPRIATE_FALLBACK = 86
    MISSING_EXTENSION = 109
    UNSUPPORTED_EXTENSION = 110
    UNRECOGNIZED_NAME = 112
    CERTIFICATE_REQUIRED = 116
    NO_APPLICATION_PROTOCOL = 120


_TLS_1_2, _TLS_1_3 = 0x0303, 0x0304
_LABELS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", _TLS_1_2: "TLS 1.2"} | {
    _TLS_1_3: "TLS 1.3"
}
_SILENT = frozenset({Outcome.CLOSED, Outcome.RESET})
_SERVED = frozenset({Outcome.ACCEPTED, Outcome.RESPONDED})
_BY_DICOM = frozenset({Outcome.REJECTED, Outcome.ABORTED, Outcome.RELEASED})


def tls_refused(*preferred: TlsAlert, actor: str = "attacker") -> Oracle:
    """TLS itself must refuse: a fatal alert, or an end without any application data.

    A refusal by DICOM after a completed handshake is a FAIL of its own wording: the peer got
    through the door that had to stay shut. Every outcome of the actor must satisfy.

    Args:
        preferred: Alerts that pass strictly; any other alert, FIN and RST pass leniently. None
            named: every alert is strict.
        actor: Whose outcomes are judged.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, actor)
        if not seen:
            return unseen("no outcome was witnessed")
        strict = True
        for outcome, observation in seen:
            if wrong := _let_in(record, actor, outcome, observation):
                return wrong
            strict &= outcome is Outcome.NOT_OFFERED or (
                outcome is Outcome.ALERT
                and (not preferred or observation.data.get("alert") in preferred)
            )
        outcome, observation = seen[-1]
        return passed(told(outcome, observation), preferred=strict, outcome=outcome)

    names = ", ".join(alert.name.lower() for alert in preferred) or "any alert"
    whose = "" if actor == "attacker" else f"; {actor}"
    return NamedOracle(f"tls_refused({names}{whose})", judge, refusal=True)


def only_should(oracle: Oracle, parameter: str, values: Collection[str]) -> Oracle:
    """For cases in which the rule is a SHOULD, a FAIL for acceptance becomes a WARN.

    Args:
        oracle: Judges first.
        parameter: Which parameter of the case tells.
        values: Its values for which the rule is a SHOULD.
    """
    soft = frozenset(values)

    def judge(record: Record) -> Finding:
        found = oracle(record)
        fails = found.verdict is Verdict.FAIL and found.kind is FailKind.ACCEPTED
        if not fails or record.case.get(parameter) not in soft:
            return found
        return warned(f"{found.reason} [the rule is a SHOULD]", outcome=found.outcome)

    name = f"only_should({oracle.name}; {', '.join(sorted(soft))})"
    return NamedOracle(name, judge, refusal=oracle.refusal)


def asks_for_certificate() -> Oracle:
    """A device that claims mutual authentication sends a CertificateRequest.

    Without one every refusal of a certificate would be vacuous, so it is a failure by itself.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("handshake", "attacker"))
        if any(not one.data.get("certificate_requested") for one in seen if _completed(one)):
            why = "mutual authentication is claimed, but no CertificateRequest was sent"
            return failed(FailKind.ACCEPTED, why)
        if any(one.data.get("certificate_requested") for one in seen):
            return passed("a client certificate was asked for")
        return unseen("no handshake came as far as a CertificateRequest")

    return NamedOracle("asks_for_certificate", judge)


def negotiates(version: str) -> Oracle:
    """The handshake ends with this version, as in "TLS 1.2"."""

    def judge(record: Record) -> Finding:
        seen = record.last("handshake", "attacker")
        if seen is None:
            return unseen("no handshake was witnessed")
        chosen = seen.data.get("version")
        if chosen == version:
            return passed(f"{version}, {seen.data.get('cipher')}")
        why = f"{chosen or 'nothing'} was negotiated where {version} was offered"
        return failed(FailKind.WRONG_REASON, why)

    return NamedOracle(f"negotiates({version})", judge)


def prefers_newest() -> Oracle:
    """Of the versions that were offered, the device takes the newest that it claims."""

    def judge(record: Record) -> Finding:
        seen = record.last("handshake", "attacker")
        offered = _versions(record.last("hello", "attacker"))
        if seen is None or not offered:
            return unseen("no handshake was witnessed")
        usable = [one for one in offered if one < _TLS_1_3 or _claims(record, Claim.TLS_1_3)]
        wanted = max(usable or offered)
        chosen = seen.data.get("version")
        takes = {_LABELS.get(one, "") for one in offered if one >= wanted}
        if chosen in takes:
            return passed(f"{chosen}, {seen.data.get('cipher')}", outcome=Outcome.ACCEPTED)
        end = seen.data.get("alert_received_name") or seen.data.get("ended") or "no ServerHello"
        why = f"{chosen or end} where {_LABELS.get(wanted)} was offered and is claimed"
        return failed(FailKind.WRONG_REASON, why)

    return NamedOracle("prefers_newest", judge)


def offers_modern_versions() -> Oracle:
    """The device's ClientHello offers TLS 1.2, TLS 1.3 (first) where claimed, and nothing older.

    A hello without a list of versions names the highest only; what lies below is then judged by
    what the device does with an old server.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("hello", "attacker")
        offered = _versions(seen)
        if seen is None or not offered:
            return unseen("no ClientHello was read")
        words = ", ".join(_LABELS.get(one, f"{one:#06x}") for one in offered)
        explicit = bool(seen.data.get("explicit"))
        if old := [one for one in offered if one < _TLS_1_2]:
            why = f"offers {', '.join(_LABELS.get(one, f'{one:#06x}') for one in old)}"
            return failed(FailKind.WRONG_REASON, f"{why}; its versions: {words}")
        if explicit and _TLS_1_2 not in offered:
            return failed(FailKind.WRONG_REASON, f"does not offer TLS 1.2; its versions: {words}")
        if _claims(record, Claim.TLS_1_3) and _TLS_1_3 not in offered:
            why = f"claims TLS 1.3 but does not offer it; its versions: {words}"
            return failed(FailKind.WRONG_REASON, why)
        if _TLS_1_3 in offered and offered[0] != _TLS_1_3:
            return warned(f"offers TLS 1.3, but does not prefer it; its versions: {words}")
        return passed(f"offers {words}", outcome=Outcome.ACCEPTED)

    return NamedOracle("offers_modern_versions", judge)


def _let_in(
    record: Record, actor: str, outcome: Outcome, observation: Observation
) -> Finding | None:
    """Why this outcome is no refusal by TLS; None when it is one."""
    words = told(outcome, observation)
    if outcome in _SERVED:
        return failed(FailKind.ACCEPTED, f"was not refused: {words}", outcome=outcome)
    spoke = next((seen for seen in record.of("received", actor)), None)
    if outcome in _BY_DICOM or spoke is not None:
        through = f"TLS let the peer through, only DICOM refused it: {words}"
        return failed(FailKind.WRONG_REASON, through, outcome=outcome)
    if outcome is Outcome.TIMEOUT:
        return failed(FailKind.HANG, f"neither refused nor ended: {words}", outcome=outcome)
    if outcome in _SILENT or outcome in (Outcome.ALERT, Outcome.NOT_OFFERED):
        return None
    return failed(FailKind.WRONG_REASON, f"no refusal by TLS: {words}", outcome=outcome)


def _completed(handshake: Observation) -> bool:
    return bool(handshake.data.get("completed"))


def _versions(hello: Observation | None) -> list[int]:
    listed = hello.data.get("versions") if hello is not None else None
    if not isinstance(listed, list | tuple):
        return []
    return [one for one in listed if isinstance(one, int)]


def _claims(record: Record, claim: Claim) -> bool:
    held = record.facts.get("claims")
    return isinstance(held, list | tuple) and claim.value in held
