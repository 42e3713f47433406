"""Oracles on authorisation: leaks, hangs, cells that nobody tried, titles, roles, destinations."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation, Record
from harness.oracles import (
    answers_supported_roles_only,
    keeps_titles_apart,
    refuses_destinations,
    refuses_forbidden_cells,
    rejects_unproven_users,
    says_destination_unknown,
    sends_only_home,
    serves_allowed_cells,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LEAK,
    LENIENT,
    PASS,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)


def cell(
    result: str, operation: str = "find", declared: str = "forbidden", **data: JSON
) -> Observation:
    told: dict[str, JSON] = {
        "identity": "rita", "object": "secret", "detail": "status 0000H", "granted": True,
        "result": result, "operation": operation, "declared": declared, **data,
    }  # fmt: skip
    return seen("cell", "attacker", **told)


def walk(
    *cells: Observation, planned: int | None = None, more: tuple[Observation, ...] = ()
) -> Record:
    count = len(cells) if planned is None else planned
    return a_record(seen("matrix", "engine", cells=count), *cells, *more)


def title(equivalent: str, *observations: Observation, claimed: bool = False) -> Record:
    record = a_record(*observations, facts={"ignores_ae_case": claimed})
    return Record(
        scenario=record.scenario,
        case={"title": "x", "equivalent": equivalent},
        facts=record.facts,
        observations=record.observations,
    )


def role(
    answered: list[int] | None, service: str = "query", asked: tuple[int, int] = (1, 1)
) -> Record:
    told = seen(
        "role", "attacker", service=service, sop_class="1.2", asked=list(asked), answered=answered
    )
    return a_record(told, facts={"scu_roles": ["storage"]})


def sent(home: int, elsewhere: int) -> Record:
    return a_record(seen("sent", "attacker", home=home, elsewhere=elsewhere))


FORBIDDEN, ALLOWED = refuses_forbidden_cells(), serves_allowed_cells()
USERS, DESTINATIONS = rejects_unproven_users(), refuses_destinations()
UNKNOWN = says_destination_unknown()
TITLES, ROLES, HOME = keeps_titles_apart(), answers_supported_roles_only(), sends_only_home()
SERVED = outcome(Outcome.RESPONDED, status=0)
REJECTED = outcome(Outcome.REJECTED, source=1, reason=3)
KEPT = seen("kept", "polite", asked=1, found=1, unasked=0)
UNASKED = seen("kept", "polite", asked=1, found=0, unasked=1)
LATE = seen("late", "engine", objects=1)
ALLOWED_CELL = cell("served", declared="allowed", objects=1)

ROWS = [
    Row(UNKNOWN, walk(), UNSEEN),
    Row(UNKNOWN, walk(cell("refused", "move", status=0xA801)), PASS),
    Row(UNKNOWN, walk(cell("refused", "move", status=0xC000)), LENIENT),
    Row(UNKNOWN, walk(cell("refused", "move", status=0xB000)), WARN, "a warning"),
    Row(UNKNOWN, walk(cell("hidden", "move", status=0)), WRONG, "success"),
    Row(UNKNOWN, walk(cell("served", "move", status=0)), LEAK),
    Row(UNKNOWN, walk(cell("silent", "move")), HANG),
    Row(FORBIDDEN, a_record(), UNSEEN, "no cell"),
    Row(FORBIDDEN, walk(), UNSEEN),
    Row(FORBIDDEN, walk(cell("refused")), PASS),
    Row(FORBIDDEN, walk(cell("refused"), cell("hidden")), PASS, "1 of them"),
    Row(FORBIDDEN, walk(cell("refused"), cell("served")), LEAK, "rita find secret"),
    Row(FORBIDDEN, walk(cell("served", "store")), ACCEPTED),
    Row(FORBIDDEN, walk(cell("served", "echo")), ACCEPTED, "rita echo (status"),
    Row(FORBIDDEN, walk(cell("served", how="at IMAGE level")), LEAK, "secret at IMAGE level"),
    Row(FORBIDDEN, walk(cell("served", path="TLS port")), LEAK, "by the TLS port"),
    Row(FORBIDDEN, walk(*[cell("served")] * 6), LEAK, "and 2 more"),
    Row(FORBIDDEN, walk(cell("silent")), HANG),
    Row(FORBIDDEN, walk(cell("silent", "delete", granted=False)), LENIENT, "without an answer"),
    Row(FORBIDDEN, walk(cell("refused"), cell("untried")), UNSEEN, "could not be tried"),
    Row(FORBIDDEN, walk(cell("busy")), UNSEEN),
    Row(FORBIDDEN, walk(cell("refused"), planned=3), UNSEEN, "2 of 3"),
    Row(FORBIDDEN, walk(cell("served"), planned=3), LEAK),
    Row(FORBIDDEN, walk(cell("refused", "store"), more=(KEPT,)), ACCEPTED, "store was refused"),
    Row(FORBIDDEN, walk(cell("refused", "store"), more=(UNASKED,)), LENIENT, "looked up"),
    Row(FORBIDDEN, walk(cell("refused", "move"), more=(LATE,)), LEAK, "afterwards"),
    Row(FORBIDDEN, walk(ALLOWED_CELL), UNSEEN),
    Row(ALLOWED, a_record(), UNSEEN),
    Row(ALLOWED, walk(ALLOWED_CELL), PASS),
    Row(ALLOWED, walk(ALLOWED_CELL, cell("refused", declared="allowed")), WRONG, "1 of 2"),
    Row(ALLOWED, walk(cell("hidden", declared="allowed")), WRONG),
    Row(ALLOWED, walk(cell("silent", declared="allowed")), WRONG),
    Row(ALLOWED, walk(cell("served", "move", "allowed", objects=0)), WRONG),
    Row(ALLOWED, walk(cell("served", "move", "allowed", objects=1)), PASS),
    Row(ALLOWED, walk(cell("untried", declared="allowed")), UNSEEN),
    Row(ALLOWED, walk(ALLOWED_CELL, planned=2), UNSEEN),
    Row(USERS, walk(cell("refused", outcome="REJECTED", source=2)), PASS),
    Row(USERS, walk(cell("refused", outcome="REJECTED", source=1)), LENIENT),
    Row(USERS, walk(cell("refused", outcome="ABORTED", source=2)), LENIENT),
    Row(USERS, walk(cell("served", "echo")), ACCEPTED),
    Row(USERS, a_record(), UNSEEN),
    Row(DESTINATIONS, walk(cell("refused", "move", status=0xA801)), PASS),
    Row(DESTINATIONS, walk(cell("refused", "move", status=0x0124)), PASS),
    Row(DESTINATIONS, walk(cell("refused", "move", status=0xA702)), LENIENT),
    Row(DESTINATIONS, walk(cell("hidden", "move", status=0)), LENIENT),
    Row(DESTINATIONS, walk(cell("served", "move", objects=1)), LEAK),
    Row(DESTINATIONS, a_record(), UNSEEN),
    Row(TITLES, title("never"), UNSEEN),
    Row(TITLES, title("never", REJECTED), PASS),
    Row(TITLES, title("never", SERVED), ACCEPTED, "it is another"),
    Row(TITLES, title("only just", SERVED), WARN, "NUL"),
    Row(TITLES, title("only just", REJECTED), PASS),
    Row(TITLES, title("by claim", SERVED), ACCEPTED, "no claim"),
    Row(TITLES, title("by claim", SERVED, claimed=True), PASS),
    Row(TITLES, title("by claim", REJECTED), PASS),
    Row(TITLES, title("by claim", REJECTED, claimed=True), LENIENT),
    Row(TITLES, title("always", SERVED), PASS),
    Row(TITLES, title("always", REJECTED), LENIENT),
    Row(TITLES, title("never", outcome(Outcome.TIMEOUT)), HANG),
    Row(ROLES, a_record(), UNSEEN),
    Row(ROLES, role(None), PASS),
    Row(ROLES, role([1, 0]), PASS),
    Row(ROLES, role([1, 1]), ACCEPTED, "does not claim"),
    Row(ROLES, role([1, 1], "storage"), PASS),
    Row(ROLES, role([1, 1], "storage", (0, 1)), ACCEPTED, "nobody proposed"),
    Row(ROLES, role([1, 0], "storage", (0, 0)), WARN, "nobody proposed"),
    Row(ROLES, role([0, 0], "storage", (0, 0)), PASS),
    Row(HOME, a_record(), UNSEEN),
    Row(HOME, sent(1, 0), PASS),
    Row(HOME, sent(0, 0), UNSEEN),
    Row(HOME, sent(1, 1), LEAK),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_oracles(row: Row) -> None:
    check(row)


def test_a_pass_is_a_refusal_where_it_says_so() -> None:
    assert all(one.refusal for one in (FORBIDDEN, USERS, DESTINATIONS, TITLES, ROLES))
    assert not ALLOWED.refusal
