"""Pictures of the corpus, asked for by every way that a web server has to show or convert them.

Witnesses a ``pictured`` for each answer: ``way``, ``outcome``, ``code``, ``octets``, ``digest`` and
``foreign`` (octets that nobody sent, where samples come as they are; None where nobody can tell).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Final

from harness.model import JSON
from harness.specimens import Shelf
from harness.stage import Stage
from simulators import wire
from simulators.corpus.files import NAME, honest
from simulators.web.client import WebClient
from simulators.web.depositing import PATIENCE_S, leaves_from, other_token
from simulators.web.files import data_set_of, parts_of
from simulators.web.honest import ask_politely
from simulators.web.request import Request
from simulators.web.response import Response
from simulators.web.target import entitled, path_of
from simulators.web.ways_in import BY_STOW, WayIn
from simulators.wire import uids
from simulators.wire.pixels import PIXEL_DATA

PICTURE: Final = "image/png"
_FRAME: Final = 'multipart/related; type="application/octet-stream"'
_PLAIN: Final = f'multipart/related; type="application/dicom"; transfer-syntax={uids.EXPLICIT_LE}'
WAYS: Final[Mapping[str, tuple[str, str]]] = {
    "rendered": ("/rendered", PICTURE),
    "thumbnail": ("/thumbnail", PICTURE),
    "frame": ("/frames/1", _FRAME),
    "converted": ("", _PLAIN),
}
"""What is asked for, below an instance, and in which form."""

_ROUNDS: Final = 2
_PADDING: Final = frozenset((0x00, 0xFF))
_SHOWN: Final = 16


def shows_from(
    stage: Stage,
    shelf: Shelf,
    *,
    known: Collection[int] | None = (0, 1),
    like: str = "",
    way: WayIn = BY_STOW,
) -> None:
    """Stores the picture of this case, and twice asks for it by every way.

    Args:
        stage: The play.
        shelf: Where the file stands.
        known: Octets that its samples consist of, so that others are foreign; None: nobody knows.
        like: The kind of honest file that it deviates from, which must be stored before it.
        way: How it is handed over.

    Raises:
        PreconditionUnmetError: No honest file of that kind is stored.
    """
    stored = leaves_from(stage, shelf, like=like, way=way)
    if stored is None:
        return
    expected = None if known is None else frozenset(known) | _PADDING
    for form in WAYS:
        for _ in range(_ROUNDS):
            if not shows(stage, stage.token, form, expected):
                return


def shows_honestly(stage: Stage, way: WayIn = BY_STOW) -> None:
    """Stores an honest picture, and asks for it by every way."""
    token = other_token(stage)
    answer = ask_politely(stage, way.hands_over(stage, honest(token)[NAME]))
    taken = answer is not None and answer.status in (200, 202)
    stage.require(taken, "an honest picture was not stored")
    for form in WAYS:
        if not shows(stage, token, form, _PADDING):
            return


def shows(stage: Stage, token: str, way: str, expected: Collection[int] | None) -> bool:
    """Asks for the picture of a token by one way; False when it was not answered at all."""
    path, form = WAYS[way]
    where = path_of(
        stage, "studies", f"2.25.{token}.2", "series", f"2.25.{token}.3",
        "instances", f"2.25.{token}.1.1",
    )  # fmt: skip
    request = Request(target=f"{where}{path}", headers=(("Accept", form),))
    with WebClient(stage) as client:
        answer = client.ask(entitled(stage, request), what=way, stimulus=True, timeout_s=PATIENCE_S)
        outcome = stage.record({}).last("outcome", "attacker")
        ended = str(outcome.data["outcome"]) if outcome else ""
    found = _seen(way, answer, expected) if answer is not None and answer.status == 200 else {}
    code = answer.status if answer else None
    stage.observe("pictured", "attacker", way=way, outcome=ended, code=code, **found)
    return not client.silent


def _seen(way: str, answer: Response, expected: Collection[int] | None) -> dict[str, JSON]:
    content = b"".join(parts_of(answer)[:1])
    if way == "converted":
        read = wire.read_elements(*data_set_of(content)).elements
        content = b"".join(e.value for e in read if e.tag == PIXEL_DATA and not e.undefined)
    found: dict[str, JSON] = {
        "octets": len(content),
        "digest": hashlib.sha256(content).hexdigest()[:16],
        "foreign": None,
    }
    if expected is not None and way in ("frame", "converted"):
        strange = bytes(octet for octet in content if octet not in expected)
        found |= {"foreign": len(strange), "first_foreign": strange[:_SHOWN].hex()}
    return found
