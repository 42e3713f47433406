"""Oracles on the ClientHello of a device that calls, one for each rule, so that a report names it.

They read the ``hello`` observations with ``by`` "device": ``versions`` and ``client_version``
(numbers as on the wire), ``suites``, ``groups`` and ``signature_schemes`` (IANA names),
``compression`` and ``point_formats`` (numbers), ``extensions`` (types), ``server_name``, ``alpn``
and ``secures_renegotiation``.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind, Outcome

_TLS_1_2, _TLS_1_3 = 0x0303, 0x0304
_EXTENDED_MASTER_SECRET = 23
_NULL, _UNCOMPRESSED = 0, 0
_WANTED_GROUPS = ("x25519", "secp256r1")
_STRONG = ("_GCM_", "_CCM", "_CHACHA20_")
_POST_QUANTUM = "MLKEM"

Judge = Callable[[Observation], Finding]


def offers_null_compression_only() -> Oracle:
    """Compression is not offered: RFC 8446 4.1.2 forbids it, RFC 9325 3.3 advises against it."""

    def judge(hello: Observation) -> Finding:
        offered = _numbers(hello, "compression")
        if set(offered) <= {_NULL}:
            return passed("offers no compression")
        words = f"offers compression methods {offered}"
        if _TLS_1_3 in _numbers(hello, "versions"):
            return failed(FailKind.WRONG_REASON, words)
        return warned(f"{words} [the rule is a SHOULD below TLS 1.3]")

    return _on_hello("offers_null_compression_only", judge)


def signals_secure_renegotiation() -> Oracle:
    """A client of TLS 1.2 sends renegotiation_info or its signalling suite (RFC 9325 3.5)."""

    def judge(hello: Observation) -> Finding:
        if not _below_tls13(hello):
            return passed("TLS 1.3 only: there is no renegotiation")
        if hello.data.get("secures_renegotiation"):
            return passed("signals secure renegotiation")
        return failed(FailKind.WRONG_REASON, "does not signal secure renegotiation")

    return _on_hello("signals_secure_renegotiation", judge)


def offers_extended_master_secret() -> Oracle:
    """A client of TLS 1.2 offers the extended master secret (RFC 9325 3.5)."""

    def judge(hello: Observation) -> Finding:
        if not _below_tls13(hello):
            return passed("TLS 1.3 only: it is built in")
        if _EXTENDED_MASTER_SECRET in _numbers(hello, "extensions"):
            return passed("offers the extended master secret")
        return failed(FailKind.WRONG_REASON, "does not offer the extended master secret")

    return _on_hello("offers_extended_master_secret", judge)


def asks_for_sound_hashes() -> Oracle:
    """signature_algorithms has SHA-256 (RFC 9325 4.5) and no MD5; SHA-1 is worth a warning."""

    def judge(hello: Observation) -> Finding:
        offered = _names(hello, "signature_schemes")
        if broken := [name for name in offered if "md5" in name]:
            return failed(FailKind.WRONG_REASON, f"asks for {', '.join(broken)}")
        if not any("sha256" in name for name in offered):
            words = ", ".join(offered) or "nothing"
            return failed(FailKind.WRONG_REASON, f"does not ask for SHA-256, but for {words}")
        if old := [name for name in offered if "sha1" in name]:
            return warned(f"asks for SHA-256, and for {', '.join(old)}")
        return passed("asks for SHA-256, and for neither MD5 nor SHA-1")

    return _on_hello("asks_for_sound_hashes", judge)


def lists_uncompressed_points() -> Oracle:
    """A list of point formats has the uncompressed one (RFC 8422 5.1.2).

    Other formats beside it break RFC 9325 4.2.1, but nobody can choose them any more, and most
    libraries still list them: that passes leniently.
    """

    def judge(hello: Observation) -> Finding:
        offered = _numbers(hello, "point_formats")
        if offered and _UNCOMPRESSED not in offered:
            return failed(FailKind.WRONG_REASON, f"lists point formats {offered}, without 0")
        if set(offered) <= {_UNCOMPRESSED}:
            return passed("lists no compressed point formats")
        return passed(f"lists point formats {offered}: only 0 is of use", preferred=False)

    return _on_hello("lists_uncompressed_points", judge)


def offers_common_groups() -> Oracle:
    """supported_groups has P-256 and X25519: a SHOULD of RFC 9325 4.2.1."""

    def judge(hello: Observation) -> Finding:
        offered = _names(hello, "groups")
        if missing := [name for name in _WANTED_GROUPS if name not in offered]:
            words = f"does not offer {' and '.join(missing)}, but {', '.join(offered) or 'nothing'}"
            return warned(f"{words} [the rule is a SHOULD]")
        return passed(f"offers {', '.join(offered)}")

    return _on_hello("offers_common_groups", judge)


def prefers_a_strong_suite() -> Oracle:
    """The first suite of TLS 1.2 is one with forward secrecy and AEAD: RFC 9325 4.2.1, a SHOULD."""

    def judge(hello: Observation) -> Finding:
        below = [name for name in _names(hello, "suites") if "_WITH_" in name]
        if not below:
            return passed("offers suites of TLS 1.3 only")
        first = below[0]
        if first.startswith(("TLS_ECDHE_", "TLS_DHE_")) and any(word in first for word in _STRONG):
            return passed(f"prefers {first}")
        return warned(f"prefers {first} [the rule is a SHOULD]")

    return _on_hello("prefers_a_strong_suite", judge)


def keeps_the_legacy_version() -> Oracle:
    """The old version field of a hello with TLS 1.3 says TLS 1.2 (RFC 8446 4.1.2)."""

    def judge(hello: Observation) -> Finding:
        said = hello.data.get("client_version")
        if _TLS_1_3 not in _numbers(hello, "versions"):
            return passed("offers no TLS 1.3: the rule does not apply")
        if said == _TLS_1_2:
            return passed("says 0x0303")
        return failed(FailKind.WRONG_REASON, f"says {said:#06x} where 0x0303 is due")

    return _on_hello("keeps_the_legacy_version", judge)


def tells_what_else_it_offers() -> Oracle:
    """For the record, never a failure: server name, application protocol, post-quantum groups."""

    def judge(hello: Observation) -> Finding:
        quantum = [name for name in _names(hello, "groups") if _POST_QUANTUM in name]
        return passed(
            f"server name: {hello.data.get('server_name') or 'none'}; "
            f"application protocols: {', '.join(_names(hello, 'alpn')) or 'none'}; "
            f"post-quantum groups: {', '.join(quantum) or 'none'}"
        )

    return _on_hello("tells_what_else_it_offers", judge)


def never_falls_back() -> Oracle:
    """No call after a failed handshake offers less than TLS 1.2 as its highest version."""

    def judge(record: Record) -> Finding:
        offered = [_numbers(hello, "versions") for hello in _hellos(record)]
        highest = [max(versions) for versions in offered if versions]
        if not highest:
            return unseen("no ClientHello was read")
        if low := [one for one in highest if one < _TLS_1_2]:
            after = highest.index(low[0]) + 1
            words = f"call {after} offered nothing above {low[0]:#06x}; the first {highest[0]:#06x}"
            return failed(FailKind.ACCEPTED, words, outcome=Outcome.ACCEPTED)
        if len(highest) == 1:
            return passed("did not try again")
        return passed(f"tried {len(highest)} times, never with less than {min(highest):#06x}")

    return NamedOracle("never_falls_back", judge, refusal=True)


def _on_hello(name: str, judge: Judge) -> Oracle:
    """Judges the first hello of the call."""

    def first(record: Record) -> Finding:
        hello = next(iter(_hellos(record)), None)
        if hello is None or "client_version" not in hello.data:
            return unseen("no ClientHello was read")
        return judge(hello)

    return NamedOracle(name, first)


def _hellos(record: Record) -> list[Observation]:
    return [one for one in record.of("hello", "attacker") if one.data.get("by") == "device"]


def _below_tls13(hello: Observation) -> bool:
    return any(version < _TLS_1_3 for version in _numbers(hello, "versions"))


def _numbers(hello: Observation, key: str) -> list[int]:
    listed = hello.data.get(key)
    return (
        [one for one in listed if isinstance(one, int)] if isinstance(listed, list | tuple) else []
    )


def _names(hello: Observation, key: str) -> list[str]:
    listed = hello.data.get(key)
    return (
        [one for one in listed if isinstance(one, str)] if isinstance(listed, list | tuple) else []
    )
