from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness import checks, examination, registry
from harness import profile as profiles
from harness.bench import Announce, Bench
from harness.checks import State
from harness.errors import BenchError, HarnessError, ProfileError, ScopeError
from harness.model import Health, Role
from harness.profile import Profile
from harness.stage import Stage
from simulators.process import warm
from tests.harness.commands import Ran, run

ROOT = Path(__file__).parents[2]

BOTH = """
schema = 1
[device]
manufacturer = "m"
model = "d"
[acceptor]
port = 11112
artim_s = 2.0
services = ["verification"]
[requestor]
services = ["verification"]
[requestor.commands]
verification = ["{python}", "{host}:{port}", "{called_ae}"]
"""


@dataclass
class FakeBench:
    """A bench without a device that says what it is told to say."""

    profile: Profile
    failure: HarnessError | None = None
    sick: Role | None = None
    can_restart: bool = True
    helpers: frozenset[int] = frozenset()
    stopped: int = 0
    left: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        if self.failure is not None:
            raise self.failure

    def stop(self) -> None:
        self.stopped += 1

    def restart(self) -> None:
        raise AssertionError("an examination restarts nothing")

    def health(self, role: Role) -> Health:
        detail = "exit 0, 0 request(s) served" if role is self.sick else "answered"
        return Health(ok=role is not self.sick, alive=True, detail=detail)

    def bystander(self, stage: Stage) -> AbstractContextManager[None]:
        return nullcontext()

    def watch(self, stage: Stage) -> AbstractContextManager[None]:
        return nullcontext()


@pytest.fixture(name="bench")
def _bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBench]:
    bench = FakeBench(profiles.parse(BOTH, "x.toml"))

    def opened(profile: Profile, folder: Path, seed: int, announce: Announce) -> Bench:
        bench.profile = profile
        (folder / "device").mkdir()
        (folder / "device/device.log").write_text("one\nlast \x1b[2Jwords\n")
        return bench

    monkeypatch.setattr(examination, "open_bench", opened)
    yield bench
    for process in bench.left:
        process.kill()
        process.wait()


def doctor(folder: Path, text: str = BOTH) -> Ran:
    path = folder / "device.toml"
    path.write_text(text)
    return run("doctor", str(path))


def states(ran: Ran) -> dict[str, str]:
    """State by name of check."""
    lines = [line for line in ran.out.splitlines() if not line.startswith(" ")]
    return {line[6:20].strip(): line[:4].strip() for line in lines}


def on_paper(text: str) -> dict[str, State]:
    found = checks.on_paper(profiles.parse(text, "x.toml"), registry.load())
    return {check.name: check.state for check in found}


def test_all_in_order(tmp_path: Path, bench: FakeBench) -> None:
    ran = doctor(tmp_path)
    assert ran.code == 0
    assert states(ran) == {
        "profile": "ok",
        "scope": "ok",
        "claims": "ok",
        "process": "warn",
        "start": "ok",
        "honest C-ECHO": "ok",
        "trigger": "ok",
        "stop": "ok",
    }
    assert bench.stopped == 1
    assert "assay run" in ran.err


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (BenchError("missing tool storescp: apt-get \u009b31m install"), 3),
        (ScopeError("far.example is outside the scope"), 2),
        (ProfileError("'tls.authority_cert': no such file"), 2),
    ],
)
def test_what_does_not_start_is_told_and_stopped(
    tmp_path: Path, bench: FakeBench, failure: HarnessError, code: int
) -> None:
    bench.failure = failure
    ran = doctor(tmp_path)
    assert ran.code == code
    assert f"fail  start           {failure}".replace("\u009b", "·") in ran.out
    assert "    | last ·[2Jwords" in ran.out
    assert (states(ran)["stop"], bench.stopped) == ("ok", 1)


@pytest.mark.parametrize(
    ("role", "name", "hint"),
    [
        (Role.ACCEPTOR, "honest C-ECHO", "is it running"),
        (Role.REQUESTOR, "trigger", "no call named the AE title that we asked for"),
    ],
)
def test_a_device_that_is_not_in_service(
    tmp_path: Path, bench: FakeBench, role: Role, name: str, hint: str
) -> None:
    bench.sick = role
    ran = doctor(tmp_path)
    assert (ran.code, states(ran)[name]) == (3, "fail")
    assert hint in ran.out


def test_a_process_that_is_left_behind(
    tmp_path: Path, bench: FakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination, "_STOP_PATIENCE_S", 0.1)

    def stop() -> None:
        stay = "import signal; signal.pause()"
        bench.left.append(subprocess.Popen([sys.executable, "-c", stay]))

    monkeypatch.setattr(bench, "stop", stop)
    ran = doctor(tmp_path)
    assert (ran.code, states(ran)["stop"]) == (3, "fail")
    assert f"still running: {bench.left[0].pid} " in ran.out


