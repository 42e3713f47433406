"""The walk over the matrix, and the ways round it, against a device with roles."""

from __future__ import annotations

import socket
from collections import Counter

import pytest

from harness.errors import PreconditionUnmetError
from harness.model import JSON
from harness.profile import Cell
from harness.stage import Stage
from simulators.access.destinations import (
    pose_as_the_destination,
    send_home,
    send_where_nobody_is,
    send_where_nobody_may,
)
from simulators.access.detours import at_other_levels, on_granted_contexts, take
from simulators.access.matrix import cells, walk
from simulators.access.mixtures import mix
from simulators.access.shelf import Shelf
from simulators.access.titles import VARIANTS, call_as
from simulators.access.users import EMPTY, LONG, MISSING, UNKNOWN, WEAKER, WRONG, call_unproven
from tests.simulators.access.conftest import SECRET, Kept, OpenStage


def results(stage: Stage) -> dict[tuple[str, str, str], str]:
    """What became of each cell."""
    return {
        (str(seen.data["identity"]), str(seen.data["operation"]), str(seen.data["object"])): str(
            seen.data["result"]
        )
        for seen in stage.record({}).of("cell", "attacker")
    }


def last(stage: Stage, kind: str) -> dict[str, JSON]:
    """The last observation of a kind."""
    seen = stage.record({}).last(kind)
    assert seen is not None
    return dict(seen.data)


def test_every_allowed_cell_is_served(on_stage: OpenStage) -> None:
    stage = on_stage()
    walk(stage, cells(stage, "allowed"))
    assert results(stage) == {
        (cell.identity, cell.operation, cell.object): "served" for cell in cells(stage, "allowed")
    }
    assert last(stage, "matrix")["cells"] == 8
    arrived = list(stage.record({}).of("arrived", "destination"))
    assert [seen.data["destination"] for seen in arrived] == ["CANARY"]


def test_no_forbidden_cell_is_served(on_stage: OpenStage) -> None:
    stage = on_stage()
    walk(stage, cells(stage, "forbidden"))
    assert Counter(results(stage).values()) == {"refused": 9, "hidden": 3}
    assert last(stage, "kept") == {"asked": 1, "found": 0, "unasked": 0}
    assert results(stage)["workstation", "find", "secret"] == "hidden"


def test_a_flaw_shows_in_its_cells_only(on_stage: OpenStage) -> None:
    stage = on_stage("get_skips_roles")
    walk(stage, [Cell("modality", "get", "public", "forbidden"), *cells(stage, "forbidden")])
    served = {place for place, result in results(stage).items() if result == "served"}
    assert served == {("modality", "get", "public")}


def test_what_cannot_be_laid_down_is_untried(on_stage: OpenStage) -> None:
    stage = on_stage("fails_store")
    walk(stage, [Cell("workstation", "find", "public", "allowed")])
    seen = last(stage, "cell")
    assert seen["result"] == "untried"
    assert "not stored" in str(seen["detail"])


def test_without_time_cells_are_untried(on_stage: OpenStage) -> None:
    stage = on_stage()
    stage.began -= 1000
    walk(stage, cells(stage, "allowed"))
    assert set(results(stage).values()) == {"untried"}


@pytest.mark.parametrize(("flaw", "served"), [((), 0), (("trusts_negotiated_contexts",), 1)])
def test_operations_on_granted_contexts(
    on_stage: OpenStage, flaw: tuple[str, ...], served: int
) -> None:
    stage = on_stage(*flaw)
    shelf = Shelf(stage)
    detours = on_granted_contexts(stage, shelf)
    take(stage, detours, shelf)
    found = results(stage)
    assert len(detours) == len(found) == 7
    assert bool(served) == ("served" in found.values())


@pytest.mark.parametrize("flaw", [(), ("hops_levels",)])
def test_deeper_levels(on_stage: OpenStage, flaw: tuple[str, ...]) -> None:
    stage = on_stage(*flaw)
    shelf = Shelf(stage)
    take(stage, at_other_levels(stage, shelf), shelf)
    told = list(stage.record({}).of("cell", "attacker"))
    assert {str(seen.data["operation"]) for seen in told} == {"find", "get", "move"}
    assert len(told) == 3 * 5
    served = {str(seen.data["how"]) for seen in told if seen.data["result"] == "served"}
    assert len(served) == (4 if flaw else 0)


