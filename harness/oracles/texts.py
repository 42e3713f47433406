"""Oracles on what a device makes of text that it cannot read: of that, and of all the rest.

They read ``kept``, ``answered`` and ``identity`` observations: see :mod:`simulators.texts`.
"""

from __future__ import annotations

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.oracles.outcomes import REFUSALS
from harness.verdict import FailKind, Outcome


def answers_plainly() -> Oracle:
    """A text that cannot be read hides no object from queries, and spoils no text beside it."""

    def judge(record: Record) -> Finding:
        seen = record.last("answered", "attacker")
        if seen is None:
            return unseen("nobody searched for what was stored")
        if (broken := _broken(seen)) is not None:
            return broken
        missing, wrong = seen.data.get("missing"), seen.data.get("wrong")
        if not isinstance(missing, list | tuple):
            return unseen("nobody counted what was found")
        if missing:
            words = ", ".join(map(str, missing))
            return failed(FailKind.LOSS, f"queries do not find what was stored: {words}")
        if isinstance(wrong, list | tuple) and wrong:
            shown = ", ".join(map(str, wrong))
            return failed(FailKind.LOSS, f"plain texts beside it came back otherwise: {shown}")
        return passed("queries find all that was stored, with its plain texts")

    return NamedOracle("answers_plainly", judge)


def returns_values() -> Oracle:
    """An honest object is stored, and comes back value for value: what a positive twin must do."""

    def judge(record: Record) -> Finding:
        if record.last("kept", "attacker") is None:
            return unseen("nobody left an object")
        seen = record.last("returned", "attacker")
        if not _taken(record) or seen is None or not seen.data.get("objects"):
            return failed(FailKind.LOSS, "an honest object was not stored, or did not come back")
        changed = seen.data.get("changed")
        if changed != [] and changed != ():
            return failed(FailKind.LOSS, f"an honest object came back otherwise: {changed}")
        return passed("an honest object came back value for value")

    return NamedOracle("returns_values", judge)


def gives_each_their_own() -> Oracle:
    """Honest patients are stored, and a query gives the first without the others."""
    apart = keeps_patients_apart()

    def judge(record: Record) -> Finding:
        if record.last("kept", "attacker") is not None and not _taken(record):
            return failed(FailKind.WRONG_REASON, "honest objects of two patients were not taken")
        return apart(record)

    return NamedOracle("gives_each_their_own", judge)


def keeps_patients_apart() -> Oracle:
    """A query by Patient ID gives the study of that patient, under their name, and no other."""

    def judge(record: Record) -> Finding:
        every = list(record.of("kept", "attacker"))
        if any(seen.data.get("outcome") == Outcome.TIMEOUT.value for seen in every):
            return failed(FailKind.HANG, "an object was neither stored nor refused")
        seen = record.last("identity", "attacker")
        if seen is None:
            return unseen("nobody asked for one of the patients")
        if (broken := _broken(seen)) is not None:
            return broken
        foreign = seen.data.get("foreign")
        if not isinstance(foreign, list | tuple):
            return unseen("nobody looked whose studies came")
        if foreign:
            words = ", ".join(map(str, foreign))
            return failed(
                FailKind.LOSS, f"a query for one patient gives studies of others: {words}"
            )
        if not seen.data.get("own"):
            return failed(FailKind.LOSS, "a query for a patient does not give their study")
        if seen.data.get("misnamed"):
            return failed(FailKind.LOSS, "the study of one patient bears another name")
        if not _taken(record):
            return passed("who was taken has their own study and name", preferred=False)
        return passed("each patient has their own study and name")

    return NamedOracle("keeps_patients_apart", judge)


def _taken(record: Record) -> bool:
    kept = list(record.of("kept", "attacker"))
    return bool(kept) and all(seen.data.get("taken") for seen in kept)


def _broken(seen: Observation) -> Finding | None:
    """A finding where the query was not answered to its end."""
    outcome = Outcome(str(seen.data.get("outcome")))
    status = seen.data.get("status")
    if outcome is Outcome.TIMEOUT:
        return failed(FailKind.HANG, "an honest query was not answered any more")
    if outcome is not Outcome.RESPONDED or status != 0:
        how = outcome.value if outcome in REFUSALS else f"{outcome.value}, status {status}"
        return failed(FailKind.LOSS, f"an honest query failed: {how}")
    return None