def test_a_helper_of_the_bench_is_not_left_behind(
    tmp_path: Path, bench: FakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examination, "_STOP_PATIENCE_S", 0.1)

    def stop() -> None:
        stay = "import signal; signal.pause()"
        bench.left.append(subprocess.Popen([sys.executable, "-c", stay]))
        bench.helpers = frozenset({bench.left[0].pid})

    monkeypatch.setattr(bench, "stop", stop)
    ran = doctor(tmp_path)
    assert (ran.code, states(ran)["stop"]) == (0, "ok")


def test_a_port_that_is_held_after_the_end(tmp_path: Path, bench: FakeBench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        ran = doctor(tmp_path, BOTH.replace("11112", str(port)))
    assert states(ran)["stop"] == "fail"
    assert f"port {port} is still held" in ran.out


def test_a_device_by_hand_is_not_asked(tmp_path: Path, bench: FakeBench) -> None:
    bench.sick = Role.REQUESTOR
    ran = doctor(tmp_path, BOTH.replace("[requestor]", "[requestor]\nmanual = true"))
    assert (ran.code, states(ran)["trigger"]) == (0, "warn")


@pytest.mark.parametrize(
    ("change", "name", "code"),
    [
        ({"port = 11112": 'port = 11112\nhost = "192.0.2.1"'}, "scope", 2),
        ({"[device]": "[scope]\nuntil = 2001-01-01\n[device]"}, "scope", 2),
        ({'services = ["verification"]': "services = []"}, "claims", 3),
        ({"{called_ae}": "ANY"}, "trigger", 2),
        ({'"{python}"': '"no-such-tool-here"'}, "tools", 3),
        ({"[requestor.commands]": '[process]\nstorage = "/proc/none"\n[requestor.commands]'},
         "storage", 3),
    ],
)  # fmt: skip
def test_what_is_wrong_on_paper_leaves_the_device_alone(
    tmp_path: Path, bench: FakeBench, change: dict[str, str], name: str, code: int
) -> None:
    text = BOTH
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    ran = doctor(tmp_path, text)
    assert (ran.code, states(ran)[name], bench.stopped) == (code, "fail", 0)
    assert "the device was not touched" in ran.err


def test_a_taken_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        start = '[process]\nstart = ["{python}"]\n[requestor.commands]'
        text = BOTH.replace("11112", port).replace("[requestor.commands]", start)
        assert on_paper(text)["ports"] is State.FAIL
    assert on_paper(text)["ports"] is State.OK


def test_a_storage_folder_that_can_be_written(tmp_path: Path) -> None:
    section = f'[process]\nstorage = "{tmp_path}"\n[requestor.commands]'
    assert on_paper(BOTH.replace("[requestor.commands]", section))["storage"] is State.OK
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("artim_s = 2.0", "", "ARTIM"),
        ("[requestor.commands]", '[process]\nstart = ["x{port}"]\n[requestor.commands]', "storage"),
    ],
)
def test_what_costs_time_or_evidence_is_a_warning(old: str, new: str, name: str) -> None:
    assert on_paper(BOTH.replace(old, new))[name] is State.WARN


def test_a_device_behind_tls_that_cannot_trust_us_is_a_warning() -> None:
    text = """
    schema = 1
    device = { manufacturer = "m", model = "d" }
    acceptor = { tls_port = 2762, services = ["verification"] }
    tls = { mutual = true }
    """
    assert on_paper(text)["trust"] is State.WARN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema = 1", "missing key 'device'"),
        (BOTH.replace("port =", "prot ="), "did you mean 'port'?"),
        ("not toml", "not valid TOML"),
    ],
)
def test_a_wrong_profile_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    ran = doctor(tmp_path, text)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_missing_profile_is_one_line(tmp_path: Path) -> None:
    assert run("doctor", str(tmp_path / "none.toml")).code == 2


@pytest.mark.slow
def test_the_reference_device(monkeypatch: pytest.MonkeyPatch) -> None:
    # As in a process of its own: what other tests have forked does not stand ready.
    monkeypatch.setattr(warm, "_zygotes", {})
    ran = run("doctor", str(ROOT / "simulators/devices/reference.toml"))
    assert ran.code == 0, ran.out
    assert set(states(ran).values()) == {"ok"}


@pytest.mark.interop
@pytest.mark.parametrize("name", ["dcmtk-storescp", "dcmtk-scu"])
def test_a_real_device(name: str) -> None:
    ran = run("doctor", str(ROOT / f"devices/{name}.toml"))
    assert ran.code == 0, ran.out
    assert states(ran)["stop"] == "ok"


@pytest.mark.parametrize(
    ("text", "state", "told"),
    [
        ("id,answer,note\nCONN-7,Yes,\n", State.OK, "to be confronted by 'assay claims'"),
        ("id,reply\n", State.FAIL, "no column 'answer'"),
    ],
)
def test_the_documents_of_claims_are_read(
    tmp_path: Path, text: str, state: State, told: str
) -> None:
    (tmp_path / "form.csv").write_text(text)
    path = tmp_path / "device.toml"
    path.write_text(f'{BOTH}[claims]\nmds2 = "form.csv"\n')
    found = {one.name: one for one in checks.on_paper(profiles.load(path), registry.load())}
    assert found["claims"].state is state
    assert told in found["claims"].detail
