"""A desk at which a client asks our server: who is served, what is witnessed, what is bounded."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import devices
from harness import profile as profiles
from harness.errors import BenchError, NotEmittedError
from harness.model import Claim, Role
from harness.profile_agent import AgentService
from simulators.bench import LabBench
from simulators.devices import agent_profile
from simulators.devices.null.agent import BEHAVIOURS
from simulators.devices.null.agent import main as null_agent
from simulators.devices.reference.flaw_table import flaws
from simulators.origin.asking import Asking
from simulators.origin.exchange import Asked, Message, Reply
from simulators.origin.framing import cut
from simulators.origin.honest import found, instance
from simulators.origin.server import Origin
from simulators.sentinel import sentinel_stage

Open = Callable[..., LabBench]
PROFILE = """
schema = 1
[device]
manufacturer = "nobody"
model = "program"
[user_agent]
commands.search = ["{python}", "-S", "-c", "import sys; sys.exit(0)", "{url}"]
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    benches: list[LabBench] = []

    def opening(*switched: str, null: str = "", text: str = "") -> LabBench:
        profile = devices.embedded_profile(flaws=switched, claims=[Claim.USER_AGENT])
        if null:
            profile = profile.model_copy(update={"user_agent": agent_profile.null_agent(null)})
        if text:
            profile = profiles.parse(text, "")
        benches.append(LabBench(profile, tmp_path, lambda said: None))
        return benches[-1]

    yield opening
    for bench in benches:
        bench.stop()


@pytest.mark.parametrize("service", ["search", "retrieve", "store"])
def test_that_the_sound_agent_takes_honest_answers(opened: Open, service: AgentService) -> None:
    bench = opened()
    stage = sentinel_stage(bench, bench.profile)
    with Asking(stage) as desk:
        seen = desk.ask_honestly(service).data
    assert (seen["outcome"], seen["asked"], seen["crash"], seen["outside"]) == (
        "RESPONDED", 1, [], [],
    )  # fmt: skip
    assert seen["kept_wanted"] is (service == "retrieve")
    assert seen["brought"] is (service == "store")
    assert desk.token not in str(stage.record({}).observations)


def test_that_a_lie_is_told_from_an_honest_answer_and_a_flaw_believes_it(opened: Open) -> None:
    for bench, outcome in (
        (opened(), "REJECTED"),
        (opened("agent_takes_cut_answers"), "RESPONDED"),
    ):
        stage = sentinel_stage(bench, bench.profile)
        with Asking(stage) as desk:
            seen = desk.ask("retrieve", lambda _: cut(instance(stage), "length"), "cut")  # noqa: B023
        assert seen.data["outcome"] == outcome
        emitted = stage.record({}).last("emitted", "attacker")
        assert emitted is not None
        assert emitted.data["stimulus"] is True
        assert emitted.data["lies"] == ["content-length"]


def test_that_the_canary_is_another_server_and_hears_who_comes(opened: Open) -> None:
    bench = opened("agent_carries_its_token_along")
    stage = sentinel_stage(bench, bench.profile)
    with Asking(stage) as desk, desk.canary() as other:
        message = Message(status=307, kind="", fields={"Location": f"{other.url}/studies"})
        desk.ask("search", lambda _: Reply(pieces=[message.framed()], lie="location"), "led away")
    served = stage.record({}).last("served", "canary")
    assert served is not None
    assert (served.data["ready"], served.data["asked"], served.data["tokens"]) == (True, 1, 1)


def test_that_an_answer_without_end_ends_when_nobody_takes_it(opened: Open) -> None:
    bench = opened()
    stage = sentinel_stage(bench, bench.profile)

    def endless(_asked: Asked) -> Reply:
        return Reply(pieces=iter(lambda: b"a" * 65536, b""), lie="end")

    with (
        Origin(stage, endless, "token") as origin,
        socket.create_connection(("127.0.0.1", origin.port)) as sock,
    ):
        sock.sendall(b"GET /studies HTTP/1.1\r\nHost: x\r\n\r\n")
        assert sock.recv(10)
    emitted = stage.record({}).last("emitted", "attacker")
    assert emitted is not None
    assert emitted.data["whole"] is False


def test_that_a_client_that_asks_nobody_is_no_evidence(opened: Open) -> None:
    bench = opened(text=PROFILE)
    health = bench.health(Role.USER_AGENT)
    assert not health.ok
    assert "not even asked" in health.detail
    stage = sentinel_stage(bench, bench.profile)
    with Asking(stage) as desk, pytest.raises(NotEmittedError):
        desk.ask("search", lambda _: Reply(pieces=[found(stage).framed()], lie="x"), "a lie")


def test_that_a_command_that_is_not_there_is_named(opened: Open) -> None:
    bench = opened(text=PROFILE.replace("{python}", "/no/such/tool"))
    with pytest.raises(BenchError, match=r"user_agent\.commands\.search"):
        bench.health(Role.USER_AGENT)


@pytest.mark.parametrize("kind", sorted({*BEHAVIOURS} - {"hang-all", "accept-all"}))
def test_that_null_agents_are_out_of_service(opened: Open, kind: str) -> None:
    assert not opened(null=kind).health(Role.USER_AGENT).ok


def test_that_every_null_device_has_its_agent() -> None:
    assert {*BEHAVIOURS} == {*devices.declared("null-kinds")}
    assert null_agent(["no-such-kind", "search", "--url", "http://127.0.0.1:1"]) == 2


def test_that_every_flaw_of_the_agent_is_one_of_its_own() -> None:
    mine = {name for name, flaw in flaws().items() if flaw.role == "user-agent"}
    assert mine == {name for name in flaws() if name.startswith("agent_")}


@pytest.mark.parametrize("name", [b"/planted", b"../../../../planted", b"a/../../../../../planted"])
def test_that_no_flaw_writes_beyond_what_lies_around_its_folder(
    tmp_path: Path, name: bytes
) -> None:
    from simulators.devices.reference.agent_flaws import _write

    out = tmp_path / "desk" / "up" / "up" / "out"
    out.mkdir(parents=True)
    _write(out, name, b"planted")
    assert not list(tmp_path.rglob("planted"))
    assert not Path("/planted").exists()
