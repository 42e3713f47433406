"""The corpus by the web: what is left with the device, and what it gives back and shows of it.

Nothing is judged here. Witnesses ``outcome`` of the request that hands a file over, by STOW-RS
where no other way is named, and of what the device acknowledges one
``kept`` with the fields that :mod:`simulators.readback` gives it for DIMSE.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from harness.model import JSON, Claim
from harness.specimens import Files, Shelf
from harness.stage import Stage
from simulators import hostile, wire
from simulators.corpus import pictures, structure
from simulators.corpus.documents import HONEST_DOCUMENTS
from simulators.corpus.files import NAME, content_of, part10
from simulators.datasets import Builder
from simulators.datasets.specimen import PATIENT_ID
from simulators.web.client import WebClient
from simulators.web.files import data_set_of, parts_of
from simulators.web.honest import ACTOR, WHOLE, ask_politely, look, qido
from simulators.web.request import Request
from simulators.web.response import Response
from simulators.web.target import entitled, path_of
from simulators.web.ways_in import BY_STOW, WayIn

GIVES_BACK: Final = frozenset({Claim.WEB_STOW, Claim.WEB_QIDO, Claim.WEB_WADO})
"""What a device claims that can be left something, and asked for it again."""

PATIENCE_S: Final = 8.0
"""How long a device may take for one object of the corpus."""

_BEGIN: Final = 132
_FIRST_TAG: Final = b"\x08\0\x16\0"
_COMPARED: Final = 4 << 20
_PIXELS: Final = bytes(range(256))
_HONEST: Final[Mapping[str, Callable[[str], Files]]] = {
    "deflated": structure.deflated,
    "document": HONEST_DOCUMENTS.makers["pdf"],
    "items": structure.with_items,
    "jpeg": pictures.jpeg,
    "rle": pictures.rle,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A file of the corpus, and what may be said of it.

    Attributes:
        octets: The file.
        study: Its Study Instance UID.
        patients: Patient IDs that may be shown for it.
        owes: Octets, by tag, that whoever acknowledges it promises to keep.
    """

    octets: bytes
    study: str
    patients: tuple[str, ...]
    owes: Mapping[int, bytes] = field(default_factory=dict[int, bytes])


def from_shelf(stage: Stage, shelf: Shelf) -> Deposit:
    """The file of this case, which the case names as ``file``."""
    octets = shelf.only(str(stage.case["file"]), stage.token)
    honest = f"SYN{stage.token[:12]}"
    read = wire.read_elements(*data_set_of(octets)).text(PATIENT_ID) or ""
    return Deposit(octets=octets, study=study_of(stage), patients=(honest, read, ""))


def from_builder(stage: Stage, build: Builder) -> Deposit:
    """A file around a data set with one deviation, whose pixels can be told from others."""
    content = tuple(
        replace(each, value=_PIXELS) if each.tag == hostile.PIXEL_DATA else each
        for each in content_of(stage.token)
    )
    made = build(content)
    octets = part10(
        made.octets, token=stage.token, syntax=made.syntax,
        sop_class=made.sop_class, sop_instance=made.sop_instance,
    )  # fmt: skip
    return Deposit(octets=octets, study=made.study, patients=made.patients, owes=made.owes)


def leaves(
    stage: Stage, thing: Deposit, name: str, *, like: str = "", way: WayIn = BY_STOW
) -> Response | None:
    """Stores a file, which is the stimulus, and looks what became of it.

    Args:
        stage: The play.
        thing: The file.
        name: What it is called in the evidence.
        like: The kind of honest file that it deviates from, which must be stored before it.
        way: How it is handed over.

    Returns:
        What the device gives back, if it lists the object as stored.

    Raises:
        PreconditionUnmetError: The device stores no honest file of that kind.
    """
    if like:
        _require_honest(stage, like, way)
    with WebClient(stage) as client:
        request = entitled(stage, way.hands_over(stage, thing.octets))
        answer = client.ask(request, what=name, lie=["body"], timeout_s=PATIENCE_S)
    stored = way.acknowledged(stage, answer)
    back = _look_back(stage, thing) if stored else None
    look(stage)
    return back


