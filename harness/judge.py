"""From a record to a verdict: a pure function, so that a stored run can be judged again.

The order matters, and is the same for every scenario: our own errors first, then whether anything
may be concluded at all (health before, twin, emission), then what the sentinel saw (crash, hang,
neglect of others), and only then the scenario's own oracles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness import requirements
from harness.model import CaseResult, Finding, Observation, Record, Scenario
from harness.verdict import FailKind, InconclusiveReason, Outcome, Verdict

Check = Callable[[Scenario, Record], Iterator[Finding]]

_EVIDENT = frozenset({FailKind.CRASH, FailKind.HANG, FailKind.RESOURCE, FailKind.LOSS})
"""Kinds that need no standard to be a failure: the device is out of service or lost something."""

_TRANSIENT = 2
_TRANSIENTLY_REJECTED = f"rejected ({_TRANSIENT}/"
"""How the bystander words an A-ASSOCIATE-RJ with result 2."""


def judge_case(scenario: Scenario, record: Record) -> CaseResult:
    """Judges one play.

    Never raises for what a device can cause; an oracle that raises is our ERROR.
    """
    # Nothing is exchanged for a question to a person, so only its answer can be judged.
    checks: tuple[Check, ...] = (_own_error,)
    opinions: Check = _by_oracles
    if scenario.question is None:
        checks, opinions = (_own_error, _not_concludable, _not_emitted), _opinions
    for check in checks:
        found = tuple(check(scenario, record))
        if found:
            return _result(scenario, record, found)
    return _result(scenario, record, tuple(opinions(scenario, record)))


def _opinions(scenario: Scenario, record: Record) -> Iterator[Finding]:
    seen = [*_sentinel(scenario, record), *_bystander(scenario, record)]
    yield from seen
    if record.last("cut-short") is not None:
        # What the device would have done in time, nobody knows: only the watch may judge.
        if not seen:
            code = InconclusiveReason.INSUFFICIENT_EVIDENCE
            yield _inconclusive(code, "the play was ended before its time")
        return
    yield from _by_oracles(scenario, record)


def _by_oracles(scenario: Scenario, record: Record) -> Iterator[Finding]:
    for oracle in scenario.oracles:
        try:
            finding = oracle(record)
        except Exception as error:
            reason = f"oracle {oracle.name} raised {type(error).__name__}: {error}"
            finding = Finding(verdict=Verdict.ERROR, reason=reason, oracle=oracle.name)
        yield _tempered(scenario, finding)


def _result(scenario: Scenario, record: Record, findings: tuple[Finding, ...]) -> CaseResult:
    worst = max(findings, key=lambda f: (f.verdict, not f.preferred))
    ended = record.last("ended", "engine")
    return CaseResult(
        vary=record.case,
        verdict=worst.verdict,
        outcome=_outcome(record, findings),
        reason=worst.reason,
        kind=worst.kind,
        code=worst.code,
        preferred=all(f.preferred for f in findings),
        duration_s=ended.at_s if ended else 0.0,
        findings=findings,
        evidence=tuple(
            str(seen.data["path"]) for seen in record.of("evidence") if "path" in seen.data
        ),
        parts=tuple(case for finding in findings for case in finding.cases),
    )


def _outcome(record: Record, findings: tuple[Finding, ...]) -> Outcome | None:
    named = [finding.outcome for finding in findings if finding.outcome]
    if named:
        return named[0]
    seen = record.last("outcome", "attacker")
    try:
        return Outcome(str(seen.data["outcome"])) if seen else None
    except (KeyError, ValueError):
        return None


def _own_error(_scenario: Scenario, record: Record) -> Iterator[Finding]:
    for seen in record.of("error", "engine"):
        yield Finding(verdict=Verdict.ERROR, reason=str(seen.data.get("message", "")))


def _not_concludable(scenario: Scenario, record: Record) -> Iterator[Finding]:
    before = next((h for h in record.of("health", "sentinel") if _when(h) == "before"), None)
    if before is None:
        yield _inconclusive(
            InconclusiveReason.INSUFFICIENT_EVIDENCE, "the sentinel did not look before the play"
        )
    elif not before.data.get("ok"):
        yield _inconclusive(
            InconclusiveReason.DEVICE_UNHEALTHY_BEFORE,
            f"out of service before the play: {before.data.get('detail')}",
        )
    twin = record.last("twin", "engine")
    if not scenario.positive and (twin is None or twin.data.get("verdict") != "PASS"):
        verdict = twin.data.get("verdict") if twin else "not played"
        yield _inconclusive(
            InconclusiveReason.PRECONDITION_UNMET,
            f"the twin {scenario.twin} did not succeed ({verdict}), so a refusal proves nothing",
        )
    for seen in record.of("suspicion", "engine"):
        yield _inconclusive(InconclusiveReason.INSUFFICIENT_EVIDENCE, str(seen.data.get("why")))
    for seen in record.of("precondition", "engine"):
        if _still_well(record):
            yield _inconclusive(
                InconclusiveReason.PRECONDITION_UNMET, str(seen.data.get("why", "unmet"))
            )


def _not_emitted(_scenario: Scenario, record: Record) -> Iterator[Finding]:
    emitted = any(seen.data.get("stimulus") for seen in record.of("emitted"))
    if emitted and not _still_well(record):
        return  # the stimulus left, and the device is gone: that is why nothing more could leave
    for seen in record.of("not-emitted", "engine"):
        yield _inconclusive(InconclusiveReason.NOT_EMITTED, str(seen.data.get("why", "")))
        return
    if not emitted:
        yield _inconclusive(
            InconclusiveReason.NOT_EMITTED, "no proof that the stimulus left our side"
        )


def _sentinel(_scenario: Scenario, record: Record) -> Iterator[Finding]:
    after = [h for h in record.of("health", "sentinel") if _when(h) == "after"]
    if not after:
        yield _inconclusive(
            InconclusiveReason.INSUFFICIENT_EVIDENCE, "the sentinel did not look after the play"
        )
        return
    seen = after[-1]
    crash = seen.data.get("evidence")
    if crash:
        yield Finding(
            verdict=Verdict.FAIL,
            kind=FailKind.CRASH,
            reason=f"the device crashed: {seen.data.get('detail')}",
            oracle="sentinel",
        )
    elif not seen.data.get("ok"):
        yield Finding(
            verdict=Verdict.FAIL,
            kind=FailKind.HANG,
            reason=f"the device is out of service after the play: {seen.data.get('detail')}",
            oracle="sentinel",
        )
    lost = seen.data.get("lost_worker")
    if lost and not crash:
        yield Finding(
            verdict=Verdict.WARN,
            reason=f"the device's log reveals an unhandled error: {lost}",
            oracle="sentinel",
        )


def _bystander(scenario: Scenario, record: Record) -> Iterator[Finding]:
    seen = record.last("bystander", "bystander")
    if not scenario.bystander or seen is None or seen.data.get("ok"):
        return
    if told_to_return(seen):
        yield from _full(record)
        return
    twin = record.last("twin", "engine")
    if twin is not None and twin.data.get("bystander_ok"):
        yield Finding(
            verdict=Verdict.FAIL,
            kind=FailKind.HANG,
            reason=f"a second, honest peer was not served meanwhile: {seen.data.get('detail')}",
            oracle="bystander",
        )


def _full(record: Record) -> Iterator[Finding]:
    """A device that turns away everybody for the moment has not refused the stimulus."""
    seen = record.last("outcome", "attacker")
    if seen is not None and seen.data.get("result") == _TRANSIENT:
        yield _inconclusive(
            InconclusiveReason.INSUFFICIENT_EVIDENCE,
            f"the device was full, and turned honest peers away too: {seen.data.get('detail')}",
        )


def told_to_return(bystander: Observation) -> bool:
    """True when the device refused it transiently (PS3.8 9.3.4, result 2), as a full one should.

    That it recovers from what filled it is the sentinel's to see (HOUSE/SERVES-OTHERS).
    """
    return _TRANSIENTLY_REJECTED in str(bystander.data.get("detail"))


def _tempered(scenario: Scenario, finding: Finding) -> Finding:
    """A FAIL that rests only on facts nobody read in the standard becomes a WARN that says so."""
    if finding.verdict is not Verdict.FAIL or finding.kind in _EVIDENT:
        return finding
    known = requirements.load()
    rules = [known[name] for name in scenario.verifies]
    if any(rule.decides for rule in rules):
        return finding
    words = "; ".join(f"{rule.id} ({rule.confidence}: {rule.source})" for rule in rules)
    reason = f"{finding.reason} [not a FAIL, because the rule rests on {words}]"
    return Finding(
        verdict=Verdict.WARN, reason=reason, oracle=finding.oracle, outcome=finding.outcome
    )


def _still_well(record: Record) -> bool:
    """False when the sentinel saw the device sick after the play: that outweighs a precondition."""
    after = [h for h in record.of("health", "sentinel") if _when(h) == "after"]
    return not after or bool(after[-1].data.get("ok") and not after[-1].data.get("evidence"))


def _when(seen: Observation) -> object:
    return seen.data.get("when")


def _inconclusive(code: InconclusiveReason, reason: str) -> Finding:
    return Finding(verdict=Verdict.INCONCLUSIVE, code=code, reason=reason, oracle="engine")
