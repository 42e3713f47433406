"""Objects fetched back by C-MOVE to a destination of ours, where a device has no C-GET."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from harness.errors import BenchError
from simulators import wire
from simulators.load import naming
from simulators.load.archive import AT_ONCE, UNCOMPRESSED, Line, image_keys
from simulators.load.arrivals import Arrivals, Told
from simulators.load.plan import Plan
from simulators.load.receiver import Receiver, here, room_for
from simulators.load.verify import WayError, chunks
from simulators.queries import study_keys
from simulators.wire import uids

_MOVE: Final = wire.Context(1, uids.STUDY_ROOT_MOVE, UNCOMPRESSED)
_LATE_S: Final = 2.0


class MovesBack:
    """C-MOVE of whole studies, or of single images, to us: the objects themselves.

    Args:
        plan: The load whose objects are looked for; its target names our destination.
    """

    name = "C-MOVE"

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._line = Line(plan.target, (_MOVE,), plan.timeout_s)
        self._receiver: Receiver | None = None

    def contents(
        self, lane: int, names: Sequence[str], *, whole: bool
    ) -> Iterable[tuple[str, bytes]]:
        """Fetches a whole study, or objects by their names, some at a time.

        Raises:
            WayError: The archive moves nothing, broke off, or we could not take it.
        """
        root = self._plan.uid_root
        if whole:
            keys = study_keys(naming.study_uid(root, lane), retrieve=True)
            yield from self._came(keys, names)
            return
        for some in chunks(names, AT_ONCE):
            yield from self._came(image_keys(root, lane, "\\".join(some)), some)

    def interrupt(self) -> None:
        """Ends what is under way; may be called from another thread."""
        self._line.interrupt()

    def close(self) -> None:
        """Releases the association, and listens no more."""
        self._line.close()
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.__exit__()

    def _came(
        self, keys: Sequence[wire.Element], names: Iterable[str]
    ) -> Iterator[tuple[str, bytes]]:
        receiver, arrivals = self._listening(), Arrivals(names)
        receiver.arrivals = arrivals
        told = self._line.move(keys, self._plan.target.move_destination)
        wanted = len(arrivals.seen) if told.completed is None else told.completed
        receiver.settle(lambda: arrivals.moved(Told()).arrived >= wanted, _LATE_S)
        if arrivals.turned_away:
            raise WayError("our destination had no room for all connections of the device")
        for name, times in arrivals.seen.items():
            mark = b"" if name in arrivals.mixed_up else naming.mark_of(name)
            yield from [(name, mark)] * times

    def _listening(self) -> Receiver:
        """The destination, from the first time on that it is needed."""
        if self._receiver is None:
            target = self._plan.target
            try:
                receiver = Receiver(
                    here(target.host, target.port), target.move_port, Arrivals(()),
                    room_for(self._plan),
                )  # fmt: skip
            except BenchError as error:
                raise WayError(str(error)) from error
            self._receiver = receiver.__enter__()
        return self._receiver
