"""The hostile DICOMweb client: one connection to the device's web services.

Redirects are never followed, and every answer is an observation: its code, some header fields, and
which of our marks came back in it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

from harness.errors import NotEmittedError
from harness.model import JSON
from harness.profile_web import web_base
from harness.stage import Stage
from harness.verdict import Outcome
from simulators.connection import connect
from simulators.lab import lab_of
from simulators.peer import HEAD_BYTES, Peer
from simulators.securing import secure_channel
from simulators.web.request import Request
from simulators.web.response import Response, ResponseBuffer
from simulators.web.target import web_of

ANSWER_S: Final = 5.0
"""How long an honest request may take before the device counts as not answering."""

_TOLD: Final = (
    "content-type", "x-content-type-options", "content-security-policy", "warning", "location",
    "strict-transport-security", "www-authenticate", "access-control-allow-origin",
    "access-control-allow-credentials",
)  # fmt: skip
_MOST_TOLD = 300


class WebClient(Peer):
    """Opens one connection to the device's web services.

    Args:
        stage: The play.
        actor: Under which name its observations stand.
        port: Another port than that of the profile.
        plain: Says nothing of TLS by itself, whatever the profile says.

    Attributes:
        silent: A request was neither answered nor was the connection ended.
    """

    def __init__(
        self,
        stage: Stage,
        *,
        actor: str = "attacker",
        port: int | None = None,
        plain: bool = False,
    ) -> None:
        super().__init__(stage, actor)
        self.silent = False
        self.lab = lab_of(stage)
        self._answers = ResponseBuffer()
        base = web_base(web_of(stage).url)
        stage.require(base is not None, "the profile has no web.url")
        # What a web server says cannot be blanked as the values of a data set are.
        stage.require(
            not stage.profile.withholds_data_sets,
            "web answers would be kept as they are: say [scope] real_patients = false on a bench",
        )
        where = (web_of(stage).host, port or web_of(stage).port)
        self.address = f"{where[0]}:{where[1]}"
        self.connection = connect(stage, self.lab.guard, where, actor=actor)
        secure = base is not None and base.scheme == "https" and not plain
        if secure and self.connection is not None:
            self._secure()

    def ask(
        self,
        request: Request,
        *,
        what: str = "",
        lie: Sequence[str] = (),
        stimulus: bool = False,
        marks: Mapping[str, bytes] | None = None,
        timeout_s: float = ANSWER_S,
    ) -> Response | None:
        """Sends a request and waits for its answer; both are observed, and the outcome too.

        Args:
            request: What to send.
            what: Its name in the evidence.
            lie: Names of the parts that deviate.
            stimulus: This is the deviation, though no single part of it lies.
            marks: Octets to look for in the answer, by name.
            timeout_s: How long the device may take.
        """
        what = what or f"{request.method} {request.target[:80]}"
        self.put(request, what=what, lie=lie, stimulus=stimulus)
        return self.conclude_answer(what, marks=marks, timeout_s=timeout_s)

    def put(
        self, request: Request, *, what: str, lie: Sequence[str] = (), stimulus: bool = False
    ) -> bool:
        """Sends a request; True when all of it left."""
        parts = request.named_parts(self.address)
        data = b"".join(piece for _, piece in parts)
        self._answers.bodiless = request.method == "HEAD"
        left = self._transmit(data)
        rows: list[list[JSON]] = []
        offset = 0
        for name, piece in parts:
            rows.append([name, offset, len(piece)])
            offset += len(piece)
        self.witness(
            data, left, what=what, parts=rows, lies=list(lie), stimulus=stimulus or bool(lie)
        )
        return left == len(data)

    def pour(self, piece: bytes, times: int) -> int:
        """Sends a piece again and again until the device takes no more; how often it left."""
        for count in range(times):
            if self._transmit(piece) < len(piece) or self._heard():
                return count
        return times

    def answer(self, timeout_s: float = ANSWER_S) -> Response | None:
        """The next response; None when time ran out or the connection ended without one."""
        deadline = time.monotonic() + timeout_s
        while True:
            found = self._answers.next(ended=self.ended is not None)
            if found is not None:
                self._note_answer(found)
                return found
            if self.ended is not None or not self._fill(deadline - time.monotonic()):
                if self.ended is not None and self._answers.pending:
                    continue
                return None

    def conclude_answer(
        self,
        what: str,
        *,
        marks: Mapping[str, bytes] | None = None,
        timeout_s: float = ANSWER_S,
    ) -> Response | None:
        """Waits for the next response and records what it amounts to."""
        found = self.answer(timeout_s)
        if found is None:
            ended = self.ended or Outcome.TIMEOUT
            self.silent = ended is Outcome.TIMEOUT
            self.conclude(ended, {"what": what, "detail": f"{what}: no answer"})
            return None
        outcome = Outcome.RESPONDED if found.status else Outcome.GARBAGE
        told = f"{what}: HTTP {found.status}" if found.status else f"{what}: no HTTP"
        self.conclude(
            outcome, {"what": what, "detail": told, **_told(found), "marks": _marks(found, marks)}
        )
        return found

    def _heard(self) -> bool:
        """Whether the device has said something, or has ended the connection."""
        return self._fill(0.0) or self.ended is not None

    def _fill(self, timeout_s: float) -> bool:
        source = self.channel or self._live()
        try:
            data = source.receive(max(0.0, timeout_s))
        except TimeoutError:
            return False
        except ConnectionError:
            self.ended = self._alert() or Outcome.RESET
            return False
        if not data:
            self.ended = self._alert() or Outcome.CLOSED
            return False
        self._answers.feed(data)
        return True

    def _secure(self) -> None:
        connection, policy = self._live(), self.lab.trust.client
        try:
            self.channel = secure_channel(self.stage, connection, policy, server_side=False)
            done = self.channel.handshake(ANSWER_S)
            if not done.completed:
                raise NotEmittedError(f"no TLS connection to the device: {done.error}")
        except BaseException:
            self.close()  # nobody enters a context that was never made
            raise

    def _note_answer(self, found: Response) -> None:
        raw = self.stage.masked(found.head + b"\r\n\r\n" + found.body)
        self.stage.observe(
            "received",
            self.actor,
            connection=self._live().number,
            what=f"HTTP {found.status}",
            bytes=len(raw),
            head=raw[:HEAD_BYTES].hex(),
            parts=[
                ["head", 0, len(found.head) + 4],
                ["body", len(found.head) + 4, len(found.body)],
            ],
        )


def _told(found: Response) -> dict[str, JSON]:
    fields: dict[str, JSON] = {}
    for name in _TOLD:
        values = found.fields(name)
        if values:
            fields[name] = ", ".join(values)[:_MOST_TOLD]
    return {
        "code": found.status,
        "fields": fields,
        "octets": len(found.body),
        "whole": found.whole,
        "tagged": found.body.lstrip()[:1] == b"<",
    }


def _marks(found: Response, marks: Mapping[str, bytes] | None) -> list[JSON]:
    """Names of the marks that came back: in the body, or as a line of the head."""
    wanted = marks or {}
    seen: list[JSON] = [name for name, mark in wanted.items() if mark in found.body]
    seen += [f"{name} in the head" for name, mark in wanted.items() if mark in found.head]
    return seen
