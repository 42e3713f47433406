"""Oracles on what a device says and does of the objects that it keeps."""

from __future__ import annotations

from itertools import pairwise

from harness.model import JSON, Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen
from harness.oracles.outcomes import REFUSALS, is_failure
from harness.verdict import FailKind, Outcome

_WARNING = 0xB
_NAMES = ("remaining", "completed", "failed", "warning")
_NUMBERS = len(_NAMES)


def commits_nothing_else(*preferred_reason: int) -> Oracle:
    """What a device does not hold is reported as failed, each object with a reason (PS3.4 J.3.3).

    Reads the last ``commitment`` observation: ``unknown`` counts the instances that the device
    cannot keep, ``falsely`` those of them that it committed, ``unnamed`` those that it reported
    neither way, ``reasons`` the Failure Reasons of the others (-1: none). A request that is
    refused as a whole promises nothing either.

    Args:
        preferred_reason: Failure Reasons of PS3.3 C.14.1.1 that fit best.
    """

    def judge(record: Record) -> Finding:
        refusal = _refused(record)
        if refusal is not None:
            return refusal
        seen = record.last("commitment")
        unknown, falsely, unnamed = (_count(seen, key) for key in ("unknown", "falsely", "unnamed"))
        reasons = _numbers(seen, "reasons")
        if seen is None or not seen.data.get("reported"):
            return unseen("no storage commitment report came")
        if unknown is None or falsely is None or unnamed is None or reasons is None:
            return unseen("the report could not be read")
        words = f"{falsely} of {unknown} instances committed that are not there"
        if falsely:
            return failed(FailKind.ACCEPTED, words)
        if unnamed:
            return failed(FailKind.WRONG_REASON, f"{unnamed} of {unknown} instances not reported")
        if -1 in reasons:
            return failed(FailKind.WRONG_REASON, "an instance is reported as failed for no reason")
        told_why = ", ".join(f"{reason:04X}H" for reason in sorted(set(reasons)))
        return passed(f"{words}; failed for {told_why}", preferred=set(reasons) <= wanted)

    wanted = set(preferred_reason)
    names = ", ".join(f"{reason:04X}H" for reason in preferred_reason)
    return NamedOracle(f"commits_nothing_else({names})", judge, refusal=True)


def gives_back_exactly() -> Oracle:
    """The values of a stored object come back octet by octet; more may stand beside them.

    Reads ``comparison``: ``read``, and the paths that are ``missing``, ``changed``, ``added``.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("comparison")
        if seen is None or not seen.data.get("read"):
            return unseen("the object did not come back, or could not be read")
        missing, changed, added = (_texts(seen, key) for key in ("missing", "changed", "added"))
        if missing or changed:
            words = [f"missing: {', '.join(missing)}"] if missing else []
            words += [f"changed: {', '.join(changed)}"] if changed else []
            return failed(FailKind.LOSS, "; ".join(words))
        words_added = f"; added: {', '.join(added)}" if added else ""
        return passed(
            f"{seen.data.get('values')} values unchanged{words_added}", preferred=not added
        )

    return NamedOracle("gives_back_exactly", judge)


def coerces_openly() -> Oracle:
    """Whoever changes the identity of an object says so (PS3.4 B.2.3, PS3.3 C.12.1).

    Reads ``coercion``: the keywords in ``changed``, and whether the object has ``noted`` its
    original attributes; and the status of the C-STORE, of the actor ``attacker``.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("coercion")
        if seen is None or not seen.data.get("read"):
            return _refused(record) or unseen("the object did not come back, or cannot be read")
        changed = _texts(seen, "changed")
        if not changed:
            return passed("the identity is as it was sent")
        if "SOPInstanceUID" in changed:
            return failed(
                FailKind.LOSS, f"another object came under its name: {', '.join(changed)}"
            )
        words = f"changed: {', '.join(changed)}"
        if seen.data.get("noted"):
            return passed(f"{words}; the object tells what it was")
        warned = any(_is_warning(status) for status in _statuses(record))
        if warned:
            return passed(f"{words}; a warning status told of it", preferred=False)
        return failed(FailKind.LOSS, f"{words}, after success, and nothing tells of it")

    return NamedOracle("coerces_openly", judge)


