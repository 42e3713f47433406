"""What becomes of an object that a device keeps: compared, injected, tampered with, sent again.

Everything here is honest on the wire; what is witnessed is how the device answers for the object.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from pydicom import Dataset
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.filereader import read_dataset

from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.hostile import PATIENT_ID
from simulators.lab import lab_of
from simulators.objects import SyntheticObject, synthetic_object, uid
from simulators.queries import QUERY, STORAGE, converse, instance_keys, study_keys
from simulators.requestor import ANSWER_S, Requestor
from simulators.retrieving import Arrived
from simulators.wire import uids

IDENTITY: Final = {
    0x00100010: "PatientName",
    0x00100020: "PatientID",
    0x00100030: "PatientBirthDate",
    0x00100040: "PatientSex",
    0x00080016: "SOPClassUID",
    0x00080018: "SOPInstanceUID",
    0x0020000D: "StudyInstanceUID",
    0x0020000E: "SeriesInstanceUID",
    0x00080050: "AccessionNumber",
}
"""By which attributes an object is somebody's: tag to keyword."""

ORIGINAL_ATTRIBUTES: Final = 0x04000561
"""Original Attributes Sequence: what was coerced, and by whom (PS3.3 C.12.1)."""

_GROUP_LENGTH = 0x0000
_PADDING = 0xFFFCFFFC
_PENDING = frozenset((0xFF00, 0xFF01))
_MOST_NAMED = 20
_MOST_FILES = 20_000
_LARGEST_FILE = 1 << 20

Values = Mapping[str, bytes]
"""The octets of every element by its path, such as ``00400275[0].00400007``."""


def values_of(raw: bytes, transfer_syntax: str) -> Values | None:
    """Every value of a data set as it stands; None where pydicom cannot read it.

    Group lengths and padding are no attributes of the object and are left out.

    Args:
        raw: The encoded data set, from the device or ours.
        transfer_syntax: UID of an uncompressed little-endian one.
    """
    try:
        source = io.BytesIO(raw)
        implicit = transfer_syntax == uids.IMPLICIT_LE
        return dict(_walk(read_dataset(source, implicit, is_little_endian=True), ""))
    except Exception:  # whatever pydicom says of a device's octets
        return None


def compare(stage: Stage, sent: SyntheticObject, back: Arrived | None) -> None:
    """Witnesses ``comparison``: which values are ``missing``, ``changed`` or ``added``.

    ``read`` is False where the object did not come, or cannot be read.
    """
    before = values_of(sent.dataset, sent.transfer_syntax)
    after = values_of(back.dataset, back.transfer_syntax) if back is not None else None
    if before is None or after is None:
        stage.observe("comparison", read=False, came=back is not None)
        return
    changed = [path for path in before.keys() & after.keys() if before[path] != after[path]]
    stage.observe(
        "comparison", read=True, came=True, values=len(before),
        missing=_some(before.keys() - after.keys()), changed=_some(changed),
        added=_some(after.keys() - before.keys()),
    )  # fmt: skip


def compare_identity(stage: Stage, sent: SyntheticObject, back: Arrived | None) -> None:
    """Witnesses ``coercion``: the attributes of identity that were changed, and if it was told.

    Padding is no part of a value, and an attribute that was sent empty may be filled in.
    """
    before = values_of(sent.dataset, sent.transfer_syntax)
    after = values_of(back.dataset, back.transfer_syntax) if back is not None else None
    if before is None or after is None:
        stage.observe("coercion", read=False, came=back is not None)
        return
    changed = [
        keyword
        for tag, keyword in IDENTITY.items()
        if (value := _plain(before, tag)) and value != _plain(after, tag)
    ]
    noted = any(path.startswith(f"{ORIGINAL_ATTRIBUTES:08X}") for path in after)
    stage.observe("coercion", read=True, came=True, changed=changed, noted=noted)


