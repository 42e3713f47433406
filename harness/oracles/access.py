"""Oracles on authorisation: was each cell decided as the owner of the device says?

A ``cell`` observation is one try: ``identity``, ``operation``, ``object``, ``declared``, ``path``
(which way to the device), ``how`` (in which unusual manner), ``granted`` (somebody may do that
operation) and ``result``: served, hidden (an answer as if nothing were there), refused, silent,
busy or untried. A ``matrix`` observation before them says how many were to come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind

_SHOWN = 4
_BRINGS_DATA = frozenset({"find", "get", "move"})
_NOT_SERVED = frozenset({"refused", "hidden", "silent"})
_DESTINATION_UNKNOWN, _NOT_AUTHORISED = 0xA801, 0x0124
_WARNING = 0xB
_ACSE = 2


def refuses_forbidden_cells() -> Oracle:
    """No cell is served that is forbidden; each was tried, and each got an answer.

    Where stores were refused by a status, an honest query finds nothing of them; if nobody could
    ask, that is a lenient pass.
    """

    def judge(record: Record) -> Finding:
        problem = _leak(record)
        if problem is not None:
            return problem
        cells = _cells(record, "forbidden")
        hidden = sum(1 for cell in cells if cell.data.get("result") == "hidden")
        more = f", {hidden} of them by an answer as if nothing were there" if hidden else ""
        kept = record.last("kept", "polite")
        unasked = _number(kept, "unasked") if kept is not None else 0
        more += f"; {unasked} refused stores could not be looked up" if unasked else ""
        silent = sum(1 for cell in cells if cell.data.get("result") == "silent")
        more += f"; {silent} were left without an answer, as nobody may do that" if silent else ""
        words = f"{len(cells)} forbidden {_plural(cells)}, none served{more}"
        return passed(words, preferred=not unasked and not silent)

    return NamedOracle("refuses_forbidden_cells", judge, refusal=True)


def refuses_destinations() -> Oracle:
    """No object is sent where the requester may not have it sent.

    PS3.4 C.4.2 has A801H for a destination that is unknown, and 0124H (PS3.7 C.5) says that
    something is not authorised: other failures are lenient passes.
    """
    return NamedOracle("refuses_destinations", _preferring(_names_the_reason), refusal=True)


def says_destination_unknown() -> Oracle:
    """A C-MOVE to a title that the device cannot know fails, and the status says why.

    PS3.4 C.4.2.1.5 has A801H for it; another failure is a lenient pass. Success says that objects
    were sent that were not, and a warning that only some were not.
    """

    def judge(record: Record) -> Finding:
        problem = _leak(record)
        if problem is not None:
            return problem
        cell = _cells(record, "forbidden")[-1]
        status, detail = cell.data.get("status"), cell.data.get("detail")
        if status == 0:
            words = f"success, though nothing was sent anywhere: {detail}"
            return failed(FailKind.WRONG_REASON, words)
        if isinstance(status, int) and status >> 12 == _WARNING:
            return warned(f"a warning, though nothing was sent anywhere: {detail}")
        return passed(f"{detail}", preferred=status == _DESTINATION_UNKNOWN)

    return NamedOracle("says_destination_unknown", judge, refusal=True)


def rejects_unproven_users() -> Oracle:
    """A user who does not prove who he is gets no service.

    PS3.7 D.3.3.7.3 rejects the association permanently, with source 2; every other refusal is a
    lenient pass.
    """
    return NamedOracle("rejects_unproven_users", _preferring(_rejected_by_acse), refusal=True)


def _preferring(preferred: Callable[[Observation], bool]) -> Callable[[Record], Finding]:
    def judge(record: Record) -> Finding:
        problem = _leak(record)
        if problem is not None:
            return problem
        cells = _cells(record, "forbidden")
        words = f"{len(cells)} {_plural(cells, 'try', 'tries')}, none served"
        return passed(
            f"{words}: {cells[-1].data.get('detail')}", preferred=all(map(preferred, cells))
        )

    return judge


def _leak(record: Record) -> Finding | None:
    """What is wrong with the forbidden cells, or why nobody can tell; None for nothing."""
    cells = _cells(record, "forbidden")
    leaking = [cell for cell in cells if cell.data.get("result") == "served"]
    if leaking:
        brings = any(cell.data.get("operation") in _BRINGS_DATA for cell in leaking)
        kind = FailKind.LEAK if brings else FailKind.ACCEPTED
        return failed(kind, _counted(leaking, cells, "served though forbidden"))
    late, kept = record.last("late", "engine"), record.last("kept", "polite")
    if late is not None and late.data.get("objects"):
        words = f"{late.data['objects']} objects of a C-MOVE arrived afterwards"
        return failed(FailKind.LEAK, words)
    if kept is not None and kept.data.get("found"):
        words = f"a query finds {kept.data['found']} objects whose store was refused"
        return failed(FailKind.ACCEPTED, words)
    # Silence is a hang only where the same request is answered when somebody else asks it.
    silent = [c for c in cells if c.data.get("result") == "silent" and c.data.get("granted")]
    if silent:
        return failed(FailKind.HANG, _counted(silent, cells, "neither served nor refused"))
    missing = _missing(record, cells)
    return unseen(missing) if missing else None


def _names_the_reason(cell: Observation) -> bool:
    return cell.data.get("status") in (_DESTINATION_UNKNOWN, _NOT_AUTHORISED)


def _rejected_by_acse(cell: Observation) -> bool:
    return cell.data.get("outcome") == "REJECTED" and cell.data.get("source") == _ACSE


def serves_allowed_cells() -> Oracle:
    """Every cell that is allowed is served."""

    def judge(record: Record) -> Finding:
        cells = _cells(record, "allowed")
        denied = [cell for cell in cells if _is_denied(cell)]
        if denied:
            return failed(FailKind.WRONG_REASON, _counted(denied, cells, "not served"))
        missing = _missing(record, cells)
        words = f"{len(cells)} allowed {_plural(cells)}, all served"
        return unseen(missing) if missing else passed(words)

    return NamedOracle("serves_allowed_cells", judge)


def keeps_titles_apart() -> Oracle:
    """A title that is not the configured one is not served, but for documented equivalences.

    The case says what may be: ``equivalent`` is "never", "by claim" (differs in case only) or
    "always" (leading and trailing spaces are not significant, PS3.8 9.3.2). A claim of the profile
    is needed for the second; refusing the third is harmless here, and a lenient pass. Under "only
    just" stands what many products read as a C string: no better title for anybody, so a WARN.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("outcome", "attacker")
        if seen is None:
            return unseen("no outcome was witnessed")
        outcome, status = seen.data.get("outcome"), seen.data.get("status")
        served = outcome == "RESPONDED" and status == 0
        words = str(seen.data.get("detail") or outcome)
        may = record.case.get("equivalent")
        claimed = record.facts.get("ignores_ae_case") is True
        if served and may == "only just":
            return warned(f"served: what stands behind a NUL is passed over: {words}")
        if served:
            if may == "always" or (may == "by claim" and claimed):
                return passed(f"served, as it is the same title: {words}")
            why = "no claim says that case is ignored" if may == "by claim" else "it is another"
            return failed(FailKind.ACCEPTED, f"served, though {why}: {words}")
        if outcome == "TIMEOUT":
            return failed(FailKind.HANG, f"neither served nor refused: {words}")
        strict = may in ("never", "only just") or (may == "by claim" and not claimed)
        return passed(f"not served: {words}", preferred=strict)

    return NamedOracle("keeps_titles_apart", judge, refusal=True)


