"""What a campaign puts into the record: a few emissions, and every culprit with its reproducer."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from harness.fuzzing import FOLDER
from harness.model import JSON
from harness.stage import Stage
from simulators.fuzz.mutations import Mutant, Mutation, named_fields
from simulators.fuzz.outcome import Seen
from simulators.fuzz.reproducer import Reproducer, fields_of
from simulators.fuzz.script import Script, Writer
from simulators.fuzz.search import Culprit
from simulators.fuzz.tree import encode
from simulators.lab import lab_of
from simulators.peer import HEAD_BYTES

_SAMPLES: Final = 4
_MOST_LINGERERS: Final = 64
_MOST_PARTS: Final = 200


class Evidence:
    """Witnesses for one campaign.

    Args:
        stage: The play.

    Attributes:
        suspected: Mutants whose outcome alone is a finding, to be confirmed.
        lingered: Letters of mutants after which the device kept the connection, the first few.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._kept: dict[int, Mutant] = {}
        self.suspected: list[int] = []
        self.lingered: dict[int, str] = {}

    def sampled(self, number: int, made: Mutant) -> None:
        """Notes a mutant that is about to leave, if it is one of the few whose bytes are kept."""
        if number < _SAMPLES:
            self._kept[number] = made

    def emitted(self, seen: Seen, writer: Writer) -> None:
        """Witnesses that a kept mutant left."""
        made = self._kept.pop(seen.number, None)
        if made is not None and seen.emitted:
            witness(self._stage, made, writer.script(made), sent=seen.emitted)
        if len(self.lingered) > _MOST_LINGERERS:
            self.lingered.pop(next(iter(self.lingered)))

    def culprit(self, found: Culprit, writer: Writer, number: int) -> None:
        """Witnesses a culprit and writes its reproducer."""
        smallest, trouble = found.smallest, found.trouble
        scripts = tuple(writer.script(each) for each in found.all)
        size = sum(script.size for script in scripts)
        witness(self._stage, smallest, scripts[-1], sent=size)
        name = f"{FOLDER}/{self._stage.scenario.id}.{number}.json"
        kind = trouble.kind.value if trouble.kind else "worker"
        told = tuple(each.told for made in found.all for each in made.mutations)
        fields = [row for made, one in zip(found.all, scripts, strict=True)
                  for row in fields_of(made, one)]  # fmt: skip
        Reproducer(
            scenario=self._stage.scenario.id, exchange=smallest.exchange, mutations=told,
            kind=kind, reason=trouble.detail, scripts=scripts, fields=tuple(fields),
            origin={"seed": self._stage.seed, "number": found.mutant.number,
                    "octets": writer.script(found.mutant).size,
                    "mutations": [each.told for each in found.mutant.mutations]},
        ).write(lab_of(self._stage).run_folder / name)  # fmt: skip
        self._stage.observe(
            "culprit", "attacker", number=found.mutant.number, exchange=smallest.exchange,
            mutations=list(told), families=sorted({m.family for m in smallest.mutations}),
            kind=kind, reason=trouble.detail, key=trouble.reason, octets=size,
            connections=len(scripts), was_octets=writer.script(found.mutant).size, path=name,
        )  # fmt: skip
        self._stage.observe("evidence", "attacker", path=name)


def witness(stage: Stage, made: Mutant, script: Script, *, sent: int) -> None:
    """Witnesses the PDUs of a mutant that deviate, with the names of their fields."""
    mutated = {each.pdu for each in made.mutations}
    turns = [turn for turn in made.turns if turn.pdu in mutated or turn.pdu < 0]
    told = "; ".join(each.told for each in made.mutations) or "nothing"
    for turn in turns or made.turns[-1:]:
        data = encode(turn.tree)
        named = named_fields(turn)
        names = [name for name, _, _ in named]
        lies = [name for m in made.mutations if m.pdu == turn.pdu for name in lying_names(m, names)]
        parts: list[JSON] = [[name, at, size] for name, at, size in named[:_MOST_PARTS]]
        stage.observe(
            "emitted", "attacker", connection=1, what=f"mutant of {made.exchange}: {told}",
            bytes=len(data), sent=min(sent, len(data)), sha256=hashlib.sha256(data).hexdigest(),
            head=data[:HEAD_BYTES].hex(), parts=parts, lies=sorted(set(lies)), stimulus=True,
        )  # fmt: skip
    stage.stimulated.set()


def witness_script(stage: Stage, stored: Reproducer, *, sent: int) -> None:
    """Witnesses a stored finding that was played again."""
    told = "; ".join(stored.mutations) or "a stored finding"
    segments = [segment for script in stored.scripts for segment in script.segments]
    for segment, named in zip(segments, stored.fields, strict=True):
        parts: list[JSON] = [[name, at, size] for name, at, size in named[:_MOST_PARTS]]
        left = min(sent, len(segment.data))
        sent -= left
        stage.observe(
            "emitted", "attacker", connection=1, what=f"mutant of {stored.exchange}: {told}",
            bytes=len(segment.data), sent=left,
            sha256=hashlib.sha256(segment.data).hexdigest(),
            head=segment.data[:HEAD_BYTES].hex(), parts=parts, lies=[], stimulus=left > 0,
        )  # fmt: skip
    stage.stimulated.set()


def lying_names(mutation: Mutation, names: list[str]) -> list[str]:
    """The fields that a mutation made lie: the one it names, or all of what it names."""
    place = re.sub(r"^[A-Z-]+ ", "", mutation.place)
    exact = [name for name in names if name == place]
    return exact or [name for name in names if name.startswith(f"{place}.")]
