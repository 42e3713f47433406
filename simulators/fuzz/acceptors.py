"""Campaigns against an acceptor, and one finding again: what the scenarios call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from harness.model import Role
from harness.oracles.fuzzing import COMPLETE
from harness.stage import Stage
from simulators.fuzz import reproducer
from simulators.fuzz.campaign import FULL_S, Campaign
from simulators.fuzz.care import Care, Patient
from simulators.fuzz.evidence import witness_script
from simulators.fuzz.exchanges import Exchange, Titles, exchanges, stores
from simulators.fuzz.outcome import LETTERS, Pace, Seen
from simulators.fuzz.player import Player
from simulators.lab import lab_of

_TRIES: Final = 3
_SMALL_SEARCHES, _SEARCHES = 2, 12


def titles_of(stage: Stage) -> Titles:
    """Who calls whom; identities of stored objects come from the seed alone."""
    lab = lab_of(stage)
    return Titles(lab.called, lab.calling, str(10_000_000 + stage.seed % 90_000_000))


def fuzz_exchanges(stage: Stage, count: int) -> None:
    """Plays mutants of everything that the device claims to serve, or one finding again."""
    found = exchanges(titles_of(stage), stage.profile.claims())
    _fuzz(stage, found, stage.fuzzing.mutants or count)


def fuzz_stores(stage: Stage, count: int) -> None:
    """Plays mutants of the C-STORE of ten base objects."""
    _fuzz(stage, stores(titles_of(stage)), count, within="dataset")


def _fuzz(stage: Stage, found: Sequence[Exchange], count: int, within: str = "") -> None:
    if stage.fuzzing.reproducer is not None:
        _replay(stage)
        return
    searches = _SMALL_SEARCHES if stage.fuzzing.mutants is None else _SEARCHES
    Campaign(stage, found, count, searches=searches, within=within).run()


def _replay(stage: Stage) -> None:
    """Plays a stored finding; a few times, in case that it depends on chance."""
    assert stage.fuzzing.reproducer is not None
    assert isinstance(stage.bench, Patient)
    stored = reproducer.read(stage.fuzzing.reproducer)
    lab = lab_of(stage)
    care = Care(stage.bench, Role.ACCEPTOR, restarts=_TRIES, full_s=stage.artim_s + FULL_S)
    player = Player(
        lab.address(secure=False), lab.guard, Pace(width=1, spare=0), stage.cancelled.is_set,
        lambda packet: stage.witness.packet(stage.play, packet),
    )  # fmt: skip
    seen: list[Seen] = []
    trouble = None
    try:
        for _ in range(_TRIES):
            player.play(stored.scripts, seen.append, kept=range(len(stored.scripts)))
            trouble = care.look()
            if trouble is not None:
                care.restore()
                break
    finally:
        player.close()
    witness_script(stage, stored, sent=max((one.emitted for one in seen), default=0))
    letters = "".join(one.letter for one in seen)
    forbidden = stored.kind == "accepted" and "F" in letters
    if trouble is not None or forbidden:
        kind = trouble.kind if trouble is not None else None
        stage.observe(
            "culprit", "attacker", number=0, exchange=stored.exchange,
            mutations=list(stored.mutations), path=str(stage.fuzzing.reproducer),
            kind=kind.value if kind else stored.kind if forbidden else "worker",
            reason=trouble.detail if trouble is not None else stored.reason,
        )  # fmt: skip
    outcomes = {LETTERS[letter]: letters.count(letter) for letter in set(letters)}
    stage.observe(
        "campaign-end", "attacker", why=COMPLETE, played=len(seen), outcomes=outcomes,
        replay=str(stage.fuzzing.reproducer),
    )  # fmt: skip
