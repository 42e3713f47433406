"""What became of the object, and whether the acceptor serves an honest peer afterwards."""

from __future__ import annotations

from pathlib import Path

from harness.model import Claim
from harness.stage import Stage
from simulators.handshakes.trials import client, seek_service
from simulators.lab import lab_of
from simulators.objects import synthetic_object, uid
from simulators.queries import QUERY, find, instance_keys
from simulators.requestor import Requestor

_LOOKED_AT_BYTES = 1 << 20
_MOST_FILES = 10_000


def look_for_object(stage: Stage) -> None:
    """Witnesses ``kept``: whether the acceptor holds the object of this play, and who says so.

    The files of a device that the harness starts are looked at; another is asked by C-FIND, where
    it claims Query. Elsewhere ``by`` is empty, and only what was said on the line counts.

    Raises:
        PreconditionUnmetError: The device claims Query but does not answer an honest one.
    """
    process = stage.profile.process
    if process is not None and process.start and process.storage is not None:
        found = sum(1 for _ in files_of(stage))
        stage.observe("kept", "polite", found=found, by="files")
    elif Claim.QUERY_SCP in stage.profile.claims():
        stage.observe("kept", "polite", found=_matches(stage), by="query")
    else:
        stage.observe("kept", "polite", found=0, by="")


def files_of(stage: Stage) -> dict[Path, tuple[int, int]]:
    """Files in the acceptor's storage that hold the object: size and time (ns) of change."""
    wanted = uid(stage, 1, 1).encode("ascii")
    found: dict[Path, tuple[int, int]] = {}
    for number, path in enumerate(sorted(lab_of(stage).storage.rglob("*"))):
        if number >= _MOST_FILES:
            break
        try:
            if path.is_symlink() or not path.is_file():
                continue
            with path.open("rb") as stream:
                if wanted in stream.read(_LOOKED_AT_BYTES):
                    state = path.stat()
                    found[path] = (state.st_size, state.st_mtime_ns)
        except OSError:
            continue  # it went away while we looked: then it is not kept
    return found


def serve_afterwards(stage: Stage) -> None:
    """An honest client of ours seeks service over TLS; its outcome stands under ``control``."""
    with client(stage, lab_of(stage).trust.client, actor="control") as peer:
        seek_service(peer)


def _matches(stage: Stage) -> int:
    with Requestor(stage, actor="polite") as peer:
        peer.associate((QUERY,))
        found = find(peer, instance_keys(synthetic_object(stage), uid(stage, 3)))
        peer.release()
    return found