def test_destinations(on_stage: OpenStage) -> None:
    stage = on_stage()
    send_home(stage)
    assert results(stage) == {("workstation", "move", "public"): "served"}
    send_where_nobody_may(stage)
    told = [seen.data for seen in stage.record({}).of("cell", "attacker")][1:]
    assert [seen["status"] for seen in told] == [0xA801, 0xA801]
    assert all(seen["declared"] == "forbidden" for seen in told)
    pose_as_the_destination(stage)
    assert (last(stage, "sent")["home"], last(stage, "sent")["elsewhere"]) == (1, 0)


def test_destinations_of_a_flawed_device(on_stage: OpenStage) -> None:
    stage = on_stage("moves_to_any_destination", "learns_destinations")
    send_where_nobody_may(stage)
    told = [seen.data for seen in stage.record({}).of("cell", "attacker")]
    assert [seen["result"] for seen in told] == ["served", "refused"]
    pose_as_the_destination(stage)
    assert (last(stage, "sent")["home"], last(stage, "sent")["elsewhere"]) == (0, 1)


@pytest.mark.parametrize(("flaws", "status"), [((), 0xA801), (("moves_nowhere_with_success",), 0)])
def test_a_destination_that_nobody_knows(
    on_stage: OpenStage, flaws: tuple[str, ...], status: int
) -> None:
    stage = on_stage(*flaws)
    send_where_nobody_is(stage)
    told = last(stage, "cell")
    assert (told["declared"], told["status"], told["objects"]) == ("forbidden", status, 0)


def test_the_listener_needs_its_port(on_stage: OpenStage) -> None:
    stage = on_stage()
    section = stage.profile.authorisation
    assert section is not None
    with (
        socket.create_server(("127.0.0.1", section.destination_port)),
        pytest.raises(PreconditionUnmetError, match="cannot listen"),
    ):
        send_home(stage)
    send_home(stage)  # the turn was given back


@pytest.mark.parametrize("what", [MISSING, EMPTY, WRONG, WEAKER, LONG, UNKNOWN])
def test_users_without_proof_are_refused(on_stage: OpenStage, what: str) -> None:
    stage = on_stage()
    call_unproven(stage, what)
    assert results(stage) == {("rita", "find", "secret"): "refused"}


@pytest.mark.parametrize(
    ("flaw", "result"), [((), "refused"), (("decides_by_first_object",), "served")]
)
def test_mixtures(on_stage: OpenStage, flaw: tuple[str, ...], result: str) -> None:
    stage = on_stage(*flaw)
    mix(stage)
    assert results(stage) == {
        ("modality", "store", "secret"): result,
        ("workstation", "find", "secret"): "hidden",
        ("workstation", "get", "secret"): "hidden",
    }


def test_similar_titles(on_stage: OpenStage) -> None:
    stage = on_stage()
    for case in VARIANTS:
        call_as(stage, str(case["title"]))
    outcomes = [seen.data for seen in stage.record({}).of("outcome", "attacker")]
    served = [
        case["title"]
        for case, seen in zip(VARIANTS, outcomes, strict=True)
        if not seen.get("reason")
    ]
    assert served == ["after a space"]


def test_nothing_that_is_kept_shows_a_secret(on_stage: OpenStage) -> None:
    stage = on_stage()
    walk(stage, [cell for cell in cells(stage, "allowed") if cell.identity == "rita"])
    assert results(stage) == {("rita", "find", "secret"): "served"}
    kept = stage.witness
    assert isinstance(kept, Kept)
    sent = b"".join(kept.packets)
    assert b"rita" in sent
    assert SECRET.encode() not in sent
    assert b"*" * len(SECRET) in sent
    everything = "".join(kept.lines)
    assert SECRET not in everything
    assert SECRET.encode().hex() not in everything
    assert stage.secretive
