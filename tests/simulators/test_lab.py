"""Where the services of a device that the harness starts are: chosen ports, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import profile as profiles
from harness.errors import BenchError, ScopeError
from simulators.bench import LabBench
from simulators.lab import Lab

ACCEPTOR = """
schema = 1
[device]
manufacturer = "nobody"
model = "archive"
[acceptor]
port = 11112
"""
WEB = '[web]\nurl = "http://127.0.0.1:{web_port}/dicom-web"\n'
PROCESS = '[process]\nstart = ["archive", "{web_port}", "{hl7_port}"]\n'
Equip = Callable[[str], Lab]


@pytest.fixture
def equip(tmp_path: Path) -> Iterator[Equip]:
    labs: list[Lab] = []

    def equipped(text: str) -> Lab:
        labs.append(Lab.equip(profiles.parse(text, ""), tmp_path, lambda said: None))
        return labs[-1]

    yield equipped
    for lab in labs:
        lab.close()


def test_chosen_ports_stand_in_the_url_the_placeholders_and_what_is_awaited(equip: Equip) -> None:
    lab = equip(ACCEPTOR + WEB + "[hl7]\nport = 0\n" + PROCESS)
    web, hl7 = lab.profile.web, lab.profile.hl7
    assert web is not None
    assert hl7 is not None
    assert min(web.port, hl7.port) > 0
    assert web.port != hl7.port
    assert web.url == f"http://127.0.0.1:{web.port}/dicom-web"
    assert lab.filled("{port} {web_port} {hl7_port}") == f"11112 {web.port} {hl7.port}"
    assert lab.ports == (11112, web.port, hl7.port)


def test_a_web_port_that_nobody_chose_is_not_awaited(equip: Equip) -> None:
    """Its services may be behind a gateway that is not ours to start."""
    lab = equip(ACCEPTOR + '[web]\nurl = "https://127.0.0.1/web"\n[hl7]\nport = 2575\n' + PROCESS)
    assert lab.filled("{web_port} {hl7_port}") == "443 2575"
    assert lab.ports == (11112, 2575)


@pytest.mark.parametrize(
    ("section", "words"),
    [(WEB, "{web_port} in web.url"), ("[hl7]\nport = 0\n", "hl7.port = 0")],
)
def test_nobody_chooses_a_port_for_a_device_that_runs_already(
    equip: Equip, section: str, words: str
) -> None:
    with pytest.raises(BenchError) as caught:
        equip(ACCEPTOR + section)
    assert str(caught.value).startswith(words)
    assert "needs a [process] section" in str(caught.value)


def test_a_url_outside_the_scope_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    text = ACCEPTOR + '[web]\nurl = "http://192.0.2.1/web"\n'
    text += f'[process]\nstart = ["touch", "{begun}"]\n'
    bench = LabBench(profiles.parse(text, ""), tmp_path, lambda said: None)
    try:
        with pytest.raises(ScopeError, match=r"192\.0\.2\.1 .* add its network to scope\.networks"):
            bench.start()
    finally:
        bench.stop()
    assert not begun.exists()


@pytest.mark.parametrize(
    ("load", "process", "told"),
    [
        ('move_destination = "US"\nmove_port = 104', PROCESS, "104"),
        ('move_destination = "US"\nmove_port = 104', "", "104"),
        ('move_destination = "US"', "", "0"),
        ("rate = 5.0", PROCESS, "{load_port}"),
    ],
)
def test_the_port_of_our_destination(equip: Equip, load: str, process: str, told: str) -> None:
    assert equip(f"{ACCEPTOR}[load]\n{load}\n{process}").filled("{load_port}") == told


def test_a_device_that_we_start_is_told_a_free_port_of_our_destination(equip: Equip) -> None:
    lab = equip(f'{ACCEPTOR}[load]\nmove_destination = "US"\n{PROCESS}')
    assert 0 < int(lab.filled("{load_port}")) < 65536


_CALLS = """
[requestor]
services = ["move"]
[requestor.commands]
move = ["mover", "{listen_port}"]
"""


def test_a_device_that_listens_all_the_time_is_told_its_port_as_it_starts(equip: Equip) -> None:
    lab = equip(ACCEPTOR + _CALLS + '[process]\nstart = ["archive", "{listen_port}"]\n')
    assert int(lab.filled("{listen_port}")) > 0


def test_a_device_that_listens_for_a_call_is_told_its_port_with_the_call(equip: Equip) -> None:
    lab = equip(ACCEPTOR + _CALLS + '[process]\nstart = ["archive"]\n')
    assert lab.filled("{listen_port}") == "{listen_port}"
