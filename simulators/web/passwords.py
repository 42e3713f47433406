"""Guesses of passwords by HTTP basic authentication: few, at accounts of the profile only."""

from __future__ import annotations

import base64
import threading
from typing import Final

from harness.stage import Stage
from simulators.web.client import WebClient
from simulators.web.honest import ACTOR, qido
from simulators.web.target import login_of, with_basic

_OPENS_WITHIN_S: Final = 10.0
_LOOKS_EVERY_S: Final = 0.25


def guess(stage: Stage, user: str, number: int) -> None:
    """Tries a wrong password; the outcome says how it was taken."""
    wrong = f"wrong-{stage.token[:8]}-{number:02d}"
    pair = base64.b64encode(f"{user}:{wrong}".encode()).decode()
    with WebClient(stage) as client:
        request = with_basic(qido(stage, limit="1"), pair)
        client.ask(request, what="wrong password", lie=["Authorization"])


def unknown_user(stage: Stage) -> str:
    """A name that nobody has, as long as that of the account."""
    length = len(login_of(stage).user)
    return (stage.token * 2)[:length] if length > 3 else "x" * length


def opens(stage: Stage) -> bool:
    """Whether the right password opens now."""
    with WebClient(stage, actor=ACTOR) as client:
        answer = client.ask(with_basic(qido(stage, limit="1"), login_of(stage).basic))
    return answer is not None and answer.status in (200, 204)


def require_password(stage: Stage) -> None:
    """Ends the play unless the right password opens, and none does not.

    Raises:
        PreconditionUnmetError: A refusal would prove nothing.
    """
    stage.require(opens(stage), "the right password does not open")
    with WebClient(stage, actor=ACTOR) as client:
        answer = client.ask(qido(stage, limit="1"))
    stage.require(answer is not None and answer.status == 401, "it opens without a password")


def wait_until_open(stage: Stage) -> None:
    """Waits until the account opens again, so that the plays to come find it open.

    Witnesses ``opened``: ``at_once``, and ``again`` within ten seconds.
    """
    first = again = opens(stage)
    pause = threading.Event()
    for _ in range(int(_OPENS_WITHIN_S / _LOOKS_EVERY_S)):
        if again:
            break
        pause.wait(_LOOKS_EVERY_S)
        again = opens(stage)
    stage.observe("opened", ACTOR, at_once=first, again=again)