def keeps_studies_apart() -> Oracle:
    """An object of another patient does not slip into a study, whatever the device's rule is.

    Reads the last status of the attacker, and ``injection``: how often the object is ``listed`` in
    the study, how often the first patient's ``own`` is, and the ``patients`` under whom the device
    now lists that study, of whom ``owner`` was first. The fact ``foreign_study`` is the device's
    own rule.
    """

    def judge(record: Record) -> Finding:
        refusal = _refused(record)
        if refusal is not None:
            return refusal
        statuses = _statuses(record)
        if not statuses:
            return unseen("no answer to the C-STORE was witnessed")
        if _is_warning(statuses[-1]):
            flags = record.facts.get("foreign_study") == "flag"
            return passed(f"taken with warning {statuses[-1]:04X}H", preferred=flags)
        seen = record.last("injection")
        if seen is None or not isinstance(seen.data.get("listed"), int):
            return unseen("nobody could ask under whom the object is listed")
        if not seen.data.get("own"):
            return unseen("the first patient's own object is not listed either")
        patients, owner = _texts(seen, "patients"), str(seen.data.get("owner"))
        others = [name for name in patients if name != owner]
        if not seen.data.get("listed"):
            return passed("the object is kept out of the study")
        if owner in patients and others:
            return passed(
                "the study is listed under both patients, each with its own", preferred=False
            )
        where = "under the first patient" if owner in patients else "and under another patient now"
        return failed(FailKind.ACCEPTED, f"success, and the object stands in the study {where}")

    return NamedOracle("keeps_studies_apart", judge, refusal=True)


def serves_no_changed_object() -> Oracle:
    """An object that was changed on the disk is not served as the original.

    Reads ``tampered`` (proof of the change) and ``served``: whether the object ``came``, and
    whether it was the ``altered`` one.
    """

    def judge(record: Record) -> Finding:
        if record.last("tampered") is None:
            return unseen("no stored file was changed")
        seen = record.last("served")
        if seen is None:
            return unseen("nobody asked for the object")
        if seen.data.get("altered"):
            return failed(FailKind.ACCEPTED, "the altered object was served as the original")
        if seen.data.get("came"):
            return passed("the original was served all the same", preferred=False)
        return passed("the altered object was not served")

    return NamedOracle("serves_no_changed_object", judge, refusal=True)


def doubles_nothing() -> Oracle:
    """What is sent again has no second effect.

    Reads ``replayed``: matches ``before`` and ``after``, and ``reports``, the storage commitment
    reports on a transaction that was asked for twice (0 where none was asked for).
    """

    def judge(record: Record) -> Finding:
        seen = record.last("replayed")
        before, after = (_count(seen, key) for key in ("before", "after"))
        if before is None or after is None:
            return unseen("nobody counted what is listed")
        if not before:
            return unseen("the object was not listed before it was sent again")
        words = f"{before} listed before it was sent again, {after} after"
        return passed(words) if after == before else failed(FailKind.LOSS, words)

    return NamedOracle("doubles_nothing", judge)


