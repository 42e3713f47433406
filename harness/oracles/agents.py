"""Oracles on a client of DICOMweb: whether it believed a lie, what that cost, and who was told.

All read ``agent`` observations, which tell how a command ended as ``reading`` ones do, with how
often our server was ``asked`` and what was ``kept``; some read ``served``, which a server of ours
tells at its end: ``ready``, how often it was ``asked``, and how many requests showed the ``token``.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.model import Claim, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.oracles.reading import ended_badly
from harness.verdict import FailKind, Outcome

_MIB = 1 << 20
_SLACK_S = 3.0
"""What a program may take beside its timer: to start, to end, and for us to notice."""

_Look = Callable[[Record, Observation], Finding]


def takes() -> Oracle:
    """An honest answer is taken, and what was retrieved is where it should be."""

    def look(record: Record, seen: Observation) -> Finding:
        if bad := ended_badly(seen):
            return bad
        if not seen.data.get("asked"):
            return unseen(f"our server was not asked, so that success says nothing: {_words(seen)}")
        if seen.data.get("outcome") != Outcome.RESPONDED.value:
            return failed(FailKind.WRONG_REASON, f"an honest answer was not taken: {_words(seen)}")
        retrieved = seen.data.get("service") == "retrieve" and _claims(record, Claim.AGENT_WRITES)
        if retrieved and not seen.data.get("kept_wanted"):
            return failed(FailKind.LOSS, "it says that it has what it asked for, and wrote nothing")
        if seen.data.get("service") == "store" and not seen.data.get("brought"):
            return failed(FailKind.LOSS, "it says that it stored an object, and sent none")
        return passed(_words(seen), outcome=Outcome.RESPONDED)

    return _each("takes", look)


def survives_answer() -> Oracle:
    """The program ends by itself and in order: no crash, no hang, nothing that exhausts us."""

    def look(_record: Record, seen: Observation) -> Finding:
        return ended_badly(seen) or _in_order(seen)

    return _each("survives_answer", look)


def refuses_answer() -> Oracle:
    """The user is told, by exit code or in words, that there is no good answer."""

    def look(_record: Record, seen: Observation) -> Finding:
        if bad := ended_badly(seen):
            return bad
        if seen.data.get("outcome") != Outcome.RESPONDED.value:
            return _in_order(seen)
        words = f"reported success for {seen.data.get('what')}: {_words(seen)}"
        return failed(FailKind.ACCEPTED, words)

    return _each("refuses_answer", look, refusal=True)


def bounded_answer(seconds: float, memory_bytes: int) -> Oracle:
    """The program ends within bounds of time and of memory beyond an honest answer's.

    A lower limit of memory that the profile claims takes the place of the one given.
    """

    def look(record: Record, seen: Observation) -> Finding:
        growth, took = seen.data.get("growth_bytes"), seen.data.get("duration_s")
        bound = min(float(memory_bytes), record.number("agent_max_memory", memory_bytes))
        if not isinstance(growth, int | float) or not isinstance(took, int | float):
            return unseen("time and memory were not measured")
        if growth > bound:
            words = f"took {growth / _MIB:.0f} MiB more than for an honest answer"
            return failed(FailKind.RESOURCE, f"{words} (bound {bound / _MIB:.0f} MiB)")
        if bad := ended_badly(seen):
            return bad
        if took > seconds:
            return failed(FailKind.SLOW, f"took {took:.1f} s (bound {seconds:g} s)")
        return _in_order(seen)

    return _each(f"bounded_answer({seconds:g} s, {memory_bytes / _MIB:g} MiB)", look)


def gives_up_in_time() -> Oracle:
    """It ends, without success, within the time that it claims for an answer."""

    def look(record: Record, seen: Observation) -> Finding:
        claimed, took = record.number("agent_answer_timeout_s", 0.0), seen.data.get("duration_s")
        if not claimed or not isinstance(took, int | float):
            return unseen("the profile claims no time, or it was not measured")
        if seen.data.get("timed_out") or took > claimed + _SLACK_S:
            words = f"still waited after {took:.1f} s (claimed {claimed:g} s)"
            return failed(FailKind.HANG, words)
        if seen.data.get("outcome") == Outcome.RESPONDED.value:
            return failed(FailKind.ACCEPTED, f"success without a whole answer: {_words(seen)}")
        return ended_badly(seen) or _in_order(seen)

    return _each("gives_up_in_time", look, refusal=True)


def plants_nothing_outside() -> Oracle:
    """Nothing is created, changed or deleted but in the folders that it may write to."""

    def look(_record: Record, seen: Observation) -> Finding:
        outside = seen.data.get("outside")
        if not isinstance(outside, list | tuple):
            return unseen("the file system was not observed")
        if outside:
            shown = ", ".join(ascii(path) for path in outside[:5])
            return failed(FailKind.LEAK, f"changed outside its folders: {shown}")
        return passed(f"nothing changed outside its folders; {_words(seen)}")

    return _each("plants_nothing_outside", look)


def opens_no_local_file() -> Oracle:
    """It opens no file of its machine because a server names it."""

    def look(_record: Record, seen: Observation) -> Finding:
        baited = seen.data.get("baited")
        if not isinstance(baited, bool):
            return unseen("the file system does not tell what was opened")
        if baited:
            return failed(FailKind.LEAK, f"opened a local file that we named; {_words(seen)}")
        return passed(f"did not open the file that we named; {_words(seen)}")

    return _each("opens_no_local_file", look)


def prints_no_commands() -> Oracle:
    """The output holds no control character that a terminal would obey."""

    def look(_record: Record, seen: Observation) -> Finding:
        control = seen.data.get("control")
        if not isinstance(control, list | tuple):
            return unseen("nobody saw the output")
        if control:
            return failed(FailKind.LEAK, f"printed control characters: {control[0]}")
        return passed(f"printed no control character; {_words(seen)}")

    return _each("prints_no_commands", look)


def keeps_its_token() -> Oracle:
    """The token that was meant for our server is shown to no other one."""

    def judge(record: Record) -> Finding:
        ours, other = record.last("served", "attacker"), record.last("served", "canary")
        if ours is None or other is None or not other.data.get("ready"):
            return unseen("the other server did not listen")
        if other.data.get("tokens"):
            return failed(FailKind.LEAK, f"another server was shown the token{_asked(other)}")
        if not ours.data.get("tokens"):
            return unseen("it showed its token to nobody, not even to the server it is meant for")
        if asked := other.data.get("asked"):
            words = f"asked the other server {asked} time(s), without the token"
            return passed(words, preferred=False)
        return passed("did not ask the other server")

    return NamedOracle("keeps_its_token", judge)


def asks_nobody_else() -> Oracle:
    """Another server, whose address only stands in the answer, is not asked at all."""

    def judge(record: Record) -> Finding:
        other = record.last("served", "canary")
        if other is None or not other.data.get("ready"):
            return unseen("the other server did not listen")
        if other.data.get("asked"):
            return failed(
                FailKind.LEAK, f"asked a server that only the answer named{_asked(other)}"
            )
        return passed("asked nobody but the server that it was sent to")

    return NamedOracle("asks_nobody_else", judge)


def follows_at_most(hops: int) -> Oracle:
    """A chain of redirects is left after so many."""

    def judge(record: Record) -> Finding:
        ours = record.last("served", "attacker")
        asked = ours.data.get("asked") if ours else None
        if not isinstance(asked, int):
            return unseen("nobody counted the requests")
        if asked > hops:
            return failed(FailKind.RESOURCE, f"followed {asked} redirects (bound {hops})")
        return passed(f"gave up after {asked} request(s)")

    return NamedOracle(f"follows_at_most({hops})", judge)


def _each(name: str, look: _Look, *, refusal: bool = False) -> Oracle:
    """The worst finding on what the device was made to do."""

    def judge(record: Record) -> Finding:
        seen = list(record.of("agent"))
        if not seen:
            return unseen("the device was not made to ask")
        found = [look(record, one) for one in seen]
        return max(found, key=lambda one: (one.verdict, not one.preferred))

    return NamedOracle(name, judge, refusal=refusal)


def _claims(record: Record, claim: Claim) -> bool:
    claims = record.facts.get("claims")
    return isinstance(claims, list | tuple) and claim.value in claims


def _in_order(seen: Observation) -> Finding:
    outcome = Outcome(str(seen.data.get("outcome")))
    if outcome is Outcome.CLOSED:
        return warned(f"ended in a way that its profile does not explain: {_words(seen)}")
    return passed(_words(seen), outcome=outcome)


def _words(seen: Observation) -> str:
    verb = "taken" if seen.data.get("outcome") == Outcome.RESPONDED.value else "not taken"
    return f"{verb} ({seen.data.get('detail')})"


def _asked(other: Observation) -> str:
    targets = other.data.get("targets")
    first = targets[0] if isinstance(targets, list | tuple) and targets else ""
    return f": {first!a}" if first else ""
