"""FUZ-001: what nobody thought of by hand, dealt by a seed and judged like all the rest."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import peak_memory_below, survives_mutants
from harness.registry import scenario
from harness.stage import Stage
from simulators.fuzz.acceptors import fuzz_exchanges

_ONE_OF_EACH_KIND = 480
_MIB = 768


@scenario(
    id="FUZ-001",
    verifies=[
        "HOUSE/STAYS-IN-SERVICE",
        "HOUSE/SERVES-OTHERS",
        "HOUSE/BOUNDED-MEMORY",
        "HOUSE/ORDERLY-REFUSAL",
    ],
    threats=["T-AVAIL-02", "T-AVAIL-03", "T-AVAIL-04"],
    weakness=["CWE-20", "CWE-248", "CWE-476"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.PLAIN_ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.CRITICAL,
    twin="FUZ-900",
    control="dies_of_repeated_empty_items",
    oracles=[survives_mutants(), peak_memory_below(_MIB)],
    budget_s=100,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    # The campaign has a bystander of its own, which is asked all the time.
    bystander=False,
)
def plays_mutants_of_honest_exchanges(stage: Stage) -> None:
    """No mutant of an honest exchange ends the device, hangs it, or keeps others from its service.

    Whoever attacks a parser does not think of cases, but lets a machine find them. Honest
    exchanges of all claimed services are varied in structure, lengths, values, order and time; how
    the device refuses a mutant is its own affair, as long as it serves honest peers all the while.
    Each culprit is found alone, made as small as it gets and kept to be played again. A short
    campaign plays each kind of mutation once; --fuzz plays as many as are asked for.

    Remedy: Replay the stored reproducer under a debugger; check that length, count or order where
    the message is read, and keep the reproducer as a test.
    """
    fuzz_exchanges(stage, _ONE_OF_EACH_KIND)
