"""What the reference device reports, and what each flaw makes of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.model import JSON
from simulators import wire
from simulators.audit import markup, syslog
from simulators.audit.repository import HOST, Repository
from simulators.devices.reference.flaws import FLAW_NAMES
from simulators.pki import Authority
from simulators.process import free_port
from simulators.tls import TlsPolicy
from simulators.wire import uids
from tests.simulators.devices.access import RULES
from tests.simulators.devices.audit_flaws import AUDIT_FLAWS
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.keeping import listed, store
from tests.simulators.devices.peer import connected, request
from tests.simulators.devices.running import Running, reference

PASSCODE = b"a-wrong-passcode"
EVENTS = ["start 0", "transfer 0", "query 0", "alert 4", "login 4", "alert 8", "stop 0"]
WORDS = {
    "110104": "transfer",
    "110112": "query",
    "110113": "alert",
    "110114": "login",
    "110120": "start",
    "110121": "stop",
}
LESS: Mapping[str, tuple[str, ...]] = {
    "audit_says_nothing": tuple(EVENTS),
    "audit_failures_missing": ("alert 4", "login 4", "alert 8"),
    "audit_misses_queries": ("query 0",),
    "audit_forgets_restarts": ("start 0", "stop 0"),
    "audit_ignores_handshakes": ("alert 8",),
}
"""Which events are missing."""


@contextmanager
def repository(transport: str = "tcp", policy: TlsPolicy | None = None) -> Iterator[Repository]:
    made = Repository(transport, free_port(), policy or TlsPolicy())
    made.open()
    try:
        yield made
    finally:
        made.close()


def told(it: Repository, seconds: float = 0.0, least: int = 0) -> list[dict[str, JSON]]:
    """The messages that came, read."""
    until = time.monotonic() + seconds
    while it.mark < least and it.wait(until):
        pass
    return [markup.values(markup.read(syslog.parsed(one.octets).message)) for one in it.since(0)]


def worded(messages: list[dict[str, JSON]]) -> list[str]:
    found: list[str] = []
    for message in messages:
        event = message["event"]
        assert isinstance(event, dict)
        types = event["types"]
        assert isinstance(types, list)
        kinds = [one["code"] for one in types if isinstance(one, dict)]
        code = event["code"] if event["code"] != "110100" else kinds[0]
        found.append(f"{WORDS[str(code)]} {event['outcome']}")
    return found


def do_each_thing(it: Running) -> None:
    assert store(it, 1) == ["RESPONDED 0000"]
    assert listed(it) == "1 then RESPONDED 0000"
    with connected(it.port) as peer:
        peer.send(request(called="NOBODY"))
        assert peer.hear() == "RJ 1/1/7"
    identity = wire.UserIdentityRQ(
        identity_type=2, positive_response=1, primary=b"rita", secondary=PASSCODE
    )
    contexts = (wire.Context(1, uids.VERIFICATION),)
    with connected(it.port) as peer:
        peer.send(wire.associate_rq("REFERENCE", "WARD", contexts, user_items=(identity,)))
        assert peer.hear() == "RJ 1/2/1"
    with connected(it.tls_port) as peer:
        peer.send(b"no handshake")
        while peer.sock.recv(64):
            pass  # the refusal is reported once nothing more is on its way


def reported(
    folder: Path, lab: Lab, *flaws: str, least: int = len(EVENTS)
) -> list[dict[str, JSON]]:
    """What a device reports of its life."""
    (folder / "access").write_text(RULES, "utf-8")
    switched = [part for flaw in flaws for part in ("--flaw", flaw)]
    with repository() as ours:
        arguments = ("--audit", f"tcp:{HOST}:{ours.port}", "--access", str(folder / "access"))
        secure = ("--tls-port", "0", *lab.arguments("device"))
        with reference(folder, *arguments, *secure, *switched) as it:
            do_each_thing(it)
            told(ours, 2.0, least=least - 1)
        return told(ours, 2.0, least=least)


def test_a_sound_device_reports_its_life(tmp_path: Path, lab: Lab) -> None:
    messages = reported(tmp_path, lab)
    assert sorted(worded(messages)) == sorted(EVENTS)
    transfer = messages[1]
    people = transfer["participants"]
    assert isinstance(people, list)
    assert people[0] == {
        "user": "ASSAY", "alternative": "AETITLES=ASSAY", "requestor": "true",
        "address": HOST, "roles": ["110153"],
    }  # fmt: skip
    assert PASSCODE.decode() not in (tmp_path / "device.log").read_text()


@pytest.mark.parametrize("name", [*LESS])
def test_flaws_leave_something_out(name: str, tmp_path: Path, lab: Lab) -> None:
    left = [event for event in EVENTS if event not in LESS[name]]
    assert sorted(worded(reported(tmp_path, lab, name, least=len(left)))) == sorted(left)


def test_every_event_can_be_called_a_success(tmp_path: Path, lab: Lab) -> None:
    outcomes = [one[-1] for one in worded(reported(tmp_path, lab, "audit_outcome_always_success"))]
    assert outcomes == ["0"] * len(EVENTS)


def test_the_wrong_actor_time_and_log(tmp_path: Path, lab: Lab) -> None:
    flaws = ("audit_wrong_actor", "audit_time_without_zone", "logs_user_secrets")
    transfer = reported(tmp_path, lab, *flaws)[1]
    people, event = transfer["participants"], transfer["event"]
    assert isinstance(people, list)
    assert isinstance(event, dict)
    assert [one["user"] for one in people if isinstance(one, dict)] == ["REFERENCE", "REFERENCE"]
    assert "+" not in str(event["time"])
    assert PASSCODE.decode() in (tmp_path / "device.log").read_text()


@pytest.mark.parametrize("flaws", [(), ("audit_unescaped",)])
def test_titles_are_escaped(flaws: tuple[str, ...], tmp_path: Path) -> None:
    switched = [part for flaw in flaws for part in ("--flaw", flaw)]
    with repository("udp") as ours:
        address = ("--audit", f"{HOST}:{ours.port}")
        allowed = ("--calling", "ASSAY")
        with (
            reference(tmp_path, *address, *allowed, *switched) as it,
            connected(it.port) as peer,
        ):
            peer.send(request(calling='"<x>'))
            assert peer.hear() == "RJ 1/1/3"
        while ours.mark < 3 and ours.wait(time.monotonic() + 2.0):
            pass
        message = syslog.parsed(ours.since(1)[0].octets).message
    if flaws:
        with pytest.raises(markup.RefusedError):
            markup.read(message)
    else:
        people = markup.values(markup.read(message))["participants"]
        assert isinstance(people, list)
        assert isinstance(people[1], dict)
        assert people[1]["user"] == '"<x>'


@pytest.mark.parametrize(
    ("flaws", "answer", "later"),
    [
        ((), "RESPONDED 0000", 1),
        (("audit_drops_when_down",), "RESPONDED 0000", 0),
        (("audit_refuses_when_down",), "RESPONDED A700", 0),
    ],
)
def test_a_repository_that_is_away(
    flaws: tuple[str, ...], answer: str, later: int, tmp_path: Path
) -> None:
    switched = [part for flaw in flaws for part in ("--flaw", flaw)]
    with repository() as ours:
        with reference(tmp_path, "--audit", f"tcp:{HOST}:{ours.port}", *switched) as it:
            assert worded(told(ours, 2.0, least=1)) == ["start 0"]
            ours.close()
            assert store(it, 1) == [answer]
            until = time.monotonic() + 2.0
            while "audit:" not in it.log and time.monotonic() < until:
                time.sleep(0.02)
            ours.open()
            told(ours, 2.0 if later else 0.5, least=1 + later)
        assert worded(told(ours)).count("transfer 0") == later


@pytest.mark.parametrize(
    ("flaw", "messages", "plain"),
    [("", 0, 0), ("audit_trusts_any_repository", 1, 0), ("audit_falls_back_to_plain", 0, 1)],
)
def test_a_repository_that_is_somebody_else(
    flaw: str, messages: int, plain: int, tmp_path: Path, lab: Lab
) -> None:
    stranger = TlsPolicy(identity=Authority.new("stranger").issue(names=(HOST,)))
    switched = ["--flaw", flaw] if flaw else []
    for deaf in (False, True):
        ours = Repository("tls", free_port(), stranger)
        ours.open(plain=deaf)
        secure = ("--tls-port", "0", *lab.arguments("device"))
        try:
            folder = tmp_path / str(deaf)
            folder.mkdir()
            address = ("--audit", f"tls:{HOST}:{ours.port}")
            with reference(folder, *address, *secure, *switched):
                until = time.monotonic() + 3.0
                while ours.mark + ours.refused + len(ours.openings) < 2 and ours.wait(until):
                    pass
        finally:
            ours.close()
        in_clear = [one for one in ours.openings if one[:1] != b"\x16"]
        if deaf:
            assert bool(in_clear) == bool(plain)
        else:
            assert bool(ours.mark) == bool(messages)
            assert ours.refused or messages


def test_every_flaw_of_the_trail_is_tested_here() -> None:
    of_the_trail = {name for name in FLAW_NAMES if name.startswith("audit_")}
    assert of_the_trail | {"logs_user_secrets"} == {*AUDIT_FLAWS}
