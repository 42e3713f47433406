"""Oracles on the answer to one hello: served or refused, and by which parameters.

They read the ``handshake`` observation of a hello trial: beside ``version`` and ``cipher`` it has
``suite_class``, ``compression``, ``extensions`` (numbers), ``alpn``, ``downgrade_mark`` ("TLS 1.2",
"TLS 1.1" or ""), ``group``, ``group_bits``, ``dh_bits`` and ``signature``; None is "chose none".
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.tls import TlsAlert, tls_refused
from harness.verdict import FailKind, Outcome, Verdict

_LEAST_PRIME, _LEAST_CURVE, _WANTED_CURVE = 2048, 224, 256
_GOOD_SUITES = frozenset({"aead-pfs", "tls13"})
_OLD_HASHES = ("md5", "sha1")
_ENDS = frozenset({Outcome.ALERT, Outcome.CLOSED, Outcome.RESET})

Judge = Callable[[Observation, str], Finding]


def hello_answered(parameter: str = "", soft: Collection[str] = ()) -> Oracle:
    """A sound hello must be answered by a ServerHello.

    Args:
        parameter: Which parameter of the case tells how strong the rule is.
        soft: Its values for which a refusal is a WARN only.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no outcome was witnessed")
        outcome, observation = seen[-1]
        words = told(outcome, observation)
        if outcome is Outcome.ACCEPTED:
            return passed(words, outcome=outcome)
        if record.case.get(parameter) in soft:
            return warned(f"not answered: {words} [the rule is a SHOULD]", outcome=outcome)
        return failed(FailKind.WRONG_REASON, f"a sound hello was not answered: {words}")

    return NamedOracle("hello_answered", judge)


def sound_key_exchange() -> Oracle:
    """Nothing below 2048 bits (finite field) or 224 bits (curve) is negotiated: RFC 9325 4.5.

    Curves below 256 bits, which PS3.15 B.13 asks for, are a WARN.
    """

    def chosen(seen: Observation, words: str) -> Finding:
        bits, prime, group = (seen.data.get(key) for key in ("group_bits", "dh_bits", "group"))
        if isinstance(prime, int):
            if prime < _LEAST_PRIME:
                return failed(FailKind.ACCEPTED, f"negotiated a prime of {prime} bits: {words}")
            return passed(f"a prime of {prime} bits: {words}", preferred=False)
        if not isinstance(bits, int):
            return unseen(f"the group of the key exchange was not seen: {words}")
        if bits < _LEAST_CURVE:
            return failed(FailKind.ACCEPTED, f"negotiated {group}, {bits} bits: {words}")
        if bits < _WANTED_CURVE:
            why = f"negotiated {group}: {bits} bits are allowed by RFC 9325, not by PS3.15 B.13"
            return warned(why, outcome=Outcome.ACCEPTED)
        return passed(f"negotiated {group}, {bits} bits", preferred=False)

    return _refused_or("sound_key_exchange", chosen, TlsAlert.HANDSHAKE_FAILURE)


def sound_signature() -> Oracle:
    """No key exchange is signed with MD5 or SHA-1, nor under TLS 1.3 by what was not offered."""

    def chosen(seen: Observation, words: str) -> Finding:
        signature = seen.data.get("signature")
        if seen.data.get("version") == "TLS 1.3":
            return failed(FailKind.ACCEPTED, f"went on without a scheme that is permitted: {words}")
        if not isinstance(signature, str):
            return unseen(f"no signed key exchange was seen: {words}")
        if signature.endswith(_OLD_HASHES):
            return failed(FailKind.ACCEPTED, f"signed its key exchange with {signature}: {words}")
        return passed(f"signed with {signature} all the same", preferred=False)

    return _refused_or("sound_signature", chosen, TlsAlert.HANDSHAKE_FAILURE)


