"""Wrong AE titles: what a guarded device says of them, and whom it stops to hear."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.devices.reference import guarding
from simulators.devices.reference.associate import Associate, read_associate
from simulators.devices.reference.guarding import UNHEARD, GuardedNegotiator
from simulators.devices.reference.negotiation import Grant, Refusal
from simulators.devices.reference.options import AcceptorOptions, Limits
from simulators.devices.reference.storage import open_store
from simulators.wire import encode
from tests.simulators.devices.peer import connected, request
from tests.simulators.devices.probes import ALLOW
from tests.simulators.devices.running import Running, reference

MOST = 3


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Running]:
    with reference(tmp_path, *ALLOW, "--guesses", str(MOST)) as running:
        yield running


@pytest.fixture
def negotiator(tmp_path: Path) -> GuardedNegotiator:
    options = AcceptorOptions(
        storage=tmp_path, callers={"ASSAY": None}, limits=Limits(guesses=MOST)
    )
    return GuardedNegotiator(options, open_store(options))


def asked(calling: str) -> Associate:
    return read_associate(1, encode(request(calling=calling))[6:])


def decided(negotiator: GuardedNegotiator, calling: str, host: str) -> Grant | Refusal:
    return negotiator.decide(asked(calling), (), host)


def answer(it: Running, source: str, called: str = "REFERENCE", calling: str = "ASSAY") -> str:
    with connected(it.port, source) as peer:
        peer.send(request(called, calling))
        return peer.hear()


def test_no_reason_is_given_whichever_title_is_wrong(device: Running) -> None:
    assert answer(device, "127.0.0.5", calling="NOBODY") == "RJ 1/1/1"
    assert answer(device, "127.0.0.5", called="NOBODY") == "RJ 1/1/1"


def test_a_guesser_is_not_heard_and_nobody_else_suffers(device: Running) -> None:
    heard = [answer(device, "127.0.0.6", calling=f"GUESS{n}") for n in range(MOST + 1)]
    assert heard == ["RJ 1/1/1"] * MOST + ["RJ 2/3/1"]
    assert answer(device, "127.0.0.6") == "RJ 2/3/1"
    assert answer(device, "127.0.0.1") == "AC"


def test_honest_calls_do_not_count(device: Running) -> None:
    assert [answer(device, "127.0.0.7") for _ in range(MOST + 2)] == ["AC"] * (MOST + 2)


def test_a_minute_later_all_is_forgotten(
    negotiator: GuardedNegotiator, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for _ in range(MOST):
        assert decided(negotiator, "NOBODY", "h") != UNHEARD
    assert decided(negotiator, "NOBODY", "h") is UNHEARD
    now += 61
    assert decided(negotiator, "NOBODY", "h") is not UNHEARD


def test_what_is_kept_of_hosts_is_bounded(
    negotiator: GuardedNegotiator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "_MOST_HOSTS", 2)
    for host in ("a", "b", "c"):
        for _ in range(MOST):
            decided(negotiator, "NOBODY", host)
    assert decided(negotiator, "ASSAY", "c") is UNHEARD
    assert isinstance(decided(negotiator, "ASSAY", "a"), Grant)
