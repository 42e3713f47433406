"""The bench asks for a recipe's tools first, and restarts a device as it was at the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import BenchError
from harness.model import Role
from harness.profile import Profile, parse
from simulators.bench import LabBench
from simulators.process import logs

PROFILE = """
schema = 1
[device]
manufacturer = "nobody"
model = "nothing"
[requestor]
services = ["verification"]
[requestor.commands]
verification = ["true"]
[process]
requires = ["{needed}"]
install = "how to install it"
"""


def profile(needed: Path | str) -> Profile:
    return parse(PROFILE.replace("{needed}", str(needed)), "device.toml")


def started(needed: Path | str, folder: Path) -> None:
    bench = LabBench(profile(needed), folder, lambda _: None)
    try:
        bench.start()
    finally:
        bench.stop()


def test_a_program_on_the_path_is_there(tmp_path: Path) -> None:
    started("true", tmp_path)


def test_so_is_a_library_by_its_path(tmp_path: Path) -> None:
    library = tmp_path / "node_modules" / "library"
    library.mkdir(parents=True)
    started(library, tmp_path)


@pytest.mark.parametrize("needed", ["no-such-program", "/no/such/library", "tests"])
def test_what_is_missing_is_named_with_the_remedy(needed: str, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=f"missing tool {needed}: how to install it"):
        started(needed, tmp_path)


SERVER = """
schema = 1
[device]
manufacturer = "nobody"
model = "nothing"
[acceptor]
host = "127.0.0.1"
port = 0
ae_title = "NOBODY"
services = ["verification"]
[process]
start = ["python3", "-m", "http.server", "--bind", "127.0.0.1", "{port}"]
storage = "{storage}"
[[process.files]]
path = "{work}/settings"
text = "as written"
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LabBench]:
    text = SERVER.replace("{storage}", "{work}/storage")
    bench = LabBench(parse(text, "device.toml"), tmp_path / "run", lambda _: None)
    try:
        bench.start()
        yield bench
    finally:
        bench.stop()


def test_a_restart_leaves_nothing_that_was_stored(server: LabBench, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("not ours")
    storage, settings = server.lab.storage, server.lab.work / "settings"
    (storage / "study").mkdir()
    (storage / "study" / "index").write_text("damaged")
    (storage / "link").symlink_to(outside)
    settings.write_text("altered")
    server.restart()
    assert list(storage.iterdir()) == []
    assert (settings.read_text(), outside.read_text()) == ("as written", "not ours")


def test_a_power_failure_leaves_everything(server: LabBench) -> None:
    (server.lab.storage / "object").write_text("acknowledged")
    server.break_off()
    server.take_effect()
    assert (server.lab.storage / "object").read_text() == "acknowledged"


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "study").write_text("a hospital's")
    text = SERVER.replace("{storage}", str(theirs))
    bench = LabBench(parse(text, "device.toml"), tmp_path / "run", lambda _: None)
    try:
        bench.start()
        bench.restart()
    finally:
        bench.stop()
    assert (theirs / "study").read_text() == "a hospital's"


def test_a_log_without_end_is_begun_again(
    server: LabBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server.device is not None
    log = server.device.log_path
    log.write_bytes(b"the same line\n" * 100_000)
    monkeypatch.setattr("simulators.bench.shorten", lambda path: logs.shorten(path, 1_000_000))
    server.health(Role.ACCEPTOR)
    text = log.read_bytes()
    assert len(text) < 2 * logs.LIMIT_BYTES
    assert b"bytes left out" in text.splitlines()[0]
