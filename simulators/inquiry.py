"""C-FINDs whose answers are compared: which matches came, with which status, and how soon.

A series of questions goes over one association; where the device ends it, the next question opens
another one, so that one refusal does not hide the rest.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.filereader import read_dataset

from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.process import Tree, cpu_seconds
from simulators.queries import QUERY, converse
from simulators.requestor import ANSWER_S, Requestor
from simulators.wire import uids

_PENDING = frozenset((0xFF00, 0xFF01))
_UNIQUE = {"STUDY": "StudyInstanceUID", "SERIES": "SeriesInstanceUID", "IMAGE": "SOPInstanceUID"}
_SHOWN = 80
_QUIET_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One C-FIND.

    Attributes:
        name: What it varies: mostly the keyword of a key.
        form: Its part in the comparison, such as "control" or "marker"; oracles know the words.
        keys: Values by keyword; an empty one asks for the attribute to be returned.
        stimulus: It deviates from what an honest peer would ask.
        more: Further elements of the identifier.
    """

    name: str
    form: str
    keys: Mapping[str, str]
    stimulus: bool = True
    more: tuple[wire.Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of it.

    Attributes:
        found: The unique keys of the matches, sorted.
        status: Final status; None without one.
        seconds: From the request to the end of its answer.
        rest_s: From the first match to that end; 0 without a match.
    """

    outcome: Outcome
    status: int | None
    found: tuple[str, ...]
    seconds: float
    rest_s: float


def identifier(
    keys: Mapping[str, str], more: Iterable[wire.Element] = ()
) -> tuple[wire.Element, ...]:
    """The elements of an identifier, in ascending order; text as it stands, one octet a letter."""
    elements = list(more)
    for keyword, text in keys.items():
        tag = tag_for_keyword(keyword)
        assert tag is not None, keyword
        value = text.encode("latin-1")
        elements.append(
            wire.Element(tag=tag, vr=dictionary_VR(tag), value=value + _pad(tag, value))
        )
    return tuple(sorted(elements, key=lambda element: element.tag))


def inquire(stage: Stage, questions: Iterable[Question]) -> list[Answer]:
    """Asks one question after the other, until one hangs; witnesses a ``search`` for each.

    A ``search`` has ``name``, ``form`` and ``text`` of the question, ``found`` (number of matches),
    ``answer`` (a digest of which ones), ``outcome``, ``status``, ``seconds`` and ``rest_s``.

    Raises:
        PreconditionUnmetError: The device accepts no honest association for queries.
    """
    answers: list[Answer] = []
    peer: Requestor | None = None
    try:
        for question in questions:
            if peer is None:
                peer = Requestor(stage)
                peer.associate((QUERY,))
            answers.append(ask(peer, question))
            if answers[-1].outcome is Outcome.TIMEOUT:
                break  # whoever hangs is not asked for more
            if answers[-1].outcome is not Outcome.RESPONDED:
                peer.close()
                peer = None
        if peer is not None:
            peer.release()
    finally:
        if peer is not None:
            peer.close()
    return answers


def watch_idle(stage: Stage) -> None:
    """Sees how busy the device is for a while when nobody asks for anything; witnesses ``idle``.

    ``share`` is of one core; nothing is witnessed where the harness did not start the device.
    """
    tree: Tree | None = getattr(stage.bench, "device", None)
    if tree is None:
        return
    before, began = cpu_seconds(tree), time.monotonic()
    stage.cancelled.wait(_QUIET_S)
    seconds = time.monotonic() - began
    used = max(0.0, cpu_seconds(tree) - before)
    stage.observe("idle", "process", share=round(used / seconds, 4), window_s=round(seconds, 3))


def ask(
    peer: Requestor,
    question: Question,
    *,
    message_id: int | None = None,
    cancels: Sequence[int] = (),
    beside: Callable[[], None] | None = None,
    at_first: Callable[[], None] | None = None,
) -> Answer:
    """Asks one question on an association and witnesses the ``search``.

    Args:
        peer: The association; its context for queries was accepted.
        question: What to ask.
        message_id: A number of our choice instead of the next free one.
        cancels: Numbers that C-CANCELs name; they leave in one piece with the question, so that the
            device has them before its first answer.
        beside: What happens as soon as the question has left.
        at_first: What happens as soon as the first match has come.
    """
    level = question.keys.get("QueryRetrieveLevel", "STUDY")
    unique = _UNIQUE.get(level, "StudyInstanceUID")
    syntax = peer.contexts[QUERY.id]
    found: list[str] = []
    times: list[float] = []

    def take(message: wire.Message) -> bool:
        if message.command["Status"] not in _PENDING:
            return True
        found.append(_value(message.dataset or b"", unique, syntax))
        if len(found) == 1:
            times.append(time.monotonic())
            if at_first is not None:
                at_first()
        return False

    began = time.monotonic()
    number = peer.next_message_id() if message_id is None else message_id
    _emit(peer, question, number, cancels)
    if beside is not None:
        beside()
    outcome, detail = converse(peer, take, ANSWER_S)
    status = detail.get("status")
    answer = Answer(
        outcome=outcome,
        status=status if isinstance(status, int) else None,
        found=tuple(sorted(found)),
        seconds=time.monotonic() - began,
        rest_s=time.monotonic() - times[0] if times else 0.0,
    )
    _witness(peer, question, answer)
    return answer


def _emit(peer: Requestor, question: Question, number: int, cancels: Sequence[int]) -> None:
    """Sends the request; with C-CANCELs, all of it in one piece."""
    elements = identifier(question.keys, question.more)
    encoded = wire.encode_dataset(elements, peer.contexts[QUERY.id])
    command = wire.c_find_rq(message_id=number)
    if not cancels:
        peer.invoke(command, encoded, context_id=QUERY.id, stimulus=question.stimulus)
        return
    most = peer.max_length or 16384
    pdus = wire.p_data(QUERY.id, command, encoded, most)
    for other in cancels:
        pdus += wire.p_data(QUERY.id, wire.c_cancel_rq(other), None, most)
    words = "C-FIND-RQ with C-CANCEL-RQ"
    peer.send(b"".join(wire.encode(pdu) for pdu in pdus), what=words, stimulus=True)


def _witness(peer: Requestor, question: Question, answer: Answer) -> None:
    digest = hashlib.sha256("\n".join(answer.found).encode("utf-8", "replace")).hexdigest()
    text: JSON = question.keys.get(question.name, "")[:_SHOWN]
    peer.stage.observe(
        "search", peer.actor, name=question.name, form=question.form, text=text,
        found=len(answer.found), answer=digest[:16], outcome=answer.outcome.value,
        status=answer.status, seconds=round(answer.seconds, 4), rest_s=round(answer.rest_s, 4),
    )  # fmt: skip


def _value(dataset: bytes, keyword: str, syntax: str) -> str:
    """One value of a match; empty where it cannot be read."""
    try:
        source = BytesIO(dataset)
        read = read_dataset(source, syntax == uids.IMPLICIT_LE, is_little_endian=True)
        return str(read.get(keyword, ""))
    except Exception:  # whatever pydicom says of a device's bytes
        return ""


def _pad(tag: int, value: bytes) -> bytes:
    filler = b"\0" if dictionary_VR(tag) == "UI" else b" "
    return filler * (len(value) % 2)
