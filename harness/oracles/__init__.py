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
    "no_file_outside",
    "outcome_in",
    "outcomes_of",
    "passed",
    "peak_memory_below",
    "refuses",
    "refuses_operation",
    "serves_others",
    "succeeds",
    "told",
    "unseen",
    "warned",
]
