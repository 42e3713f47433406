"""Oracles on the upper layer: negotiation, the state table, and the length of what comes back.

Sources: PS3.8 9.2 (Table 9-10), 9.3.3.2, 9.3.4 and Annex D.1, read in the standard's text.
"""

from __future__ import annotations

from collections.abc import Collection

from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, unseen
from harness.oracles.outcomes import REFUSALS, ends
from harness.verdict import FailKind, Outcome, Verdict

_PDU_HEADER = 6
_CLOSING = frozenset({Outcome.CLOSED, Outcome.RESET})
_ABORTING = frozenset({Outcome.ABORTED})

_SEEN_OF_ACTION = {
    "AA-1": _ABORTING,
    "AA-2": _CLOSING,
    "AA-3": _CLOSING,
    "AA-6": _CLOSING,
    "AA-7": _ABORTING,
    "AA-8": _ABORTING,
}
"""What a peer sees of each action of Table 9-10 that ends an exchange."""


def refuses_association(*codes: tuple[int, int, int], actor: str = "attacker") -> Oracle:
    """An A-ASSOCIATE-RJ with one of these (result, source, reason) is preferred.

    Any other refusal passes leniently: PS3.8 9.3.4 gives the codes, but many devices abort or
    close instead.
    """
    inner = ends({Outcome.REJECTED}, REFUSALS, actor=actor)

    def judge(record: Record) -> Finding:
        found = inner(record)
        if found.verdict is not Verdict.PASS:
            return found
        strict = all(
            outcome is Outcome.REJECTED and _codes(seen) in codes
            for outcome, seen in outcomes_of(record, actor)
        )
        return passed(found.reason, preferred=strict, outcome=found.outcome)

    wanted = ", ".join("/".join(map(str, code)) for code in codes)
    return NamedOracle(f"refuses_association({wanted})", judge, refusal=True)


def accepts_only(ids: Collection[int]) -> Oracle:
    """The request is refused, or accepted with these presentation contexts at most, each once.

    Reads ``negotiated`` observations of the attacker: ``accepted`` lists the identifiers of the
    accepted contexts in the order of the acceptance, repeated ones included.
    """
    permitted = frozenset(ids)
    answered = ends(REFUSALS | {Outcome.ACCEPTED})

    def judge(record: Record) -> Finding:
        found = answered(record)
        if found.verdict is not Verdict.PASS:
            return found
        accepted = [one for seen in record.of("negotiated") for one in _numbers(seen, "accepted")]
        wrong = sorted(set(accepted) - permitted)
        twice = sorted({one for one in accepted if accepted.count(one) > 1})
        if wrong:
            return failed(FailKind.ACCEPTED, f"accepted context(s) {_listed(wrong)}")
        if twice:
            return failed(FailKind.ACCEPTED, f"accepted twice: context(s) {_listed(twice)}")
        return found

    shown = _listed(sorted(permitted)) if len(permitted) < 5 else f"{len(permitted)} contexts"
    return NamedOracle(f"accepts_only({shown})", judge, refusal=True)


def follows_state_table() -> Oracle:
    """The reaction is the action of Table 9-10 (case parameter ``action``), or at least an ending.

    The parameter is one action, e.g. ``AA-8``, or two joined by " or " where nobody outside can
    tell in which of two states the device was.

    A closed connection where the table asks for an A-ABORT, and an A-ABORT where it asks for a
    closed connection, are the common lenient ones.
    """

    def judge(record: Record) -> Finding:
        actions = str(record.case.get("action")).split(" or ")
        if not _SEEN_OF_ACTION.keys() >= set(actions):
            return unseen(f"no expectation for action {' or '.join(actions)}")
        preferred = frozenset().union(*(_SEEN_OF_ACTION[action] for action in actions))
        return ends(preferred, REFUSALS)(record)

    return NamedOracle("follows_state_table", judge, refusal=True)


def keeps_to_announced_maximum(parameter: str = "maximum") -> Oracle:
    """No P-DATA-TF to us is longer than we announced, and the exchange makes progress or ends.

    Args:
        parameter: Case parameter with our maximum length in bytes of the variable field; 0 is no
            limit (PS3.8 D.1).
    """
    ending = ends({Outcome.RESPONDED} | REFUSALS)

    def judge(record: Record) -> Finding:
        limit = int(str(record.case.get(parameter, 0)))
        for seen in record.of("received", "attacker"):
            size = seen.data.get("bytes")
            if seen.data.get("what") != "P-DATA-TF" or not isinstance(size, int):
                continue
            if limit and size - _PDU_HEADER > limit:
                words = f"sent a P-DATA-TF of {size - _PDU_HEADER} bytes, {limit} were announced"
                return failed(FailKind.WRONG_REASON, words)
            if _holds_empty_fragment(seen):
                return failed(FailKind.WRONG_REASON, "sent an empty fragment")
        return ending(record)

    return NamedOracle("keeps_to_announced_maximum", judge)


def _codes(seen: Observation) -> tuple[JSON, JSON, JSON]:
    return (seen.data.get("result"), seen.data.get("source"), seen.data.get("reason"))


def _numbers(seen: Observation, key: str) -> list[int]:
    values = seen.data.get(key)
    return [v for v in values if isinstance(v, int)] if isinstance(values, list | tuple) else []


def _listed(numbers: Collection[int]) -> str:
    return ", ".join(map(str, numbers))


def _holds_empty_fragment(seen: Observation) -> bool:
    """True when a named part ``pdvs[n].data`` of a received P-DATA-TF has no bytes."""
    parts = seen.data.get("parts")
    if not isinstance(parts, list | tuple):
        return False
    rows = [row for row in parts if isinstance(row, list | tuple) and len(row) == 3]
    return any(str(name).endswith("].data") and size == 0 for name, _, size in rows)