def counts_add_up() -> Oracle:
    """Completed, failed, warning and remaining sub-operations always make the same total.

    Reads ``counts``: ``confirmed``, how many objects we took, and ``rows``, of each response
    ``[status, remaining, completed, failed, warning]`` with None for what it leaves out. The total
    is the device's own: whether it lost an object is another question.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("counts")
        rows = seen.data.get("rows") if seen is not None else None
        confirmed = _count(seen, "confirmed")
        if not isinstance(rows, list | tuple) or not rows:
            return unseen("no response had any counts")
        whole = [sum(full) for row in rows if (full := _full(row)) is not None]
        if not whole or confirmed is None:
            return unseen("no response had all of its counts")
        if len(set(whole)) > 1 or any(not _is_next(*pair) for pair in pairwise(rows)):
            words = "; ".join(_worded(row) for row in rows)
            return failed(FailKind.WRONG_REASON, f"the counts do not add up: {words}")
        last = _done(rows[-1])
        if last is not None and sum(last) != whole[0]:
            return failed(FailKind.WRONG_REASON, f"{sum(last)} of {whole[0]} at the end")
        if last is not None and last[0] + last[2] > confirmed:
            words = f"{last[0] + last[2]} called sent, {confirmed} were taken"
            return failed(FailKind.WRONG_REASON, words)
        return passed(f"{len(rows)} responses, each of {whole[0]} in all")

    return NamedOracle("counts_add_up", judge)


def waits_quietly(share: float) -> Oracle:
    """A device that cannot send waits, instead of trying again and again.

    Reads ``waiting``: ``share`` of one core that the device used while nobody read; and
    ``retrieved``: how many objects ``came`` once somebody did.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("waiting")
        used = seen.data.get("share") if seen is not None else None
        if not isinstance(used, int | float):
            return unseen("nobody measured the device while it could not send")
        if not _count(record.last("retrieved"), "came"):
            return unseen("the object never came: nothing shows that the device had to wait")
        words = f"{used:.0%} of one core while it could not send (bound {share:.0%})"
        return passed(words) if used < share else failed(FailKind.RESOURCE, words)

    return NamedOracle(f"waits_quietly({share:.0%})", judge)


def leaves_no_trace() -> Oracle:
    """What was refused changed nothing: an honest request afterwards ends as it must.

    Reads every ``aftermath``: ``unharmed``, and ``why`` it matters where it is not.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("aftermath"))
        if not seen:
            return unseen("nobody looked what had become of it")
        for one in seen:
            if not one.data.get("unharmed"):
                return failed(FailKind.ACCEPTED, str(one.data.get("why")))
        return passed("an honest request afterwards ends as it must")

    return NamedOracle("leaves_no_trace", judge)


def _full(row: JSON) -> list[int] | None:
    """The four numbers of a response; None where one is missing."""
    numbers = [n for n in row[1:] if isinstance(n, int)] if isinstance(row, list | tuple) else []
    return numbers if len(numbers) == _NUMBERS else None


def _done(row: JSON) -> list[int] | None:
    """Completed, failed and warning sub-operations; None where one is missing."""
    numbers = [n for n in row[2:] if isinstance(n, int)] if isinstance(row, list | tuple) else []
    return numbers if len(numbers) == _NUMBERS - 1 else None


def _is_next(one: JSON, other: JSON) -> bool:
    """False where a later response has done less than the one before."""
    before, after = _done(one), _done(other)
    return (
        before is None or after is None or all(a <= b for a, b in zip(before, after, strict=True))
    )


def _worded(row: JSON) -> str:
    numbers = row[1:] if isinstance(row, list | tuple) else ()
    return " ".join(f"{n} {name}" for name, n in zip(_NAMES, numbers, strict=False))


def _refused(record: Record) -> Finding | None:
    """A pass where the attacker's last request was refused, by a status or an orderly end."""
    seen = outcomes_of(record, "attacker")
    if not seen:
        return None
    outcome, observation = seen[-1]
    if outcome in REFUSALS:
        preferred = outcome is Outcome.ABORTED
        return passed(told(outcome, observation), preferred=preferred, outcome=outcome)
    status = observation.data.get("status")
    if outcome is Outcome.RESPONDED and isinstance(status, int) and is_failure(status):
        return passed(f"refused: {told(outcome, observation)}", outcome=outcome)
    return None


def _statuses(record: Record) -> list[int]:
    found = [seen.data.get("status") for _, seen in outcomes_of(record, "attacker")]
    return [status for status in found if isinstance(status, int)]


def _is_warning(status: int) -> bool:
    return status >> 12 == _WARNING


def _count(seen: Observation | None, key: str) -> int | None:
    value = seen.data.get(key) if seen is not None else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < 2**63 else None


def _numbers(seen: Observation | None, key: str) -> list[int] | None:
    value = seen.data.get(key) if seen is not None else None
    if not isinstance(value, list | tuple):
        return None
    return [each for each in value if isinstance(each, int)]


def _texts(seen: Observation, key: str) -> list[str]:
    value = seen.data.get(key)
    return [str(each) for each in value] if isinstance(value, list | tuple) else []