def tamper(stage: Stage, thing: SyntheticObject, original: bytes, altered: bytes) -> bool:
    """Changes one stored file of the device behind its back; False where it is not found.

    Only files below the device's own storage folder in our sandbox are looked at, and only one
    that holds the object is written; its length stays the same. Witnesses ``tampered``.

    Args:
        stage: The play.
        thing: The object whose file it is.
        original: Octets of its data set that stand in the file once.
        altered: As many octets in their place.
    """
    name = thing.sop_instance.encode("ascii")
    for path in _files(lab_of(stage).storage):
        content = path.read_bytes()
        if name in content and content.count(original) == 1:
            with path.open("r+b") as file:
                file.seek(content.index(original))
                file.write(altered)
            stage.observe("tampered", "operator", file=path.name, octets=len(altered))
            return True
    return False


def delete(stage: Stage, thing: SyntheticObject) -> bool:
    """Removes every stored file of one object behind the device's back; False if there is none."""
    name = thing.sop_instance.encode("ascii")
    found = [path for path in _files(lab_of(stage).storage) if _is_object(path, name)]
    for path in found:
        path.unlink()
        stage.observe("deleted", "operator", file=path.name)
    return bool(found)


def _is_object(path: Path, name: bytes) -> bool:
    content = path.read_bytes()
    return content[128:132] == b"DICM" and name in content


def _files(root: Path) -> Iterator[Path]:
    """Small regular files below a folder, never through a link; bounded in number."""
    seen = 0
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder) / name
            seen += 1
            if seen > _MOST_FILES:
                return
            try:
                usable = not path.is_symlink() and path.stat().st_size <= _LARGEST_FILE
            except OSError:
                continue  # it went away meanwhile
            if usable:
                yield path


def _walk(dataset: Dataset, prefix: str) -> Iterator[tuple[str, bytes]]:
    # All at once: to look at a sequence converts values elsewhere in the data set.
    raw = [(tag, dataset.get_item(tag)) for tag in dataset.keys()]  # noqa: SIM118 - no values yet
    for tag, item in raw:
        if tag.element == _GROUP_LENGTH or int(tag) == _PADDING:
            continue
        path = f"{prefix}{int(tag):08X}"
        value = item.value
        if isinstance(value, bytes) and not _is_sequence(int(tag), item.VR):
            yield path, value
        elif value is None:
            yield path, b""
        else:
            yield from _walk_sequence(list(dataset[tag].value), path)


def _is_sequence(tag: int, vr: str | None) -> bool:
    """By its VR; in implicit VR by the dictionary, for its length may be written in two ways."""
    if vr is None:
        return dictionary_has_tag(tag) and dictionary_VR(tag) == "SQ"
    return vr == "SQ"


def _walk_sequence(items: Sequence[Dataset], path: str) -> Iterator[tuple[str, bytes]]:
    yield path, len(items).to_bytes(4, "little")
    for number, item in enumerate(items):
        yield from _walk(item, f"{path}[{number}].")


def _plain(values: Values, tag: int) -> bytes:
    return values.get(f"{tag:08X}", b"").strip(b" \0")


def _some(paths: Iterator[str] | Sequence[str] | set[str]) -> list[JSON]:
    named: list[JSON] = [*sorted(paths)[:_MOST_NAMED]]
    return named


def private_block(creator: str, values: Sequence[tuple[int, str, bytes]]) -> list[wire.Element]:
    """A private block (PS3.5 7.8.1) in group 0029: its creator, and elements by their last octet.

    Args:
        creator: Private Creator.
        values: (last octet of the tag, VR, octets of even length) of each element.
    """
    block = [wire.Element(tag=0x00290010, vr="LO", value=creator)]
    return block + [wire.Element(tag=0x00291000 | low, vr=vr, value=v) for low, vr, v in values]


def witness_served(stage: Stage, back: Arrived | None, altered: bytes) -> None:
    """Witnesses ``served``: whether the object came, and whether it holds the altered octets."""
    stage.observe(
        "served", came=back is not None, altered=back is not None and altered in back.dataset
    )