def answers_supported_roles_only(clause: str = "PS3.7 D.3.3.4") -> Oracle:
    """Role selection is answered within what was proposed, and within what the profile claims.

    A ``role`` observation is one answer: ``sop_class``, ``service``, ``asked`` and ``answered``
    (SCU and SCP role, or None for the default roles). Who proposes neither role has proposed
    nonsense; an answer that grants him one is a WARN.
    """

    def judge(record: Record) -> Finding:
        answers = list(record.of("role", "attacker"))
        if not answers:
            return unseen("no answer to a role selection was witnessed")
        claimed = record.facts.get("scu_roles")
        supported = {str(one) for one in claimed} if isinstance(claimed, list | tuple) else set()
        wrong = [words for seen in answers if (words := _wrong_role(seen, supported))]
        if wrong:
            words = f"{len(wrong)} of {len(answers)} roles: {'; '.join(wrong[:_SHOWN])}"
            odd = all(_asks_for_nothing(seen) for seen in answers)
            return warned(words) if odd else failed(FailKind.ACCEPTED, words)
        return passed(f"{len(answers)} answers keep to {clause} and to the claimed roles")

    return NamedOracle("answers_supported_roles_only", judge, refusal=True)


def sends_only_home() -> Oracle:
    """Objects of a C-MOVE arrive at the configured address of the destination and nowhere else.

    ``sent`` tells: ``home`` and ``elsewhere``, how often the object came to either address.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("sent", "attacker")
        if seen is None:
            return unseen("nobody looked where the objects went")
        if seen.data.get("elsewhere"):
            return failed(FailKind.LEAK, "objects went to an address that only claimed the title")
        if not seen.data.get("home"):
            return unseen("the object went nowhere, so that nobody can tell where it would go")
        return passed("the object went to the configured address only")

    return NamedOracle("sends_only_home", judge)


def _is_denied(cell: Observation) -> bool:
    """Tell whether an allowed cell was not served; a C-MOVE has to arrive."""
    lost = cell.data.get("operation") == "move" and cell.data.get("objects") == 0
    return cell.data.get("result") in _NOT_SERVED or lost


def _plural(cells: Sequence[Observation], one: str = "cell", many: str = "cells") -> str:
    return one if len(cells) == 1 else many


def _cells(record: Record, declared: str) -> list[Observation]:
    return [c for c in record.of("cell", "attacker") if c.data.get("declared") == declared]


def _missing(record: Record, cells: Sequence[Observation]) -> str:
    """Why the matrix was not tried as a whole; empty when it was."""
    planned = sum(_number(seen, "cells") for seen in record.of("matrix", "engine"))
    if not planned or not cells:
        return "no cell of the matrix was tried"
    open_ = [cell for cell in cells if cell.data.get("result") in ("untried", "busy")]
    if open_:
        return _counted(open_, cells, "could not be tried")
    if len(cells) < planned:
        return f"{planned - len(cells)} of {planned} cells were not tried"
    return ""


def _counted(some: Sequence[Observation], cells: Sequence[Observation], what: str) -> str:
    shown = "; ".join(_told(cell) for cell in some[:_SHOWN])
    more = f"; and {len(some) - _SHOWN} more" if len(some) > _SHOWN else ""
    return f"{len(some)} of {len(cells)} cells {what}: {shown}{more}"


def _told(cell: Observation) -> str:
    data = cell.data
    of = f" {data.get('object')}" if data.get("operation") != "echo" else ""
    way = f" {data['how']}" if data.get("how") else ""
    way += f" by the {data['path']}" if data.get("path") else ""
    return f"{data.get('identity')} {data.get('operation')}{of}{way} ({data.get('detail')})"


def _wrong_role(seen: Observation, supported: set[str]) -> str:
    """What is wrong with one answer; empty for nothing."""
    data = seen.data
    asked, answered = data.get("asked"), data.get("answered")
    if not isinstance(asked, list | tuple) or not isinstance(answered, list | tuple):
        return ""
    name = f"{data.get('service')} ({data.get('sop_class')})"
    beyond = [one > other for one, other in zip(map(_int, answered), map(_int, asked), strict=True)]
    if any(beyond):
        return f"{name} grants a role that nobody proposed"
    if _int(answered[1]) and data.get("service") not in supported:
        return f"{name} takes the SCU role, which the profile does not claim"
    return ""


def _asks_for_nothing(seen: Observation) -> bool:
    asked = seen.data.get("asked")
    return isinstance(asked, list | tuple) and not any(asked)


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _number(seen: Observation, key: str) -> int:
    return _int(seen.data.get(key))