def leaves_from(
    stage: Stage, shelf: Shelf, *, like: str = "", way: WayIn = BY_STOW
) -> Response | None:
    """Stores the file of this case of a shelf."""
    name = f"{shelf.name}: {stage.case['file']}"
    return leaves(stage, from_shelf(stage, shelf), name, like=like, way=way)


def leaves_built(
    stage: Stage, builders: Mapping[str, Builder], *, way: WayIn = BY_STOW
) -> Response | None:
    """Stores a file around the data set of this case."""
    case = str(stage.case["file"])
    return leaves(stage, from_builder(stage, builders[case]), case, way=way)


def study_of(stage: Stage) -> str:
    """The Study Instance UID of the honest object of the play, and of most that lie."""
    return f"2.25.{stage.token}.2"


def asks_for_the_file(stage: Stage) -> None:
    """Asks for the object of the play as one file, as whoever saves it does."""
    root = f"2.25.{stage.token}"
    where = path_of(
        stage, "studies", f"{root}.2", "series", f"{root}.3", "instances", f"{root}.1.1"
    )
    for form in ("application/dicom", "*/*"):
        request = Request(target=where, headers=(("Accept", form),))
        with WebClient(stage) as client:
            client.ask(entitled(stage, request), what=f"as {form}", stimulus=True)


def other_token(stage: Stage) -> str:
    """A token for honest objects beside the one of the play: of another study."""
    last = (int(stage.token[-1]) + 1) % 10
    return f"{stage.token[:-1]}{last}"


def _require_honest(stage: Stage, like: str, way: WayIn) -> None:
    octets = _HONEST[like](other_token(stage))[NAME]
    answer = ask_politely(stage, way.hands_over(stage, octets))
    code = answer.status if answer else "no answer"
    taken = answer is not None and answer.status in (200, 202)
    stage.require(taken, f"it stores no honest file of this kind ({like}): {code}")


def _look_back(stage: Stage, thing: Deposit) -> Response | None:
    """Asks for what was acknowledged by WADO-RS and QIDO-RS; witnesses ``kept``."""
    study = Request(target=path_of(stage, "studies", thing.study), headers=(("Accept", WHOLE),))
    answer = ask_politely(stage, study)
    given = answer is not None and answer.status == 200
    files = parts_of(answer) if answer is not None and given else []
    stage.observe(
        "kept", ACTOR, patients=list(thing.patients), owes=len(thing.owes),
        came=None if answer is None else len(files), code=answer.status if answer else None,
        listed=_listed(stage, thing.study), **_compared(thing, files),
    )  # fmt: skip
    return answer if given else None


def _compared(thing: Deposit, files: list[bytes]) -> Mapping[str, JSON]:
    sent = _core(thing.octets)
    syntax = data_set_of(thing.octets)[1]
    same = any(sent[:_COMPARED] in file and data_set_of(file)[1] == syntax for file in files)
    readings = [wire.read_elements(*data_set_of(file)) for file in files]
    returned: list[JSON] = [each.text(PATIENT_ID) or "" for each in readings]
    lost: list[JSON] = [
        f"{tag:08X}"
        for tag, owed in sorted(thing.owes.items())
        if files and not same and not any(owed.rstrip(b" \0") in file for file in files)
    ]
    return {"same": same, "returned": returned, "lost": lost}


def _core(file: bytes) -> bytes:
    """The data set as it was sent, also where what stands before it lies."""
    at = file.find(_FIRST_TAG, _BEGIN)
    return file[at:] if at >= 0 else data_set_of(file)[0]


def _listed(stage: Stage, study: str) -> list[JSON] | None:
    """The Patient IDs that a search shows for a study; None when none was answered."""
    answer = ask_politely(stage, qido(stage, StudyInstanceUID=study, includefield="00100020"))
    if answer is None or answer.status not in (200, 204):
        return None
    try:
        rows = json.loads(answer.body) if answer.body.strip() else []
        return [str((row.get("00100020", {}).get("Value") or [""])[0]) for row in rows]
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return None
