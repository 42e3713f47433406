"""A second instance has its own ports and files, and is stopped whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import PreconditionUnmetError
from harness.profile import Profile
from simulators.devices.embedded import embedded_profile
from simulators.lab import Lab
from simulators.process.sockets import listening_inodes
from simulators.second import SecondInstance


def equip(profile: Profile, folder: Path) -> Lab:
    return Lab.equip(profile, folder, lambda _text: None)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = equip(embedded_profile(), tmp_path)
    yield made
    made.close()


def test_intact_it_listens_and_spoilt_it_does_not(lab: Lab) -> None:
    second = SecondInstance(lab, "one")
    _, port = second.tls_address
    assert port != lab.address(secure=True)[1]
    assert second.file("key").read_bytes() == lab.trust.key.read_bytes()
    with second.running() as listens:
        assert listens
        assert listening_inodes(port)
    assert not listening_inodes(port)
    second.file("key").unlink()
    assert lab.trust.key.exists()
    with second.running() as listens:
        assert not listens


def test_a_device_that_is_not_ours_has_no_second_instance(tmp_path: Path) -> None:
    profile = embedded_profile()
    assert profile.acceptor is not None
    here = profile.acceptor.model_copy(update={"port": 10104, "tls_port": 12762})
    other = equip(profile.model_copy(update={"process": None, "acceptor": here}), tmp_path)
    try:
        with pytest.raises(PreconditionUnmetError):
            SecondInstance(other, "one")
    finally:
        other.close()
