"""Oracles on pictures that a web server shows, cuts into frames or converts.

They read ``pictured``: ``way`` (rendered, thumbnail, frame, converted), how the request ended
(``outcome``, ``code``), ``octets`` and ``digest`` of what came, and ``foreign`` (how many octets
nobody sent; None where nobody can tell).
"""

from __future__ import annotations

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, unseen
from harness.verdict import FailKind, Outcome


def shows_its_own_pixels() -> Oracle:
    """No way shows octets that nobody sent, shows twice what is not the same, or stays silent.

    A picture that was not taken, and one that is not shown, are as good.
    """

    def judge(record: Record) -> Finding:
        every = list(record.of("pictured", "attacker"))
        if not every and outcomes_of(record, "attacker"):
            kept = record.last("kept", "polite")
            return unseen("nobody asked for it") if kept else passed("the picture was not taken")
        if not every:
            return unseen("nobody left a picture")
        prints: dict[str, str] = {}
        for seen in every:
            found = _strange(seen) or _changing(seen, prints)
            if found is not None:
                return found
        shown = sorted(prints)
        return passed(f"shown as {', '.join(shown)}" if shown else "shown in no form")

    return NamedOracle("shows_its_own_pixels", judge)


def renders() -> Oracle:
    """An honest picture is rendered: what every twin of a picture that lies must do."""

    def judge(record: Record) -> Finding:
        every = list(record.of("pictured", "attacker"))
        if not every:
            return unseen("nobody asked for a picture")
        ways = sorted({str(seen.data.get("way")) for seen in every if seen.data.get("octets")})
        if "rendered" not in ways:
            code = every[0].data.get("code")
            return failed(FailKind.WRONG_REASON, f"an honest picture was not rendered: HTTP {code}")
        return passed(f"shown as {', '.join(ways)}", outcome=Outcome.RESPONDED)

    return NamedOracle("renders", judge)


def _strange(seen: Observation) -> Finding | None:
    way = seen.data.get("way")
    if seen.data.get("outcome") == Outcome.TIMEOUT.value:
        return failed(FailKind.HANG, f"{way}: neither answered nor ended")
    foreign = seen.data.get("foreign")
    if isinstance(foreign, int) and foreign:
        first = seen.data.get("first_foreign")
        words = f"{way}: {foreign} of {seen.data.get('octets')} octets were never sent: {first}"
        return failed(FailKind.LEAK, words)
    return None


def _changing(seen: Observation, prints: dict[str, str]) -> Finding | None:
    way, digest = str(seen.data.get("way")), seen.data.get("digest")
    if not digest:
        return None
    if prints.setdefault(way, str(digest)) != digest:
        return failed(FailKind.LEAK, f"{way}: the same picture came twice with different pixels")
    return None
