"""One message that is two for some readers (RFC 9112 11.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from harness.model import JSON
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.web.client import WebClient
from simulators.web.honest import qido
from simulators.web.request import Request
from simulators.web.target import entitled, path_of

_SETTLED_S: Final = 2.0
_MOST: Final = 4
_DEVIATING: Final = ("Content-Length", "Transfer-Encoding")


def by_both(stage: Stage, obeyed: str) -> Request:
    """A search with a body that hides another search from those who obey the other field.

    Args:
        stage: The play.
        obeyed: "length" or "coding": who obeys this sees two requests.
    """
    hidden = _hidden(stage)
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(hidden), hidden)
    first = str(chunk.index(b"\r\n") + 2)
    body = chunk if obeyed == "length" else b"0\r\n\r\n" + hidden
    length = first if obeyed == "length" else str(len(body))
    fields = (("Transfer-Encoding", "chunked"),)
    return _outer(stage, body, fields, length)


def by_two_lengths(stage: Stage, obeyed: str) -> Request:
    """A search with two lengths; who obeys that one ("first" or "last") sees two requests."""
    hidden = _hidden(stage)
    whole, none = str(len(hidden)), "0"
    early, late = (none, whole) if obeyed == "first" else (whole, none)
    return _outer(stage, hidden, (("Content-Length", early),), late)


def count_answers(stage: Stage, request: Request) -> None:
    """Sends it, and witnesses ``responses``: how many answers came, and whether more could.

    The same body goes out with one length first: who reads that as two requests needs no lie.
    """
    honest = _outer(stage, _hidden(stage), (), str(len(_hidden(stage))))
    _count(stage, honest, "a message with one reading", ())
    _count(stage, request, "a message with two readings", _DEVIATING)


def _count(stage: Stage, request: Request, what: str, lies: Sequence[str]) -> None:
    with WebClient(stage) as client:
        names = {name for name, _ in request.named_parts(client.address)}
        client.put(request, what=what, lie=[name for name in lies if name in names])
        codes: list[JSON] = []
        found = client.conclude_answer(what)
        while found is not None and len(codes) < _MOST:
            codes.append(found.status)
            found = client.answer(_SETTLED_S)
        ended = client.ended in (Outcome.CLOSED, Outcome.RESET)
        stage.observe("responses", "attacker", what=what, codes=codes, open=not ended)


def _outer(stage: Stage, body: bytes, fields: tuple[tuple[str, str], ...], length: str) -> Request:
    honest = entitled(stage, qido(stage, limit="1"))
    return Request(
        method="POST",
        target=path_of(stage, "studies"),
        headers=(*honest.headers, ("Content-Type", "text/plain"), *fields),
        length=length,
        body=body,
    )


def _hidden(stage: Stage) -> bytes:
    return entitled(stage, qido(stage, limit="1")).encoded("hidden.invalid")
