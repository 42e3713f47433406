"""One probe per flaw of names, links, modes and duplicates: what becomes of objects on the disc."""

import stat
from contextlib import ExitStack
from pathlib import Path

from pydicom import dcmread

from simulators import wire
from simulators.devices.reference.storage import PARTIAL
from simulators.wire import uids
from simulators.wire.messages import c_store_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.peer import associated, dataset
from tests.simulators.devices.probes import Expectation, Probe
from tests.simulators.devices.running import Running

_STEM = "1.2.826.0.1.3680043.9.8888"
_LARGE = 1 << 17


def _object(name: str, fill: int = 0, size: int = 16, patient: str = "TEST^PATIENT") -> bytes:
    pixels = wire.Element(tag=0x7FE00010, vr="OW", value=bytes([fill]) * size)
    honest = dataset(name, study=f"{_STEM}.1", more=(pixels,))
    return honest.replace(b"TEST^PATIENT", patient.ljust(12).encode())


def _files(it: Running, name: str) -> list[Path]:
    return [path for path in it.storage.rglob("*") if path.is_file() and name in path.name]


def sends_another_of_that_name(it: Running) -> str:
    """Tell how the second is answered, and whose pixels are there."""
    name = f"{_STEM}.2"
    with associated(it.port) as peer:
        peer.store(_object(name, 1), name)
        answer = peer.store(_object(name, 2), name)
        peer.release()
    (file,) = _files(it, name)
    return f"{answer}, {dcmread(file).PixelData[0]} is there"


def aborts_half_way(it: Running) -> str:
    """Tell how many files bear the object's name."""
    name = f"{_STEM}.3"
    data = _object(name, 1, _LARGE)
    sent = p_data(3, c_store_rq(uids.CT_IMAGE_STORAGE, name), data)[:-3]
    with associated(it.port) as peer:
        peer.send(*sent, wire.Abort())
        ended = peer.hear()
    return f"{ended}, {len(_files(it, name))} file(s)"


def stores_one_name_twice_at_a_time(it: Running) -> str:
    """Tell how many objects the pixels of what is there come from, and what is unfinished."""
    name = f"{_STEM}.4"
    request = c_store_rq(uids.CT_IMAGE_STORAGE, name)
    with ExitStack() as stack:
        peers = [stack.enter_context(associated(it.port)) for _ in range(2)]
        for fill, peer in enumerate(peers, 1):
            peer.send(*p_data(3, request, _object(name, fill, _LARGE)))
        for peer in peers:
            peer.hear()
    (file,) = _files(it, name)
    unfinished = sum(path.name.endswith(PARTIAL) for path in it.storage.rglob("*"))
    return f"{len(set(dcmread(file).PixelData))} object(s), {unfinished} unfinished"


def stores_two_long_names(it: Running) -> str:
    """Tell how many files two names of 64 characters get."""
    stem = f"{_STEM}.5."
    stem += "7" * (63 - len(stem))
    with associated(it.port) as peer:
        for last in "12":
            assert peer.store(_object(stem + last), stem + last) == "RESPONDED 0000"
        peer.release()
    return f"{len(_files(it, stem[:60]))} file(s)"


def stores_over_links(it: Running) -> str:
    """Tell how many files came into the folder behind the links."""
    beyond, name = it.storage.parent / "beyond", f"{_STEM}.6"
    beyond.mkdir()
    folder = it.storage / f"{_STEM}.1"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.dcm").symlink_to(beyond / "file")
    (it.storage / f"{_STEM}.9").symlink_to(beyond)
    other = _object(f"{name}.1").replace(f"{_STEM}.1".encode(), f"{_STEM}.9".encode())
    with associated(it.port) as peer:
        answers = [peer.store(_object(name), name), peer.store(other, f"{name}.1")]
        peer.release()
    return f"{', '.join(answers)}, {len(list(beyond.iterdir()))} beyond"


def looks_at_the_mode(it: Running) -> str:
    """Tell the permission bits of a stored file and of its folder."""
    name = f"{_STEM}.7"
    with associated(it.port) as peer:
        peer.store(_object(name), name)
        peer.release()
    (file,) = _files(it, name)
    return " ".join(f"{stat.S_IMODE(path.stat().st_mode):o}" for path in (file, file.parent))


def names_a_patient_like_a_command(it: Running) -> str:
    """Tell whether a shell made the file that the name of the patient names."""
    name = f"{_STEM}.8"
    with associated(it.port) as peer:
        answer = peer.store(_object(name, patient="$(>hooked)"), name)
        peer.release()
    made = (it.storage.parent / "hooked").exists()
    return f"{answer}, {'carried out' if made else 'handed over'}"


_ROWS: tuple[tuple[str, Probe, str, str], ...] = (
    (
        "replaces_silently",
        sends_another_of_that_name,
        "RESPONDED 0111, 1 is there",
        "RESPONDED 0000, 2 is there",
    ),
    ("keeps_aborted_partial", aborts_half_way, "CLOSED, 0 file(s)", "CLOSED, 1 file(s)"),
    (
        "mixes_parallel_stores",
        stores_one_name_twice_at_a_time,
        "1 object(s), 0 unfinished",
        "2 object(s), 0 unfinished",
    ),
    ("shortens_file_name", stores_two_long_names, "2 file(s)", "1 file(s)"),
    (
        "follows_links",
        stores_over_links,
        "RESPONDED 0000, RESPONDED A700, 0 beyond",
        "RESPONDED 0000, RESPONDED 0000, 2 beyond",
    ),
    ("world_writable_files", looks_at_the_mode, "600 700", "666 700"),
)

STORAGE_PROBES: dict[str, Expectation] = {
    **{name: Expectation(probe, sound, flawed) for name, probe, sound, flawed in _ROWS},
    "hook_through_shell": Expectation(
        names_a_patient_like_a_command,
        "RESPONDED 0000, handed over",
        "RESPONDED 0000, carried out",
        ("--hook", "/bin/true"),
    ),
}
"""By flaw."""
