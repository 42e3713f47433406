"""Pure functions from a record to a finding: import them from here."""

from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.clients import client_gives_up, client_refuses, client_succeeds, outcome_in
from harness.oracles.limits import (
    cpu_below,
    log_lines_below,
    log_stays_whole,
    no_file_outside,
    peak_memory_below,
    serves_others,
)
from harness.oracles.outcomes import (
    REFUSALS,
    ends,
    is_failure,
    never,
    refuses,
    refuses_operation,
    succeeds,
)
from harness.oracles.services import (
    no_effect,
    not_carried_out,
    not_served,
    reacts,
    refuses_or_warns,
    returns_matches,
)

__all__ = [
    "REFUSALS",
    "NamedOracle",
    "client_gives_up",
    "client_refuses",
    "client_succeeds",
    "cpu_below",
    "ends",
    "failed",
    "is_failure",
    "log_lines_below",
    "log_stays_whole",
    "never",
    "no_effect",
    "no_file_outside",
    "not_carried_out",
    "not_served",
    "outcome_in",
    "outcomes_of",
    "passed",
    "peak_memory_below",
    "reacts",
    "refuses",
    "refuses_operation",
    "refuses_or_warns",
    "returns_matches",
    "serves_others",
    "succeeds",
    "told",
    "unseen",
    "warned",
]