def null_compression() -> Oracle:
    """Compression is never chosen; a refusal of a hello that offers it is stricter than needed."""

    def chosen(seen: Observation, words: str) -> Finding:
        method = seen.data.get("compression")
        if method == 0:
            return passed(f"null compression: {words}", outcome=Outcome.ACCEPTED)
        return failed(FailKind.ACCEPTED, f"chose compression method {method}: {words}")

    # Going on without compression is the usual PASS, so that it does not mean a refusal.
    return NamedOracle("null_compression", _refused_or("null_compression", chosen).judge)


def acknowledges(extensions: Collection[int], name: str) -> Oracle:
    """The ServerHello of TLS 1.2 holds one of these extensions."""

    def judge(record: Record) -> Finding:
        answered = _server_hello(record)
        if isinstance(answered, Finding):
            return answered
        if set(extensions) & set(_numbers(answered.data.get("extensions"))):
            return passed(f"{name} is acknowledged", outcome=Outcome.ACCEPTED)
        why = f"{name} was offered and is not in the ServerHello"
        return failed(FailKind.WRONG_REASON, why, outcome=Outcome.ACCEPTED)

    return NamedOracle(f"acknowledges({name})", judge)


def never_acknowledges(extension: int, name: str) -> Oracle:
    """No ServerHello holds this extension."""

    def judge(record: Record) -> Finding:
        answered = _server_hello(record)
        if isinstance(answered, Finding):
            return answered
        if extension in _numbers(answered.data.get("extensions")):
            return failed(FailKind.ACCEPTED, f"{name} was acknowledged")
        return passed(f"{name} is ignored", outcome=Outcome.ACCEPTED)

    return NamedOracle(f"never_acknowledges({name})", judge)


def marks_downgrade() -> Oracle:
    """A ServerHello of TLS 1.2 from a device that has TLS 1.3 ends its random by the mark."""

    def judge(record: Record) -> Finding:
        answered = _server_hello(record)
        if isinstance(answered, Finding):
            return answered
        mark = answered.data.get("downgrade_mark")
        if mark == answered.data.get("version"):
            return passed(f"the random value says: no more than {mark}", outcome=Outcome.ACCEPTED)
        said = f"is marked for {mark}" if mark else "has no mark"
        why = f"{answered.data.get('version')} was chosen, and the random value {said}"
        return failed(FailKind.WRONG_REASON, why, outcome=Outcome.ACCEPTED)

    return NamedOracle("marks_downgrade", judge)


def prefers_good_suite() -> Oracle:
    """Of weak and good suites a good one is chosen; strict only when it has 256-bit keys."""

    def judge(record: Record) -> Finding:
        answered = _server_hello(record)
        if isinstance(answered, Finding):
            return answered
        cipher = str(answered.data.get("cipher"))
        if answered.data.get("suite_class") not in _GOOD_SUITES:
            why = f"chose {cipher} though a suite with AEAD and forward secrecy was offered"
            return failed(FailKind.ACCEPTED, why, outcome=Outcome.ACCEPTED)
        both = record.case.get("last") == "AES-256-GCM"
        return passed(f"chose {cipher}", preferred="256" in cipher or not both)

    return NamedOracle("prefers_good_suite", judge)


