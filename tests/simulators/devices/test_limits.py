"""The limits that a profile may claim of the reference device, and how it keeps them."""

import threading
from pathlib import Path

import pytest

from harness.model import Claim
from simulators.devices.embedded import embedded_profile, null_profile
from simulators.devices.reference.flaws import NO_FLAWS
from simulators.devices.reference.slots import Slots
from simulators.devices.reference.volume import Volume

LIMITS = (Claim.STORAGE_QUOTA, Claim.RESULT_LIMIT, Claim.AE_ASSOCIATION_LIMIT)


@pytest.mark.parametrize("claim", LIMITS)
def test_limits_are_claimed_and_set_where_a_scenario_needs_them(claim: Claim) -> None:
    usual, limited = embedded_profile(), embedded_profile(claims=[claim])
    assert usual.process is not None
    assert limited.process is not None
    assert limited.load is not None
    assert claim not in usual.claims()
    assert claim in limited.claims()
    added = limited.process.start[len(usual.process.start) :]
    assert dict(zip(added[::2], added[1::2], strict=True)) == {
        "--max-per-ae": str(limited.load.ae_associations),
        "--max-results": str(limited.load.max_results),
        "--quota": str(limited.load.storage_quota),
    }


def test_null_devices_claim_limits_and_hooks_too() -> None:
    assert {*LIMITS, Claim.RECEIVE_HOOK} <= null_profile("dead-port").claims()


def test_a_hook_is_claimed_and_set_where_a_scenario_needs_it() -> None:
    usual, hooked = embedded_profile(), embedded_profile(claims=[Claim.RECEIVE_HOOK])
    assert usual.process is not None
    assert hooked.process is not None
    assert Claim.RECEIVE_HOOK not in usual.claims()
    assert hooked.claims() == usual.claims() | {Claim.RECEIVE_HOOK}
    assert hooked.process.start == [*usual.process.start, "--hook", "{hook}"]


def test_room_that_is_being_written_to_counts(tmp_path: Path) -> None:
    volume = Volume(tmp_path, 100)
    assert volume.reserve(60)
    assert not volume.reserve(60)
    volume.cancel(60)
    assert volume.reserve(60)


def test_room_comes_back_when_files_go_away(tmp_path: Path) -> None:
    volume = Volume(tmp_path, 100)
    assert volume.reserve(60)
    (tmp_path / "object.dcm").write_bytes(bytes(60))
    volume.settle(60)
    assert not volume.reserve(60)
    (tmp_path / "object.dcm").unlink()
    assert volume.reserve(60)


def test_files_of_an_earlier_run_count(tmp_path: Path) -> None:
    (tmp_path / "object.dcm").write_bytes(bytes(60))
    (tmp_path / ".7.part").write_bytes(bytes(90))
    volume = Volume(tmp_path, 100)
    assert not volume.reserve(41)
    assert volume.reserve(40)


def test_no_more_than_the_quota_is_given_to_many_at_once(tmp_path: Path) -> None:
    volume, given = Volume(tmp_path, 1000), list[bool]()
    threads = [threading.Thread(target=lambda: given.append(volume.reserve(90))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given.count(True) == 11


def test_slots_are_counted_by_caller() -> None:
    slots = Slots(3, NO_FLAWS, per_ae=2)
    assert [slots.take("A") for _ in range(3)] == [True, True, False]
    assert slots.take("B")
    assert not slots.take("C")
    slots.give_back("A", orderly=True)
    assert slots.take("A")


def test_a_slot_taken_for_nobody_counts_for_its_caller_once_it_is_known() -> None:
    slots = Slots(3, NO_FLAWS, per_ae=1)
    assert slots.take()
    assert slots.name("ONE")
    assert slots.take()
    assert not slots.name("ONE")
    assert slots.name("TWO")
    slots.give_back("ONE", orderly=True)
    assert slots.take("ONE")
