"""PAR-017: ten base objects, mutated by a seed and stored."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import survives_mutants
from harness.registry import scenario
from harness.stage import Stage
from simulators.fuzz.acceptors import fuzz_stores

_MUTANTS = 500


@scenario(
    id="PAR-017",
    verifies=["HOUSE/STAYS-IN-SERVICE", "HOUSE/SERVES-OTHERS", "HOUSE/ORDERLY-REFUSAL"],
    threats=["T-AVAIL-05", "T-AVAIL-02"],
    weakness=["CWE-20", "CWE-617"],
    references=[
        "fodicom-nesting",
        "CVE-2022-2121",
        "CVE-2023-39431",
        "CVE-2024-22100",
        "CVE-2024-23912",
        "CVE-2024-28877",
        "CVE-2025-5943",
    ],
    role=Role.ACCEPTOR,
    needs={Claim.PLAIN_ACCEPTOR, Claim.STORAGE_SCP},
    severity=Severity.CRITICAL,
    twin="STO-900",
    control="dies_of_unknown_vr",
    oracles=[survives_mutants()],
    budget_s=100,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    # The campaign has a bystander of its own, which is asked all the time.
    bystander=False,
)
def takes_seeded_mutants(stage: Stage) -> None:
    """No mutant of an object ends or hangs the device that it is sent to.

    Objects arrive from everywhere, and each decoder of the device reads them: tags, value
    representations, lengths, items, values. Ten objects of different kinds and syntaxes are
    mutated in each of these by a seed; all are small, and hold nothing but synthetic data. A
    device stores them or refuses them, and goes on.

    Remedy: Check each length and value representation where it is read; refuse with C000H.
    """
    fuzz_stores(stage, _MUTANTS)
