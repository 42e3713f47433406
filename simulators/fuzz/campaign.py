"""A campaign: the mutants of a seed against one device, watched, judged and accounted for.

The fast lane plays without a pause while `Care` looks after the device. As soon as a look finds
something wrong, play stops; what played since the last good look is under suspicion, and `Search`
finds the one that does it alone. All else is one letter in the record.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from harness.model import Claim, Role
from harness.oracles.fuzzing import COMPLETE, NO_TIME
from harness.stage import Packet, Stage
from harness.verdict import FailKind
from simulators.fuzz.care import Care, Patient, Trouble
from simulators.fuzz.deck import Deck
from simulators.fuzz.evidence import Evidence
from simulators.fuzz.exchanges import Exchange
from simulators.fuzz.ledger import Ledger
from simulators.fuzz.mutations import Mutant, mutant
from simulators.fuzz.outcome import LETTERS, Pace, Seen
from simulators.fuzz.player import Player
from simulators.fuzz.script import Script, Writer, chainable
from simulators.fuzz.search import Culprit, Search
from simulators.lab import lab_of

ENOUGH: Final = 3
"""How many culprits with the same observed reason are looked for: the rest is only counted."""

FULL_S: Final = 5.0
"""How much longer than ARTIM a device may turn honest peers away (HOUSE/SERVES-OTHERS)."""

_WIDTH, _SPARE = 12, 12
_WARM: Final = 3
_SPARE_WARM: Final = 3
_FIRST_SAMPLES: Final = 4
_REMARK_S: Final = 10.0
_LEAST_LEFT_S: Final = 3.0
_CHAIN: Final = 8
_GOOD: Final = "LSA"


@dataclass(slots=True)
class _State:
    """How far a campaign is."""

    next: int = 0
    again: list[int] = field(default_factory=list[int])
    later: list[int] = field(default_factory=list[int])
    spared: set[str] = field(default_factory=set[str])
    reasons: Counter[str] = field(default_factory=Counter[str])
    culprits: int = 0
    why: str = COMPLETE
    over: bool = False

    def dealt(self) -> int:
        """The number to be played next: what was under suspicion, what had no turn, a new one."""
        if self.again:
            return self.again.pop(0)
        if self.later:
            return self.later.pop()
        self.next += 1
        return self.next - 1


class Campaign:
    """Plays the mutants of some exchanges.

    Args:
        stage: The play; its bench must be able to look after the device.
        exchanges: Honest ones; those that the device does not serve are left out.
        count: How many mutants.
        searches: Most culprits to look for.
        within: Mutate only what stands in a place with this word in its name.
    """

    def __init__(
        self,
        stage: Stage,
        exchanges: Sequence[Exchange],
        count: int,
        *,
        searches: int,
        within: str = "",
    ) -> None:
        assert isinstance(stage.bench, Patient)
        self._stage = stage
        self._count = count
        self._searches = searches
        self._within = within
        self._lab = lab_of(stage)
        self._care = Care(
            stage.bench, Role.ACCEPTOR, restarts=_restarts(stage), full_s=stage.artim_s + FULL_S
        )
        self._pace = _pace(stage)
        self._player = Player(
            self._lab.address(secure=False), self._lab.guard, self._pace, self._stopped,
            self._keep, held=lambda: self._care.slow,
        )  # fmt: skip
        self._offered = exchanges
        self._ledger = Ledger(stage)
        self._evidence = Evidence(stage)
        self._state = _State()
        self._chains: dict[str, list[Mutant]] = {}
        self._began = self._remarked = time.monotonic()

    def run(self) -> None:
        """Plays everything; what was seen is witnessed, nothing is raised for the device."""
        try:
            self._warm_up()
            while not self._state.over and self._left():
                self._leg()
        finally:
            self._care.rest()
            self._player.close()
            self._conclude()

    def _warm_up(self) -> None:
        """Plays the honest exchanges: what is not served honestly cannot be judged in mutants."""
        writer = Writer(self._offered)
        honest = [mutant(index, each, ()) for index, each in enumerate(self._offered)]
        seen: list[Seen] = []
        scripts = [writer.script(each) for each in honest]
        self._player.play(scripts * _WARM, seen.append, pace=Pace(1, _SPARE_WARM))
        served = {one.number for one in seen if one.letter in _GOOD}
        taken = [each for index, each in enumerate(self._offered) if index in served]
        missing = [each.name for each in self._offered if each not in taken]
        self._stage.require(taken, "no honest exchange was served")
        self._writer, self._deck = Writer(taken), Deck(taken, self._seed, self._within)
        self._search = Search(
            self._deck, self._writer, self._player, self._care, self._stage.cancelled.is_set
        )
        self._stage.observe(
            "campaign", "attacker", seed=self._stage.seed, mutants=self._count,
            asked=self._stage.fuzzing.mutants,
            exchanges=[each.name for each in taken], not_served=missing,
            kinds=self._deck.round_size, singles=self._deck.singles, width=self._pace.width,
        )  # fmt: skip

    @property
    def _seed(self) -> str:
        return f"{self._stage.seed}/{self._stage.scenario.id}"

    def _left(self) -> bool:
        state = self._state
        return bool(state.again or state.later or self._chains) or state.next < self._count

    def _leg(self) -> None:
        """Plays until all are played or something is wrong."""
        cut: list[int] = []

        def ended(seen: Seen) -> None:
            if seen.undelivered:
                self._state.later.append(seen.number)
            elif seen.cut_short or seen.letter == "N":
                cut.append(seen.number)
            else:
                self._took(seen)

        self._care.watch()
        self._player.play(self._scripts(), ended, kept=self._samples())
        doubt = self._care.rest()
        quiet = doubt is None and not cut
        if self._timed_out():
            return
        trouble = doubt or self._care.look()
        if trouble is not None:
            self._suspect(trouble, [*reversed(cut), *self._ledger.since(self._care.well_since)])
        elif not quiet and self._state.reasons["refused"] >= ENOUGH:
            self._end("the device takes no more connections")
        elif not quiet:
            self._state.reasons["refused"] += 1
        self._state.again += [number for number in cut if number not in self._state.again]

    def _scripts(self) -> Iterator[Script]:
        """What is to be played; mutants whose messages alone deviate share associations."""
        state, chains = self._state, self._chains
        while state.again or state.later or state.next < self._count:
            alone = bool(state.again)
            number = state.dealt()
            made = self._deck.mutant(number)
            if any(each.similar in state.spared for each in made.mutations):
                self._ledger.put(number, "-")
                continue
            self._evidence.sampled(number, made)
            if alone or not chainable(made):
                yield self._writer.script(made)
                continue
            chain = chains.setdefault(made.exchange, [])
            chain.append(made)
            if len(chain) == _CHAIN:
                yield self._writer.chain(chains.pop(made.exchange))
        while chains:
            yield self._writer.chain(chains.popitem()[1])

    def _took(self, seen: Seen) -> None:
        """Notes a mutant that was played to its end."""
        self._ledger.add(seen)
        self._evidence.emitted(seen, self._writer)
        if seen.letter == "F" and self._state.reasons["forbidden"] < ENOUGH:
            self._state.reasons["forbidden"] += 1
            self._evidence.suspected.append(seen.number)
        if seen.lingered:
            self._evidence.lingered[seen.number] = seen.letter
        if time.monotonic() - self._remarked > _REMARK_S:
            self._remarked = time.monotonic()
            self._stage.say(self._progress())

    def _suspect(self, trouble: Trouble, suspects: list[int]) -> None:
        """Finds out who did it, unless enough is known of that trouble."""
        state = self._state
        state.reasons[trouble.reason] += 1
        if not self._care.restore():
            self._note_unsolved(trouble, suspects)
            self._end("the device could not be brought back into service")
            return
        if state.reasons[trouble.reason] > ENOUGH or state.culprits >= self._searches:
            if state.culprits >= self._searches:
                self._end(f"{state.culprits} mutants had been found guilty, each alone")
            return
        self._stage.say(f"{trouble.detail[:100]}: looking for the mutant among {len(suspects)}")
        found = self._search.culprit(suspects, trouble)
        if found is None:
            self._note_unsolved(trouble, suspects)
        else:
            self._convict(found)
        if self._search.stuck:
            self._end("the device could not be brought back into service")

    def _convict(self, found: Culprit) -> None:
        state = self._state
        state.culprits += 1
        if not found.before:
            state.spared.update(each.similar for each in found.smallest.mutations)
        self._ledger.put(found.mutant.number, "!")
        if found.mutant.number in state.again:
            state.again.remove(found.mutant.number)
        self._search.record(found)
        self._evidence.culprit(found, self._writer, state.culprits)

    def _note_unsolved(self, trouble: Trouble, suspects: Sequence[int]) -> None:
        self._stage.observe(
            "unsolved", "attacker", kind=trouble.kind.value if trouble.kind else "worker",
            reason=trouble.detail, suspects=list(suspects[:200]),
        )  # fmt: skip

    def _judge_outcomes(self) -> None:
        """Outcomes that are wrong by themselves are confirmed alone, and made smaller."""
        for number in self._evidence.suspected:
            if self._search.stuck or not self._search.confirmed(number, "F"):
                continue
            made = self._deck.mutant(number)
            smallest = self._search.smaller_by_outcome(made, "F")
            trouble = Trouble(FailKind.ACCEPTED, f"it {LETTERS['F']}")
            self._state.culprits += 1
            self._evidence.culprit(
                Culprit(made, smallest, trouble), self._writer, self._state.culprits
            )

    def _conclude(self) -> None:
        if not hasattr(self, "_deck"):
            return
        self._judge_outcomes()
        self._ledger.write()
        counts = self._ledger.counts
        played = sum(count for letter, count in counts.items() if letter not in "-!")
        seconds = max(1e-3, time.monotonic() - self._began)
        self._stage.observe(
            "campaign-end", "attacker", why=self._state.why, played=played,
            spared=counts["-"], outcomes={LETTERS.get(k, "culprit"): v for k, v in counts.items()},
            reasons=dict(self._state.reasons), culprits=self._state.culprits,
            lingered=len(self._evidence.lingered), replays=self._search.replays,
            restarts=self._care.restarted, looks=self._care.looks,
            seconds=round(seconds, 2), rate=round(played / seconds, 1),
        )  # fmt: skip

    def _progress(self) -> str:
        done = self._ledger.counts.total()
        rate = done / max(1e-3, time.monotonic() - self._began)
        found = self._state.culprits
        return f"{done} of {self._count} mutants, {rate:.0f}/s, {found} finding(s)"

    def _samples(self) -> range:
        return range(_FIRST_SAMPLES)

    def _keep(self, packet: Packet) -> None:
        self._stage.witness.packet(self._stage.play, packet)

    def _stopped(self) -> bool:
        return self._care.doubts or self._timed_out()

    def _timed_out(self) -> bool:
        if self._stage.cancelled.is_set() or self._stage.remaining_s() < _LEAST_LEFT_S:
            self._end(NO_TIME)
            return True
        return False

    def _end(self, why: str) -> None:
        if not self._state.over:
            self._state.over, self._state.why = True, why


def _pace(stage: Stage) -> Pace:
    """How many at a time: no more than the device claims to serve, besides a bystander."""
    profile = stage.profile
    limit = profile.acceptor.max_associations if profile.acceptor else None
    if Claim.CONCURRENT_ASSOCIATIONS not in profile.claims():
        return Pace(width=1, spare=0)
    if limit is None:
        return Pace(width=_WIDTH, spare=_SPARE)
    half = max(1, (limit - 2) // 2)
    return Pace(width=min(_WIDTH, half), spare=min(_SPARE, half))


def _restarts(stage: Stage) -> int:
    process = stage.profile.process
    return 4 * process.restarts if process else 0
