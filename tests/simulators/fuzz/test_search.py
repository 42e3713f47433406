"""The search names one culprit, or the few that do it together, or nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from harness.model import Claim, Role
from harness.profile import ScopeSection
from simulators.fuzz.care import Care, Trouble
from simulators.fuzz.deck import Deck
from simulators.fuzz.exchanges import Titles, exchanges
from simulators.fuzz.outcome import Pace, Seen
from simulators.fuzz.player import Player
from simulators.fuzz.script import Script, Writer
from simulators.fuzz.search import REPLAYS, Search
from simulators.scope import Guard
from tests.harness.fakes import CRASHED, FakeBench

EXCHANGES = exchanges(Titles("CALLED", "CALLING", "1"), {Claim.VERIFICATION_SCP})
DECK, WRITER = Deck(EXCHANGES, "2"), Writer(EXCHANGES)


class Victim(Player):
    """Stands in for player and device: it crashes once all fatal scripts were played on it."""

    def __init__(self, bench: FakeBench, fatal: Collection[int]) -> None:
        super().__init__(
            ("127.0.0.1", 1), Guard(ScopeSection()), Pace(), lambda: False, lambda packet: None
        )
        self._bench = bench
        self._fatal = {WRITER.script(DECK.mutant(number)).segments for number in fatal}
        self._met: set[object] = set()
        self._starts = 0
        self.played = 0

    def play(
        self,
        scripts: Iterable[Script],
        ended: Callable[[Seen], None],
        kept: Collection[int] = (),
        pace: Pace | None = None,
    ) -> None:
        self.played += 1
        if self._bench.starts != self._starts:
            self._starts = self._bench.starts
            self._met.clear()
        self._met |= {script.segments for script in scripts}
        if self._fatal and self._fatal <= self._met:
            self._bench.condition = CRASHED
        else:
            self._met.clear()  # what was played before leaves no trace in another trial


def _search(fatal: Collection[int], restarts: int = 200) -> tuple[Search, Victim, Care]:
    bench = FakeBench()
    care = Care(bench, Role.ACCEPTOR, restarts=restarts, full_s=0.0)
    victim = Victim(bench, fatal)
    return Search(DECK, WRITER, victim, care, lambda: False), victim, care


def _trouble() -> Trouble:
    bench = FakeBench()
    bench.condition = CRASHED
    trouble = Care(bench, Role.ACCEPTOR, restarts=0, full_s=0.0).look()
    assert trouble is not None
    return trouble


SUSPECTS = list(range(40, 0, -1))


def _culprit(fatal: Collection[int]) -> tuple[list[int], int]:
    search, victim, care = _search(fatal)
    found = search.culprit(SUSPECTS, _trouble())
    assert care.look() is None, "the device is well again afterwards"
    return [made.number for made in found.all] if found else [], victim.played


def test_one_culprit_is_found_by_halving() -> None:
    numbers, played = _culprit({17})
    assert numbers == [17]
    assert played <= 10 + REPLAYS


def test_an_older_suspect_is_found_among_the_rest() -> None:
    assert _culprit({3})[0] == [3]


def test_two_that_do_it_together_are_both_named() -> None:
    numbers, _ = _culprit({20, 33})
    assert sorted(numbers) == [20, 33]


def test_nobody_is_named_where_nobody_does_it() -> None:
    assert _culprit(set())[0] == []


def test_a_device_that_cannot_be_brought_back_ends_the_search() -> None:
    search, _, _ = _search({17}, restarts=0)
    assert search.culprit(SUSPECTS, _trouble()) is None
    assert search.stuck
