"""Pure functions from a record to a finding: import them from here."""

from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.capacity import frees_idle_associations, serves_the_claimed_number
from harness.oracles.clients import (
    client_ends,
    client_gives_up,
    client_keeps_to_contexts,
    client_refuses,
    client_succeeds,
    client_survives,
    outcome_in,
)
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
from harness.oracles.upper_layer import (
    accepts_only,
    follows_state_table,
    keeps_to_announced_maximum,
    refuses_association,
)

__all__ = [
    "REFUSALS",
    "NamedOracle",
    "accepts_only",
    "client_ends",
    "client_gives_up",
    "client_keeps_to_contexts",
    "client_refuses",
    "client_succeeds",
    "client_survives",
    "cpu_below",
    "ends",
    "failed",
    "follows_state_table",
    "frees_idle_associations",
    "is_failure",
    "keeps_to_announced_maximum",
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
    "refuses_association",
    "refuses_operation",
    "refuses_or_warns",
    "returns_matches",
    "serves_others",
    "serves_the_claimed_number",
    "succeeds",
    "told",
    "unseen",
    "warned",
]
