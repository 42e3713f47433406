"""Administrative functions that the profile names, called by whoever may not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.profile_web_parts import AdminSection
from harness.stage import Stage
from simulators.lab import lab_of
from simulators.web.client import WebClient
from simulators.web.honest import ACTOR
from simulators.web.request import Request
from simulators.web.target import administrative, web_of

CANARY = "{canary}"


def functions_of(stage: Stage, *, disabled: bool = False) -> Sequence[AdminSection]:
    """The functions for administrators, or those that are switched off."""
    return [each for each in web_of(stage).admin if each.disabled is disabled]


def call_each(
    stage: Stage, functions: Sequence[AdminSection], dressed: Callable[[Request], Request]
) -> None:
    """Calls each function once, and witnesses ``effect``: whether anything has changed by it.

    Args:
        stage: The play.
        functions: What to call.
        dressed: Adds what the caller has.

    Raises:
        PreconditionUnmetError: An administrator does not read what it would change.
    """
    canary = lab_of(stage).canary / stage.token
    for each in functions:
        before = _read(stage, each)
        request = Request(
            method=each.method,
            target=each.path,
            headers=(("Content-Type", "text/plain"),),
            body=each.body.replace(CANARY, str(canary)).encode(),
        )
        with WebClient(stage) as client:
            client.ask(dressed(request), what=f"{each.method} {each.path}", stimulus=True)
        changed = _read(stage, each) != before or canary.exists()
        stage.observe("effect", ACTOR, what=f"what {each.reads} gives", changed=changed)


def _read(stage: Stage, function: AdminSection) -> bytes:
    """What an administrator reads of what the function would change."""
    with WebClient(stage, actor=ACTOR) as client:
        answer = client.ask(administrative(stage, Request(target=function.reads)))
    code = answer.status if answer else "no answer"
    stage.require(answer is not None and answer.status == 200, f"{function.reads} gives {code}")
    return answer.body if answer else b""
