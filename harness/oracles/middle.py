"""Oracles on two devices with a person in the middle.

``kept`` tells whether the acceptor holds the object of the play: ``found``, and ``by`` whom
("files", "query", or nobody). ``pair`` tells what the two agreed on. ``downgrade`` tells of a
ServerHello whether it had the ``sentinel``, and whether the requestor ``went_on`` after it. How
each side ended stands in its outcomes: ``attacker`` is the requestor's end, ``upstream`` the
acceptor's.
"""

from __future__ import annotations

from harness.model import Claim, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.verdict import FailKind, Outcome

_STRONG_SUITES = frozenset({"tls13", "aead-pfs"})
_TOLERATED_SUITES = frozenset({"no-pfs", "cbc-sha1", "cbc-sha2"})
_WEAK_GROUPS = frozenset({"secp192r1", "secp224r1"})
_SHORTEST_PRIME = 2048
_VERSIONS = ("TLS 1.2", "TLS 1.3")


def pair_works() -> Oracle:
    """The call through an honest relay succeeds, and what was stored is there."""

    def judge(record: Record) -> Finding:
        call, kept = record.last("trigger", "trigger"), record.last("kept", "polite")
        pair = record.last("pair", "relay")
        if call is None or pair is None:
            return unseen("nobody saw the two devices speak")
        by_hand = bool(call.data.get("by_hand"))
        if not by_hand and call.data.get("exit") != 0:
            shown = call.data.get("signal") or call.data.get("exit")
            how = "; ".join(told(*one) for one in outcomes_of(record, "upstream"))
            why = f"the requestor reported failure (exit {shown}) through an honest relay: {how}"
            return failed(FailKind.WRONG_REASON, why)
        if pair.data.get("version") not in _VERSIONS:
            return failed(FailKind.WRONG_REASON, f"no TLS between the two: {in_words(pair)}")
        if kept is not None and kept.data.get("by") and not kept.data.get("found"):
            why = "the requestor reported success, but the acceptor does not hold the object"
            return failed(FailKind.LOSS, why)
        return passed(in_words(pair), outcome=Outcome.ACCEPTED)

    return NamedOracle("pair_works", judge)


def pair_agrees_well() -> Oracle:
    """Two devices agree on the best that both claim: version, suite, group, and on both names."""

    def judge(record: Record) -> Finding:
        pair = record.last("pair", "relay")
        if pair is None or pair.data.get("version") is None:
            return unseen("nobody saw what the two agreed on")
        words, data = in_words(pair), pair.data
        if data.get("version") not in _VERSIONS:
            return failed(FailKind.ACCEPTED, f"an obsolete version: {words}")
        if _claims(record, Claim.TLS_1_3) and data.get("version") != "TLS 1.3":
            return failed(FailKind.WRONG_REASON, f"both claim TLS 1.3, and agree on less: {words}")
        kind, bits = str(data.get("suite_class")), data.get("dh_bits")
        if kind not in _STRONG_SUITES | _TOLERATED_SUITES:
            return failed(FailKind.ACCEPTED, f"a suite of class {kind or 'unknown'}: {words}")
        if data.get("group") in _WEAK_GROUPS or (isinstance(bits, int) and bits < _SHORTEST_PRIME):
            return failed(FailKind.ACCEPTED, f"a group that is too small: {words}")
        if _claims(record, Claim.MUTUAL_TLS) and not data.get("asks_for_certificate"):
            why = f"mutual authentication is claimed, and nobody asked the requestor: {words}"
            return failed(FailKind.ACCEPTED, why)
        if kind in _TOLERATED_SUITES:
            return warned(f"a suite of class {kind}, which should not be used: {words}")
        return passed(words, outcome=Outcome.ACCEPTED)

    return NamedOracle("pair_agrees_well", judge)


def kept_nothing() -> Oracle:
    """What was altered, cut or sent again on the line is not kept by the acceptor."""

    def judge(record: Record) -> Finding:
        seen = record.last("kept", "polite")
        if seen is None:
            return unseen("nobody looked for the object")
        if seen.data.get("found"):
            why = f"the acceptor keeps what was not sent like that (by {seen.data.get('by')})"
            return failed(FailKind.ACCEPTED, why)
        if not seen.data.get("by"):
            return passed("nobody can look into the acceptor, so only what it said counts")
        return passed("the acceptor holds nothing of it")

    return NamedOracle("kept_nothing", judge)


def changed_nothing() -> Oracle:
    """What was sent again has no effect: a ``replayed`` observation counts what changed."""

    def judge(record: Record) -> Finding:
        seen = record.last("replayed", "relay")
        if seen is None:
            return unseen("nothing was sent again")
        changed = seen.data.get("changed")
        if changed:
            return failed(FailKind.ACCEPTED, f"{changed} file(s) of the acceptor were written anew")
        return passed("the acceptor's files are as they were")

    return NamedOracle("changed_nothing", judge)


def stops_at_the_sentinel() -> Oracle:
    """Where both speak TLS 1.3, less is marked by the acceptor and refused by the requestor.

    RFC 8446 4.1.3: the last octets of the server's random tell a client that it was led down.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("downgrade", "relay")
        if not _claims(record, Claim.TLS_1_3):
            return passed("the two claim no TLS 1.3, so nothing is marked")
        if seen is None or seen.data.get("version") is None:
            return passed("the acceptor refused the lesser offer at once")
        if not seen.data.get("sentinel"):
            why = f"{seen.data.get('version')} was chosen, and its random value is not marked"
            return failed(FailKind.WRONG_REASON, why)
        if seen.data.get("went_on"):
            why = "the requestor went on with the handshake after a marked random value"
            return failed(FailKind.ACCEPTED, why)
        return passed("the random value was marked, and the requestor stopped there")

    return NamedOracle("stops_at_the_sentinel", judge, refusal=True)


def in_words(pair: Observation) -> str:
    """A ``pair`` observation in one line: "TLS 1.3, ..., x25519, mutual, no resumption"."""
    data = pair.data
    words = [str(data.get("version") or "no TLS")]
    words += [str(data[key]) for key in ("suite", "group") if data.get(key)]
    if isinstance(bits := data.get("dh_bits"), int):
        words.append(f"{bits} bits DH")
    words.append("mutual" if data.get("asks_for_certificate") else "server only")
    words.append("resumed" if data.get("resumed") else "full handshake")
    words.append(f"SNI {data.get('server_name') or 'none'}")
    words.append(f"ALPN {data.get('alpn') or 'none'}")
    if first := data.get("closed_first"):
        words.append(f"closed by the {first}")
    return ", ".join(words)


def _claims(record: Record, claim: Claim) -> bool:
    held = record.facts.get("claims")
    return isinstance(held, list | tuple) and claim.value in held
