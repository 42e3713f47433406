"""A desk at which the device writes an interchange medium of the files that we lay on it.

    with Exporting(stage) as desk:
        desk.export(files, "a file that is cut off among two good ones", good=("IM1", "IM2"),
                    lie="a file")

What lies on the medium is read by another library than ours, and stands in the observation
``exported``, which the oracles of :mod:`harness.oracles.exporting` judge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from harness.model import Health, Observation
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.corpus.exports import GOOD, honest_files
from simulators.media import inspected
from simulators.objects import PATIENT_NAME
from simulators.readers import exporters_of
from simulators.reading import Reading
from simulators.sealing import write_certificate


class Exporting(Reading):
    """One desk for one play; what it writes is looked at and thrown away."""

    def __init__(self, stage: Stage, *, keeps: bool = True) -> None:
        super().__init__(stage, keeps=keeps, readers=exporters_of(stage.bench))
        if "{recipient}" in self._readers.section.told and not self._readers.recipient.exists():
            write_certificate(self._readers.recipient)

    def export(
        self,
        files: Mapping[str, bytes],
        what: str,
        *,
        good: Collection[str] = GOOD,
        lie: str = "",
    ) -> Observation:
        """Has the device put a folder of files on a medium.

        Args:
            files: Contents by name; the first of ``good`` tells whether it looked at any of them.
            what: What they are, in words.
            good: Which of them are honest, and have to arrive as they are.
            lie: What about the others lies; nothing where all are honest.
        """
        seen = self._read(files, next(iter(good)), what, lie)
        asked = {name: files[name] for name in good}
        medium = inspected(self.out, self._identities(), asked, self.bait.read_bytes())
        return self._stage.observe(
            "exported", "reader", what=what, lie=lie, outcome=seen.data.get("outcome"),
            detail=seen.data.get("detail"), baited=seen.data.get("baited"), **medium,
        )  # fmt: skip

    def _identities(self) -> tuple[bytes, ...]:
        """What tells whose images these are: no octet of it may stand where it need not."""
        token = self._stage.token
        return (PATIENT_NAME.encode(), f"SYN{token[:12]}".encode(), token.encode())


def honest_export(stage: Stage) -> Health:
    """Whether honest files are put on a medium."""
    with Exporting(stage, keeps=False) as desk:
        seen = desk.export(honest_files(stage.token), "honest files").data
    ok = seen.get("outcome") == Outcome.RESPONDED.value and not seen.get("lost")
    words = f"honest files were {'written' if ok else 'not written'} ({seen.get('detail')})"
    return Health(ok=ok, alive=None, detail=words)
