"""Oracles on what follows a TLS handshake: renegotiation, resumption, early data, the end.

Observations that they read, all of the attacker:

* ``renegotiated``: ``tried`` and ``granted``, numbers of further handshakes;
* ``ticket``: ``version``, ``lifetime_s`` and ``max_early_data`` (None: not allowed);
* ``resumption``: ``what`` was tried, ``completed``, ``resumed``, ``fresh_keys``, ``early_data``;
* ``group``: ``name`` of the key exchange group that was chosen;
* ``ephemeral``: ``what`` has to be fresh, and its ``value`` (hexadecimal) in one use;
* ``arrived``: ``secure``, whether a connection of the device began with a ClientHello.

None of them says that DICOM refused anything: a sound TLS library earns these passes by itself,
even below a device that knows no DICOM.
"""

from __future__ import annotations

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.outcomes import is_failure, succeeds
from harness.oracles.tls import TlsAlert, tls_refused
from harness.verdict import FailKind, Outcome, Verdict

_WEEK_S = 7 * 24 * 3600
_ATTACKER = "attacker"


def ends_on_broken_record() -> Oracle:
    """TLS itself ends the connection on an altered record, preferably by bad_record_mac."""
    return NamedOracle("ends_on_broken_record", tls_refused(TlsAlert.BAD_RECORD_MAC))


def not_confirmed() -> Oracle:
    """What was cut is not confirmed, and the connection does not stay open for ever."""

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, _ATTACKER)
        if not seen:
            return unseen("no outcome was witnessed")
        outcome, observation = seen[-1]
        words = told(outcome, observation)
        status = observation.data.get("status")
        if outcome is Outcome.RESPONDED and not (isinstance(status, int) and is_failure(status)):
            return failed(FailKind.ACCEPTED, f"confirmed what did not arrive: {words}")
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"waits on a connection that has ended: {words}")
        return passed(words, outcome=outcome)

    return NamedOracle("not_confirmed", judge)


def renegotiates_within_bounds() -> Oracle:
    """Further handshakes on one connection are refused, or granted a few times at most.

    A device that never grants one passes strictly; one that stops granting passes leniently.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("renegotiated", _ATTACKER)
        if seen is None:
            return unseen("nobody tried to renegotiate")
        tried, granted = (int(str(seen.data.get(key, 0))) for key in ("tried", "granted"))
        words = f"{granted} of {tried} further handshakes were granted"
        if granted >= tried:
            return failed(FailKind.ACCEPTED, words)
        return passed(words, preferred=granted == 0)

    return NamedOracle("renegotiates_within_bounds", judge)


def resumes_nothing(what: str = "") -> Oracle:
    """The session that was handed in is not resumed; a full handshake or a refusal passes.

    Args:
        what: Which attempts are judged, by the ``what`` of the observation; empty for all.
    """

    def judge(record: Record) -> Finding:
        seen = [one for one in record.of("resumption", _ATTACKER) if _is(one, what)]
        if not seen:
            return unseen("no session could be handed in")
        for one in seen:
            if one.data.get("resumed"):
                why = f"went on with the session: {one.data.get('what')}"
                return failed(FailKind.ACCEPTED, why)
        done = "a full handshake was done" if seen[-1].data.get("completed") else "was refused"
        return passed(f"{done}: {seen[-1].data.get('what')}")

    return NamedOracle(f"resumes_nothing({what})", judge)


def _is(seen: Observation, what: str) -> bool:
    return not what or seen.data.get("what") == what


def limits_tickets() -> Oracle:
    """Tickets live for a week at most (RFC 8446 4.6.1); a device without tickets passes.

    RFC 9325 3.4 asks for a limit and names none, so that a longer life is a warning.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("ticket", _ATTACKER))
        if not seen:
            return passed("the device gives no tickets")
        longest = max(int(str(one.data.get("lifetime_s", 0))) for one in seen)
        if longest > _WEEK_S:
            return warned(f"a ticket lives for {longest} s, which is more than a week")
        return passed(f"tickets live for {longest} s at most")

    return NamedOracle("limits_tickets", judge)


def resumes_with_fresh_keys() -> Oracle:
    """A session of TLS 1.3 is resumed with a key exchange of its own (psk_dhe_ke): a SHOULD."""

    def judge(record: Record) -> Finding:
        seen = [one for one in record.of("resumption", _ATTACKER) if one.data.get("tls13")]
        stale = [one for one in seen if one.data.get("resumed") and not one.data.get("fresh_keys")]
        if stale:
            return warned("a session was resumed without a key exchange of its own")
        return passed("no session was resumed without a key exchange of its own")

    return NamedOracle("resumes_with_fresh_keys", judge)


def takes_no_early_data() -> Oracle:
    """Early data is neither invited nor acted upon: anybody can send it again (RFC 8446 8)."""

    def judge(record: Record) -> Finding:
        tries = list(record.of("resumption", _ATTACKER))
        for one in record.of("ticket", _ATTACKER):
            if one.data.get("max_early_data"):
                why = f"a ticket allows {one.data.get('max_early_data')} bytes of early data"
                return failed(FailKind.ACCEPTED, why)
        if any(one.data.get("early_data") for one in tries):
            return failed(FailKind.ACCEPTED, "early data was accepted")
        seen = outcomes_of(record, _ATTACKER)
        if seen and seen[-1][0] in (Outcome.ACCEPTED, Outcome.RESPONDED):
            return failed(FailKind.ACCEPTED, f"acted on early data: {told(*seen[-1])}")
        if not tries:
            return unseen("no session could be handed in")
        return passed("early data was neither invited nor acted upon")

    return NamedOracle("takes_no_early_data", judge)


def makes_fresh_keys() -> Oracle:
    """No ephemeral public value and no nonce comes twice (RFC 9325 7.2.1, 7.4)."""

    def judge(record: Record) -> Finding:
        seen = list(record.of("ephemeral", _ATTACKER))
        values = [one.data.get("value") for one in seen if one.data.get("value")]
        if len(values) < 2:
            return unseen("nothing was seen twice that has to be fresh")
        distinct = len(set(map(str, values)))
        words = f"{distinct} different {seen[0].data.get('what')} in {len(values)} uses"
        return passed(words) if distinct == len(values) else failed(FailKind.ACCEPTED, words)

    return NamedOracle("makes_fresh_keys", judge)


def uses_tls_for_suboperations() -> Oracle:
    """Every connection of a retrieve begins with a ClientHello where its destination has TLS."""

    def judge(record: Record) -> Finding:
        seen = list(record.of("arrived", _ATTACKER))
        if not seen:
            return unseen("no sub-association came")
        clear = [one for one in seen if not one.data.get("secure")]
        if clear:
            why = f"{len(clear)} of {len(seen)} connections began in clear"
            return failed(FailKind.ACCEPTED, why)
        return passed(f"all {len(seen)} connections began with a ClientHello")

    return NamedOracle("uses_tls_for_suboperations", judge)


def serves_the_new_group() -> Oracle:
    """A client that offers a new group beside known ones is served; the choice is only told."""
    serves = succeeds()

    def judge(record: Record) -> Finding:
        found = serves(record)
        group = record.last("group", _ATTACKER)
        if found.verdict is not Verdict.PASS or group is None:
            return found
        return passed(f"served; the device chose {group.data.get('name')}", outcome=found.outcome)

    return NamedOracle("serves_the_new_group", judge)
