"""What is published about the certificates of the test authority, and the service that does it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from cryptography.hazmat.primitives.serialization import Encoding

from simulators.pki.answers import (
    GARBAGE,
    MADE_ANSWERS,
    MadeAnswer,
    Question,
    answer,
    malformed,
)
from simulators.pki.authority import Authority
from simulators.pki.departments import DEPARTMENTS
from simulators.pki.lists import (
    MADE_LISTS,
    MadeList,
    authority_list,
    department_list,
)
from simulators.pki.responder import Publisher, Reply, base_of, closed_door

ListKind: TypeAlias = MadeList | Literal["garbage", "unreachable"]
AnswerKind: TypeAlias = MadeAnswer | Literal["unreachable"]

SLOW_S = 30.0
"""How long the slow responder lets a device wait."""

_OCSP = "application/ocsp-response"
_CRL = "application/pkix-crl"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Revocation:
    """The revocation services of one authority, on loopback.

    Nothing listens before the first address is asked for; :meth:`close` ends it.

    Attributes:
        authority: Whose certificates are revoked.
        clock: The present, in UTC.
        host: Address that the service listens on.
    """

    authority: Authority
    clock: Callable[[], datetime] = _utc_now
    host: str = "127.0.0.1"
    _publisher: Publisher | None = field(default=None, init=False, repr=False)
    _door: socket.socket | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def lists_pem(self) -> bytes:
        """All current lists, PEM: of the authority, and of each intermediate."""
        now = self.clock()
        lists = [authority_list("current", self.authority, now)]
        lists += [department_list(number, now) for number in DEPARTMENTS]
        return b"".join(one.public_bytes(Encoding.PEM) for one in lists)

    def staple(self, kind: MadeAnswer, serial: int) -> bytes:
        """An OCSP response (DER) to be stapled to the certificate with that serial number."""
        question = Question.about(serial, self.authority.certificate)
        return answer(kind, question, self.authority, self.clock())

    def answers_at(self, kind: AnswerKind) -> str:
        """URL of a responder of that kind.

        Raises:
            OSError: Nothing can listen on ``host``.
        """
        return self._address(_path("ocsp", kind), reachable=kind != "unreachable")

    def lists_at(self, kind: ListKind) -> str:
        """URL of a list of that kind.

        Raises:
            OSError: Nothing can listen on ``host``.
        """
        return self._address(_path("crl", kind), reachable=kind != "unreachable")

    @property
    def asked(self) -> tuple[str, ...]:
        """The paths that were asked for so far, oldest first."""
        with self._lock:
            return self._publisher.asked if self._publisher else ()

    def close(self) -> None:
        """Stops listening; nobody who waits for the slow responder is kept."""
        with self._lock:
            if self._publisher is not None:
                self._publisher.close()
            if self._door is not None:
                self._door.close()
            self._publisher = self._door = None

    def _address(self, path: str, *, reachable: bool) -> str:
        with self._lock:
            if not reachable:
                self._door = self._door or closed_door(self.host)
                return f"{base_of(self._door)}{path}"
            self._publisher = self._publisher or Publisher(self._reply, host=self.host)
            return f"{self._publisher.address}{path}"

    def _reply(self, path: str, body: bytes) -> Reply | None:
        """What is published at a path; None: nothing."""
        for list_kind in MADE_LISTS:
            if path == _path("crl", list_kind):
                made = authority_list(list_kind, self.authority, self.clock())
                return Reply(content=made.public_bytes(Encoding.DER), kind=_CRL)
        if path == _path("crl", "garbage"):
            return Reply(content=GARBAGE, kind=_CRL)
        for kind in MADE_ANSWERS:
            if path == _path("ocsp", kind):
                return self._answered(kind, body)
        return None

    def _answered(self, kind: MadeAnswer, body: bytes) -> Reply:
        try:
            question = Question.read(body)
        except ValueError:
            return Reply(content=malformed(), kind=_OCSP)
        content = answer(kind, question, self.authority, self.clock())
        return Reply(content=content, kind=_OCSP, delay_s=SLOW_S if kind == "slow" else 0.0)


def _path(service: str, kind: str) -> str:
    return f"/{service}/{kind.replace(' ', '-')}"