def look_into_study(
    stage: Stage, own: SyntheticObject, injected: SyntheticObject, series: str
) -> None:
    """Witnesses ``injection``: under whom a study stands now, and if the injected object is in it.

    Raises:
        PreconditionUnmetError: An honest query was not answered.
    """
    listed = _ask(stage, instance_keys(injected, series))
    mine = _ask(stage, instance_keys(own, uid(stage, 3)))
    patients = {_patient(one) for one in _ask(stage, study_keys(own.study))}
    first = values_of(own.dataset, own.transfer_syntax)
    owner = _plain(first or {}, PATIENT_ID).decode("ascii", "replace")
    stage.observe(
        "injection",
        "polite",
        listed=len(listed),
        own=len(mine),
        patients=_some(patients),
        owner=owner,
    )


def count_listed(stage: Stage, thing: SyntheticObject) -> int:
    """How often an object is listed among the instances of its series.

    Raises:
        PreconditionUnmetError: An honest query was not answered.
    """
    return len(_ask(stage, instance_keys(thing, uid(stage, 3))))


def play_store_again(stage: Stage) -> tuple[SyntheticObject, Callable[[], None]]:
    """Stores an object, and returns how the same association is played once more.

    The recording is what we sent, octet by octet; the next octets leave when the device has
    answered those before, for whoever replays can read too.

    Raises:
        PreconditionUnmetError: The device did not take the object.
    """
    with Requestor(stage, actor="polite") as peer:
        recorded: list[list[bytes]] = [[wire.encode(peer.request((STORAGE,)))]]
        peer.associate((STORAGE,))
        thing = synthetic_object(stage, transfer_syntax=peer.contexts[STORAGE.id])
        command = wire.c_store_rq(thing.sop_class, thing.sop_instance, peer.next_message_id())
        limit = peer.max_length or 16384
        sent = wire.p_data(STORAGE.id, command, thing.dataset, limit)
        recorded.append([wire.encode(pdu) for pdu in sent])
        for pdu in sent:
            peer.send(pdu)
        taken = peer.wait_for_ending(ANSWER_S) is Outcome.RESPONDED
        seen = stage.record({}).last("outcome", "polite")
        good = seen is not None and seen.data.get("status") == 0
        stage.require(taken and good, "an honest object was not stored")
        recorded.append([wire.encode(wire.ReleaseRQ())])
        peer.release()
    return thing, partial(_play, stage, recorded)


def _play(stage: Stage, recorded: Sequence[Sequence[bytes]]) -> None:
    with Requestor(stage) as attacker:
        for octets in recorded:
            attacker.send(b"".join(octets), stimulus=True, what="what was sent before")
            attacker.wait_for_ending(ANSWER_S)
            if attacker.ended is not None:
                return


def _ask(stage: Stage, keys: tuple[wire.Element, ...]) -> list[Dataset]:
    """The matches of one honest query."""
    matches: list[Dataset] = []
    with Requestor(stage, actor="polite") as peer:
        peer.associate((QUERY,))
        syntax = peer.contexts[QUERY.id]
        command = wire.c_find_rq(message_id=peer.next_message_id())
        peer.invoke(command, wire.encode_dataset(keys, syntax), context_id=QUERY.id)

        def take(message: wire.Message) -> bool:
            if message.command["Status"] not in _PENDING:
                return True
            matches.append(_readable(message.dataset or b"", syntax))
            return False

        outcome, detail = converse(peer, take)
        peer.conclude(outcome, {**detail, "matches": len(matches)})
        stage.require(detail.get("status") == 0, "an honest query was not answered")
        peer.release()
    return matches


def _readable(raw: bytes, syntax: str) -> Dataset:
    try:
        return read_dataset(io.BytesIO(raw), syntax == uids.IMPLICIT_LE, is_little_endian=True)
    except Exception:  # whatever pydicom says of a device's octets
        return Dataset()


def _patient(match: Dataset) -> str:
    try:
        return str(match.get("PatientID", "")).strip()
    except Exception:  # whatever pydicom says of a device's value
        return ""
