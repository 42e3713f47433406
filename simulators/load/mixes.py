"""Mixed days: which modalities send what, how often, and what else is asked meanwhile.

A mix is a TOML file, ours below ``mixes/`` or the user's own. :func:`plan` makes of it the same
stream of tasks for the same seed; :func:`weights` and :func:`blend` make of it the shares that a
driver needs which sends as fast as answers come.
"""

from __future__ import annotations

import difflib
import heapq
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

from harness.errors import RequestError
from simulators.load.mixture import Mix, Studies, parse
from simulators.load.objects import Modality

MixOperation = Literal["echo", "find", "store", "commit", "get"]

USUAL = "small-clinic"
"""What is played where nobody says."""

_FOLDER = Path(__file__).with_name("mixes")
_HOUR_S = 3600.0
_READ_AFTER_S = 60.0
"""How long after its last object a study is first read; assumed."""


@dataclass(frozen=True, slots=True)
class Task:
    """One request of a mixed day.

    Attributes:
        at_s: When it is due, in seconds since the load began.
        operation: What is asked.
        modality: Of the study that it belongs to.
        size_bytes: Of the object, for "store"; 0 otherwise.
        study: Number of the study, from 0.
        image: Number of the object in it, from 0; for the other operations, of the request.
    """

    at_s: float
    operation: MixOperation
    modality: Modality
    size_bytes: int
    study: int
    image: int


def names() -> tuple[str, ...]:
    """The mixes that come with the harness."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def load(name: str) -> Mix:
    """One of our mixes by its name, or the user's own by the path of its file.

    Raises:
        RequestError: One line that names file and key, and says how to mend it.
    """
    path = _FOLDER / f"{name}.toml" if name in names() else Path(name)
    try:
        return parse(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        near = difflib.get_close_matches(name, names(), n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"ours are {', '.join(names())}"
        raise RequestError(
            f"mix '{name}': no such mix, and no file that can be read: {hint}"
        ) from error


def plan(mix: Mix, seed: int, *, faster: float = 1.0) -> Iterator[Task]:
    """The requests of the day in the order in which they are due.

    Studies of a modality arrive independently of each other (a Poisson process whose rate the
    bursts change); memory is bounded by the studies that overlap.

    Args:
        mix: The day.
        seed: The same one gives the same tasks.
        faster: How many times as fast the day passes; everything in it is sooner by that.
    """
    for task in _in_order(mix, seed):
        yield replace(task, at_s=task.at_s / faster)


def weights(mix: Mix) -> Mapping[MixOperation, float]:
    """The share of each operation among all requests of the day; they sum to 1."""
    studies = {kind.modality: _expected(mix, kind) for kind in mix.studies}
    number = sum(studies.values())
    counts: dict[MixOperation, float] = {
        "echo": number * mix.per_study.echo,
        "find": number * mix.per_study.find,
        "store": sum(studies[kind.modality] * kind.mean_images for kind in mix.studies),
        "commit": number * mix.per_study.commit,
        "get": number * mix.per_study.get,
    }
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()}


def blend(mix: Mix) -> tuple[tuple[Modality, int, float], ...]:
    """Modality, size in octets, and share among all stored objects; the shares sum to 1."""
    counts = [_expected(mix, kind) * kind.mean_images for kind in mix.studies]
    return tuple(
        (kind.modality, kind.octets, count / sum(counts))
        for kind, count in zip(mix.studies, counts, strict=True)
    )


def _in_order(mix: Mix, seed: int) -> Iterator[Task]:
    waiting: list[tuple[float, int, Task]] = []
    order = 0
    for study, (at_s, kind, chance) in enumerate(_arrivals(mix, seed)):
        while waiting and waiting[0][0] <= at_s:
            yield heapq.heappop(waiting)[2]
        for task in _requests(mix, kind, study, at_s, chance):
            if task.at_s < mix.duration_s:
                heapq.heappush(waiting, (task.at_s, order, task))
                order += 1
    while waiting:
        yield heapq.heappop(waiting)[2]


def _rate(mix: Mix, kind: Studies) -> float:
    """Studies of a kind per second, without bursts."""
    shares = sum(one.share for one in mix.studies)
    return mix.studies_per_hour / _HOUR_S * kind.share / shares


def _factor(mix: Mix, kind: Studies, at_s: float) -> float:
    """How many times as many studies as usual there are at a time."""
    factor = 1.0
    for burst in mix.bursts:
        if kind.modality in burst.modalities and burst.at_s <= at_s < burst.at_s + burst.for_s:
            factor *= burst.factor
    return factor


def _edges(mix: Mix) -> list[float]:
    """The times between which rates are constant."""
    inner = (at for b in mix.bursts for at in (b.at_s, b.at_s + b.for_s) if 0 < at < mix.duration_s)
    return sorted({0.0, mix.duration_s, *inner})


def _expected(mix: Mix, kind: Studies) -> float:
    """Studies of a kind in the whole day, on average."""
    edges = _edges(mix)
    lasts = sum((end - begin) * _factor(mix, kind, begin) for begin, end in pairwise(edges))
    return _rate(mix, kind) * lasts


def _arrivals(mix: Mix, seed: int) -> Iterator[tuple[float, Studies, random.Random]]:
    """When each study begins, of which kind, and where its numbers come from."""
    streams = [_arrivals_of(mix, kind, seed) for kind in mix.studies]
    yield from heapq.merge(*streams, key=lambda arrival: arrival[0])


def _arrivals_of(
    mix: Mix, kind: Studies, seed: int
) -> Iterator[tuple[float, Studies, random.Random]]:
    chance = random.Random(f"{seed}/{kind.modality}")
    edges = _edges(mix)
    for begin, end in pairwise(edges):
        rate = _rate(mix, kind) * _factor(mix, kind, begin)
        at_s = begin
        while rate > 0 and (at_s := at_s + chance.expovariate(rate)) < end:
            yield at_s, kind, chance


def _requests(
    mix: Mix, kind: Studies, study: int, at_s: float, chance: random.Random
) -> Iterator[Task]:
    """What belongs to one study: asked before, stored, committed, and read a while later."""

    def several(operation: MixOperation, mean: float, begin_s: float) -> Iterator[Task]:
        number = int(mean) + (chance.random() < mean % 1)
        for image in range(number):
            yield Task(begin_s, operation, kind.modality, 0, study, image)

    yield from several("echo", mix.per_study.echo, at_s)
    yield from several("find", mix.per_study.find, at_s)
    images = chance.randint(*kind.images)
    for image in range(images):
        due_s = at_s + image * kind.every_s
        yield Task(due_s, "store", kind.modality, kind.octets, study, image)
    end_s = at_s + images * kind.every_s
    yield from several("commit", mix.per_study.commit, end_s)
    yield from several("get", mix.per_study.get, end_s + _READ_AFTER_S)
