"""What ``assay load`` judges: questions to any load, whatever its operation.

A load is an honest exchange in number, so each case is a positive one and needs no twin. They are
no part of the catalogue that ``assay run`` plays: its family LOAD has small loads of its own. Ids
from LOAD-500 to LOAD-519 are kept for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from harness.errors import RequestError
from harness.loading import LoadRequest
from harness.model import Claim, Oracle, Role, Safety, Scenario, Severity
from harness.oracles import (
    all_answered,
    delivers_what_it_says,
    duplicates_nothing,
    keeps_latency,
    keeps_rate,
    loses_nothing,
    mixes_up_nothing,
    recovers_within,
    rejects_properly,
    returns_to_base,
    serves_during_load,
    serves_fairly,
)
from harness.profile import Profile
from harness.stage import Stage

STORING = frozenset({"store", "stow", "mixed"})
"""Operations after which objects can be looked for."""

_CLAIMED = frozenset({"store", "stow"})
_STEADY = frozenset({"constant", "soak"})
_UNEVEN = frozenset({"greedy", "slow-readers"})


def _measured(stage: Stage) -> None:
    raise RequestError(f"{stage.scenario.id}: is judged by 'assay load' and not played by itself")


def _case(
    number: int,
    title: str,
    why: str,
    remedy: str,
    *,
    oracle: Oracle,
    verifies: Sequence[str],
    threats: Sequence[str],
    weakness: str,
    severity: Severity,
    control: str,
    needs: Iterable[Claim] = (),
) -> Scenario:
    return Scenario(
        id=f"LOAD-{number}", title=title, rationale=why, remediation=remedy, role=Role.ACCEPTOR,
        severity=severity, verifies=tuple(verifies), threats=tuple(threats), weakness=(weakness,),
        references=(), needs=frozenset({Claim.ACCEPTOR, *needs}), twin=None, control=control,
        oracles=(oracle,), budget_s=300.0, safety=Safety.STORES_OBJECTS, alone=True,
        bystander=False, vary=(), body=_measured, source=__file__,
    )  # fmt: skip


ANSWERS = _case(
    500, "Every request of the load is answered with success.",
    "A busy morning is no attack, and a request that fails in it is an examination that waits. A "
    "good device answers all of them; a bad one drops, refuses or forgets some.",
    "Queue what cannot be served at once, refuse associations beyond the limit, and answer every "
    "request of those that were accepted.",
    oracle=all_answered(), verifies=("HOUSE/SERVES-UNDER-LOAD",), threats=("T-AVAIL-09",),
    weakness="CWE-400", severity=Severity.HIGH, control="forgets_answers_under_load",
)  # fmt: skip
RATE = _case(
    501, "The rate of objects that is claimed is kept.",
    "What a department sends in its busiest hour is planned with the rate that the manufacturer "
    "claims. A device that falls behind it makes every modality wait.",
    "Find what the time is spent on at the claimed rate (assay load shows when it rises), or claim "
    "what is kept.",
    oracle=keeps_rate(), verifies=("HOUSE/CLAIMED-RATE",), threats=("T-AVAIL-09",),
    weakness="CWE-405", severity=Severity.MEDIUM, control="answers_late_under_load",
    needs=(Claim.STORAGE_SCP, Claim.LOAD_RATE),
)  # fmt: skip
LATENCY = _case(
    502, "At the claimed rate, 99 of 100 answers come within the claimed time.",
    "A peer gives up on an answer that comes late, sends again, and doubles the load. The time "
    "counts from when a request was due, so that a stall is not hidden by those who wait for it.",
    "Keep slow work (indexing, routing, compression) out of the path of the answer, or claim what "
    "is kept.",
    oracle=keeps_latency(), verifies=("HOUSE/CLAIMED-RATE",), threats=("T-AVAIL-09",),
    weakness="CWE-405", severity=Severity.MEDIUM, control="answers_late_under_load",
    needs=(Claim.STORAGE_SCP, Claim.LOAD_LATENCY),
)  # fmt: skip
LOSES_NOTHING = _case(
    503, "Every object that was acknowledged under load is found afterwards.",
    "A modality deletes what the archive has acknowledged. One image in ten thousand that is "
    "acknowledged and not kept is a diagnosis that nobody can make, and nobody notices.",
    "Answer with success only when the object is stored and can be found; never from a queue that "
    "may overflow.",
    oracle=loses_nothing(), verifies=("PS3.4/B.2.3", "HOUSE/NOTHING-LOST"),
    threats=("T-INTEG-08",), weakness="CWE-393", severity=Severity.CRITICAL,
    control="loses_one_in_many",
)  # fmt: skip
DUPLICATES_NOTHING = _case(
    504, "No object that was acknowledged under load is there twice.",
    "Two copies of one instance make counts wrong, and later changes reach only one of them.",
    "Make the SOP Instance UID unique in the store, and take an object in by one transaction.",
    oracle=duplicates_nothing(), verifies=("HOUSE/NOTHING-LOST",), threats=("T-INTEG-08",),
    weakness="CWE-694", severity=Severity.HIGH, control="stores_twice",
)  # fmt: skip
MIXES_UP_NOTHING = _case(
    505, "Every object that was acknowledged under load has its own name and content.",
    "Buffers and names that two associations share by mistake put the images of one patient under "
    "the name of another, and only when there is much to do.",
    "Keep nothing of one association where another can reach it; compare the UIDs of command and "
    "data set before storing.",
    oracle=mixes_up_nothing(), verifies=("HOUSE/NOTHING-LOST",), threats=("T-INTEG-08",),
    weakness="CWE-362", severity=Severity.CRITICAL, control="mixes_up_objects",
)  # fmt: skip
FAIR = _case(
    506, "A greedy caller leaves every other one its share.",
    "One modality that sends its whole memory, or a misguided migration, must not make emergency "
    "images wait.",
    "Serve associations in turn, limit those of one AE, and hold no lock while a peer is slow.",
    oracle=serves_fairly(), verifies=("HOUSE/FAIR-SERVICE",), threats=("T-AVAIL-10",),
    weakness="CWE-400", severity=Severity.MEDIUM, control="serves_one_ae",
    needs=(Claim.FAIR_SERVICE,),
)  # fmt: skip
SERVES_OTHERS = _case(
    507, "While some callers are slow or greedy, every other one is served.",
    "Peers that read a byte at a time, or take all they can get, are met every day. A device that "
    "waits for them serves nobody else.",
    "Give every association a thread or a buffer of its own, and hold no lock while writing to a "
    "peer.",
    oracle=serves_during_load(), verifies=("HOUSE/SERVES-UNDER-LOAD", "HOUSE/SERVES-OTHERS"),
    threats=("T-AVAIL-10",), weakness="CWE-410", severity=Severity.HIGH,
    control="starved_by_slow_readers",
)  # fmt: skip
BASE = _case(
    508, "After the load, the device holds what it held before.",
    "What each request leaves behind, a little memory, a thread or a file, ends the service days "
    "later, and an attacker need not wait for days.",
    "Free what belongs to an association when it ends, however it ends; watch the slope over many "
    "associations.",
    oracle=returns_to_base(), verifies=("HOUSE/RETURNS-TO-BASE",), threats=("T-AVAIL-11",),
    weakness="CWE-401", severity=Severity.MEDIUM, control="leaks_threads",
)  # fmt: skip
RECOVERS = _case(
    509, "After the load, the device is as quick as before within the claimed time.",
    "A backlog that outlasts the load, or a pool that never shrinks back, keeps the next peer "
    "waiting for what is over.",
    "Bound queues, drop work for peers that are gone, and let no timer of the load outlive it.",
    oracle=recovers_within(), verifies=("HOUSE/RECOVERS-FROM-LOAD",), threats=("T-AVAIL-09",),
    weakness="CWE-400", severity=Severity.MEDIUM, control="stays_slow_after_load",
    needs=(Claim.RECOVERS_FROM_LOAD,),
)  # fmt: skip
LIMIT = _case(
    510, "Beyond the claimed limit, associations are rejected transiently, and the others served.",
    "A peer that is told to come back comes back; one whose connection is closed, or that is left "
    "without an answer, reports a fault or holds its images for ever.",
    "Answer A-ASSOCIATE-RJ with result 2 (transient), source 3, reason 1 or 2 (PS3.8 9.3.4).",
    oracle=rejects_properly(), verifies=("HOUSE/ASSOCIATION-LIMIT", "PS3.8/9.3.4/LIMIT"),
    threats=("T-AVAIL-01",), weakness="CWE-770", severity=Severity.MEDIUM,
    control="hangs_up_at_limit", needs=(Claim.ASSOCIATION_LIMIT,),
)  # fmt: skip
MOVES = _case(
    511, "What a C-MOVE calls completed has arrived, with its content.",
    "Whoever moves a study believes the counts of the response, and may delete or report on what "
    "they say. An object that is called sent and never came is missed by nobody.",
    "Count a sub-operation as completed when the destination has answered its C-STORE with "
    "success, and not before.",
    oracle=delivers_what_it_says(), verifies=("PS3.4/C.4", "HOUSE/NOTHING-LOST"),
    threats=("T-INTEG-08",), weakness="CWE-393", severity=Severity.CRITICAL,
    control="moves_less_than_it_says",
)  # fmt: skip

CASES: Mapping[str, Scenario] = {
    one.id: one
    for one in (
        ANSWERS, RATE, LATENCY, LOSES_NOTHING, DUPLICATES_NOTHING, MIXES_UP_NOTHING, FAIR,
        SERVES_OTHERS, BASE, RECOVERS, LIMIT, MOVES,
    )
}  # fmt: skip
"""Every case by id, so that a stored load can be judged again."""


def cases_for(request: LoadRequest, profile: Profile, *, verified: bool) -> list[Scenario]:
    """The questions that this load can answer, in the order of their ids.

    Args:
        request: The load.
        profile: What the device claims decides whether the load is beyond it.
        verified: Whether objects are looked for afterwards.
    """
    shape = request.shape.kind
    chosen = [BASE, RECOVERS]
    if _crowded(request, profile):
        chosen.append(LIMIT)
    elif shape in _UNEVEN:
        chosen.append(SERVES_OTHERS)
    elif shape != "knee" and not _beyond_claim(request, profile):
        chosen.append(ANSWERS)
    if shape == "greedy":
        chosen.append(FAIR)
    if request.operation in _CLAIMED and shape in {*_STEADY, "knee"}:
        chosen.append(RATE)
    if request.operation in _CLAIMED and shape in _STEADY:
        chosen.append(LATENCY)
    if request.operation == "move":
        chosen.append(MOVES)
    if request.operation in STORING and verified:
        chosen += [LOSES_NOTHING, DUPLICATES_NOTHING, MIXES_UP_NOTHING]
    return sorted(chosen, key=lambda one: one.id)


def _crowded(request: LoadRequest, profile: Profile) -> bool:
    """True when it wants more associations than the device claims to hold."""
    limit = profile.acceptor.max_associations if profile.acceptor else None
    return limit is not None and request.associations > limit


def _beyond_claim(request: LoadRequest, profile: Profile) -> bool:
    """True when it asks for more than the rate that the device claims to keep."""
    claimed = profile.load.rate if profile.load else None
    return claimed is not None and request.rate is not None and request.rate > claimed
