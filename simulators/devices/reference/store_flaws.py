"""The flaws of storage that lose, double or confuse objects; loaded by a device that has one."""

import threading
from dataclasses import replace
from itertools import count

from simulators.devices.reference import command
from simulators.devices.reference.channel import touch
from simulators.devices.reference.index import INSTANCE_NUMBER, Instance
from simulators.devices.reference.options import AcceptorOptions
from simulators.devices.reference.storage import Arrival, Store

LEAK = 1 << 16
_LOST, _MIXED, _TWICE, _UNNAMED = 100, 50, 50, 10


class DefectiveStore(Store):
    """A storage with the flaws that are switched on; without any it is a :class:`Store`."""

    def __init__(self, options: AcceptorOptions) -> None:
        """Open the storage; raises as :class:`Store` does."""
        super().__init__(options)
        self._arrivals = count(1)
        self._written = count(1)
        self._order = threading.Lock()
        self._before: Arrival | None = None
        self._was_full = False
        self._leaked: list[bytearray] = []

    def add(self, arrival: Arrival) -> int:
        """Store an object, or do what the flaws do instead."""
        number = next(self._arrivals)
        if self._flaws.has("loses_one_in_many") and number % _LOST == 0:
            return command.SUCCESS
        if self._flaws.has("mixes_up_objects"):
            arrival = self._exchanged(arrival, number)
        if self._flaws.any_of("drops_private_attributes", "trims_values", "coerces_silently"):
            from simulators.devices.reference.rewriting import rewritten

            arrival = rewritten(arrival, self._flaws)
        if self._flaws.has("previews_on_arrival"):
            from simulators.devices.reference.transcode_flaws import preview

            preview(arrival.data)
        if self._flaws.has("leaks_per_object"):
            self._leaked.append(touch(LEAK))
        if self._was_full and self._flaws.has("stays_full"):
            return command.OUT_OF_RESOURCES
        return super().add(arrival)

    def _exchanged(self, arrival: Arrival, number: int) -> Arrival:
        """Return the object, now and then with the data set of the one before."""
        with self._order:
            before, self._before = self._before, arrival
        if before is None or number % _MIXED:
            return arrival
        syntax = before.transfer_syntax
        return replace(arrival, data=before.data, transfer_syntax=syntax)

    def _again(self, stored: Instance, data: bytes) -> int:
        status = super()._again(stored, data)
        if status == command.SUCCESS and self._flaws.has("doubles_what_is_repeated"):
            self._index.enter(
                stored.sop_instance + b" 2",
                identity=(stored.sop_class, stored.sop_instance, stored.transfer_syntax),
                values={**stored.shared, INSTANCE_NUMBER: stored.number},
                path=stored.path,
                header=stored.header,
            )
        return status

    def _keep(self, arrival: Arrival, meta: bytes) -> int:
        status = super()._keep(arrival, meta)
        if self._flaws.has("stores_twice") and next(self._written) % _TWICE == 0:
            path = self._path(arrival).removesuffix(".dcm") + "-2.dcm"
            self._write(path, meta, arrival.data)
            self._enter(arrival.sop_instance + b" 2", arrival, path, len(meta))
        return status

    def _without_room(self, arrival: Arrival, meta: bytes) -> int:
        status = super()._without_room(arrival, meta)
        self._was_full = True
        if self._flaws.has("full_disk_says_success"):
            return command.SUCCESS
        if self._flaws.has("keeps_partial_when_full"):
            path = self._path(arrival)
            self._write(path, meta, arrival.data[: len(arrival.data) // 2])
            self._enter(arrival.sop_instance, arrival, path, len(meta))
        return status

    def _write(self, path: str, meta: bytes, data: bytes) -> str:
        if not self._flaws.has("loses_on_restart") or next(self._written) % _UNNAMED:
            return super()._write(path, meta, data)
        partial = self._partial(path)
        self._write_partial(partial, meta, data)
        return partial