def selects_protocol(ours: str, parameter: str) -> Oracle:
    """ALPN: what was not meant for this device is refused or ignored, and never selected.

    Args:
        ours: The name of DICOM among application protocols.
        parameter: Which parameter of the case holds the protocols offered, "none" for none.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        hands = record.last("handshake", "attacker")
        if not seen or hands is None:
            return unseen("no answer to the hello was witnessed")
        (outcome, observation), offered = seen[-1], str(record.case.get(parameter))
        words, selected = told(outcome, observation), hands.data.get("alpn")
        if outcome is Outcome.ACCEPTED:
            if selected is not None and selected != ours:
                return failed(FailKind.ACCEPTED, f"selected {selected!r}: {words}")
            strict = selected is not None or offered in ("none", ours)
            return passed(f"selected {selected or 'nothing'}: {words}", preferred=strict)
        if offered == "none":
            why = f"a hello without the extension was not answered: {words}"
            return failed(FailKind.WRONG_REASON, why, outcome=outcome)
        if offered == ours:
            return warned(f"a hello that offers {ours!r} was not answered: {words}")
        alert = observation.data.get("alert") == TlsAlert.NO_APPLICATION_PROTOCOL
        return _ended(outcome, words, strict=alert)

    return NamedOracle("selects_protocol", judge)


def handles_server_name(parameter: str, known: str, unknown: str) -> Oracle:
    """SNI: a known name is served, an unknown one refused or served, a malformed one does no harm.

    Args:
        parameter: Which parameter of the case tells the kind of name.
        known: Its value for a name that the device's own certificate holds.
        unknown: Its value for a name of somebody else.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no outcome was witnessed")
        outcome, observation = seen[-1]
        words, kind = told(outcome, observation), record.case.get(parameter)
        if outcome is Outcome.ACCEPTED:
            return passed(words, preferred=kind == known, outcome=outcome)
        if kind == known:
            why = f"a hello with the device's own name was not answered: {words}"
            return failed(FailKind.WRONG_REASON, why, outcome=outcome)
        alert = observation.data.get("alert")
        strict = alert == TlsAlert.UNRECOGNIZED_NAME if kind == unknown else alert is not None
        return _ended(outcome, words, strict=strict)

    return NamedOracle("handles_server_name", judge)


def discards_heartbeat() -> Oracle:
    """A heartbeat whose length lies gets no response: an end, an alert or silence are all right."""

    def judge(record: Record) -> Finding:
        seen = record.last("heartbeat", "attacker")
        if seen is None:
            return unseen("no heartbeat was sent")
        octets = seen.data.get("octets")
        if octets is not None:
            return failed(FailKind.LEAK, f"answered a lying heartbeat by {octets} octets")
        if seen.data.get("announced"):
            return warned("speaks heartbeats, which DICOM has no use for, but discards this one")
        return passed("heartbeats are not spoken", outcome=outcomes_of(record, "attacker")[-1][0])

    return NamedOracle("discards_heartbeat", judge)


def _refused_or(name: str, chosen: Judge, *preferred: TlsAlert) -> NamedOracle:
    """A refusal by TLS passes; a ServerHello is judged by what it chose."""
    refused = tls_refused(*preferred)

    def judge(record: Record) -> Finding:
        found = refused(record)
        seen = record.last("handshake", "attacker")
        accepted = found.verdict is Verdict.FAIL and found.kind is FailKind.ACCEPTED
        if not accepted or seen is None:
            return found
        cipher = seen.data.get("cipher")
        return chosen(seen, f"{seen.data.get('version')}, {cipher}")

    return NamedOracle(name, judge, refusal=True)


def _server_hello(record: Record) -> Observation | Finding:
    """The answer to the hello, or why there is nothing to judge."""
    seen = outcomes_of(record, "attacker")
    hands = record.last("handshake", "attacker")
    if not seen or hands is None:
        return unseen("no answer to the hello was witnessed")
    outcome, observation = seen[-1]
    if outcome is not Outcome.ACCEPTED:
        return unseen(f"no ServerHello to look at: {told(outcome, observation)}")
    return hands


def _ended(outcome: Outcome, words: str, *, strict: bool) -> Finding:
    """A refusal, or what stands in its place."""
    if outcome in _ENDS:
        return passed(f"refused: {words}", preferred=strict, outcome=outcome)
    kind = FailKind.HANG if outcome is Outcome.TIMEOUT else FailKind.WRONG_REASON
    return failed(kind, f"neither answered nor refused: {words}", outcome=outcome)


def _numbers(listed: JSON) -> list[int]:
    if not isinstance(listed, list | tuple):
        return []
    return [one for one in listed if isinstance(one, int)]
