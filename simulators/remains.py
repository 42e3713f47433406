"""Transfers that are cut off in the middle, and what the device keeps of them."""

from __future__ import annotations

from typing import Final

from harness.model import Claim
from harness.stage import Stage
from simulators import hostile, wire
from simulators.custody import retrieved
from simulators.marking import ACTOR, Marked
from simulators.queries import QUERY, STORAGE, find, study_keys
from simulators.requestor import Requestor
from simulators.storage_folder import Entry, StorageFolder, storage_folder

SIDE: Final = 256
"""Rows and columns of what is cut off: enough for many fragments."""

_ENDING_S: Final = 3.0
"""How long the device may take to notice; it is asked only after an honest object was stored."""
_FRAGMENT: Final = 1024
_RUN: Final = 256
_MOST_FILE: Final = 4 * 1024 * 1024


def cut_off(stage: Stage, thing: Marked, *, percent: int, manner: str) -> None:
    """Sends a part of a C-STORE and ends the association, which is the stimulus.

    Args:
        stage: The play.
        thing: What would have been stored.
        percent: How much of its fragments is sent; never the last one.
        manner: ``abort`` sends an A-ABORT, ``close`` a FIN in the middle of a fragment, ``reset``
            an RST.

    Raises:
        PreconditionUnmetError: The device does not accept the association.
    """
    with Requestor(stage) as attacker:
        attacker.associate((STORAGE,))
        coded = hostile.as_object(thing.content, attacker.contexts[STORAGE.id])
        command = wire.c_store_rq(coded.sop_class, coded.sop_instance, attacker.next_message_id())
        room = min(_FRAGMENT, attacker.max_length or _FRAGMENT)
        pdus = [wire.encode(pdu) for pdu in wire.p_data(STORAGE.id, command, coded.dataset, room)]
        count = min(len(pdus) - 1, len(pdus) * percent // 100)
        whole, what = b"".join(pdus[:count]), f"{percent} % of a C-STORE"
        if manner == "abort":
            attacker.send(whole, what=what)
            attacker.send(wire.Abort(), stimulus=True)
        else:
            attacker.send(whole + pdus[count][: len(pdus[count]) // 2], what=what, stimulus=True)
        if manner == "reset":
            attacker.close(reset=True)
            return
        if manner == "close" and attacker.connection is not None:
            attacker.connection.half_close()
        attacker.wait_for_ending(_ENDING_S)


class Remains:
    """Looks for what is left of a transfer; made before it begins."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._folder = storage_folder(stage)

    def look(self, lost: Marked, control: Marked) -> None:
        """Witnesses ``traces`` for each way of looking: ``found`` of the one, ``control`` of both.

        Args:
            lost: What was cut off; in a study of its own.
            control: What was stored honestly after it: a way that does not show it proves nothing.
        """
        claims = self._stage.profile.claims()
        if Claim.QUERY_SCP in claims:
            self._tell("C-FIND", *(self._listed(thing) for thing in (lost, control)))
        if Claim.RETRIEVE_SCP in claims:
            counts = (len(retrieved(self._stage, thing.study)) for thing in (lost, control))
            self._tell("C-GET", *counts)
        if self._folder is not None:
            self._tell("files", *(_files_with(self._folder, thing) for thing in (lost, control)))

    def _tell(self, how: str, found: int, control: int) -> None:
        self._stage.observe("traces", ACTOR, how=how, found=found, control=control)

    def _listed(self, thing: Marked) -> int:
        with Requestor(self._stage, actor=ACTOR) as peer:
            peer.associate((QUERY,))
            found = find(peer, study_keys(thing.study))
            peer.release()
        return found


def _files_with(folder: StorageFolder, thing: Marked) -> int:
    """How many new files hold an object's name and pixels of it, whatever else they are."""
    wanted = (thing.name.encode("latin-1"), bytes([thing.mark]) * _RUN)
    return sum(_holds(entry, wanted) for entry in folder.fresh() if entry.is_file)


def _holds(entry: Entry, wanted: tuple[bytes, ...]) -> bool:
    try:
        with entry.path.open("rb") as file:
            content = file.read(_MOST_FILE)
    except OSError:
        return False  # it went away meanwhile, or is not ours to read
    return all(each in content for each in wanted)
