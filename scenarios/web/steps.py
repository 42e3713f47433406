"""What several web scenarios share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from harness.model import Claim
from harness.stage import Stage
from simulators.objects import SyntheticObject, uid
from simulators.web.client import WebClient
from simulators.web.honest import ACTOR, JSON, ask_politely, instance_path, metadata, qido, wado
from simulators.web.request import Request
from simulators.web.target import entitled, path_of

FINDS: Final = frozenset({Claim.WEB_STOW, Claim.WEB_QIDO})
GIVES: Final = FINDS | {Claim.WEB_WADO}
BY_TLS: Final = FINDS | {Claim.WEB_TLS}
GUARDED: Final = GIVES | {Claim.WEB_TOKEN}
CLOSED: Final = GIVES | {Claim.WEB_GUARDED}
UPLOADS: Final = FINDS | {Claim.WEB_IMPORT}


def request_of(stage: Stage, route: str, thing: SyntheticObject) -> Request:
    """An honest request for an object of the play, without a token, by one of the ways to it."""
    place = instance_path(stage, thing)
    ways = {
        "search": qido(stage, StudyInstanceUID=thing.study),
        "series": Request(
            target=path_of(stage, "studies", thing.study, "series"), headers=(("Accept", JSON),)
        ),
        "metadata": metadata(stage, thing.study),
        "instance": wado(stage, thing),
        "frame": Request(
            target=f"{place}/frames/1",
            headers=(("Accept", 'multipart/related; type="application/octet-stream"'),),
        ),
        "rendered": Request(target=f"{place}/rendered", headers=(("Accept", "image/png"),)),
    }
    return ways[route]


def require_served(stage: Stage, request: Request) -> None:
    """Ends the play unless the entitled get an answer by this way: a refusal would prove nothing.

    Raises:
        PreconditionUnmetError: They get none.
    """
    answer = ask_politely(stage, request)
    code = answer.status if answer else "no answer"
    stage.require(answer is not None and answer.status == 200, f"the entitled got {code}")


def other_study(stage: Stage) -> str:
    """The UID of a study that nobody has stored; as long as that of the play's study."""
    return uid(stage, 9)


def ask_each(
    stage: Stage, requests: Sequence[Request], marks: Mapping[str, bytes] | None = None
) -> None:
    """Sends each request on a connection of its own, until one is not answered at all."""
    for request in requests:
        with WebClient(stage) as client:
            client.ask(entitled(stage, request), stimulus=True, marks=marks)
            if client.silent:
                return


def require_web(stage: Stage) -> None:
    """Ends the play unless an honest search is answered.

    Raises:
        PreconditionUnmetError: Nobody answers, so that no silence would prove anything.
    """
    with WebClient(stage, actor=ACTOR) as peer:
        answer = peer.ask(entitled(stage, qido(stage, limit="1")))
    done = answer is not None and answer.status in (200, 204)
    stage.require(done, "an honest search was not answered")
