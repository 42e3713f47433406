"""DEI-02: attributes in items of sequences, at any depth."""

from functools import partial

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.deidentification import leaves_no_canary
from harness.registry import scenario
from harness.stage import Stage
from simulators.deidentification.objects import nested
from simulators.deidentification.playing import gives


@scenario(
    id="DEI-002",
    verifies=["PS3.15/E.1", "HOUSE/DEIDENTIFIED-EVERYWHERE"],
    threats=["T-CONF-46"],
    weakness=["CWE-212"],
    references=["fodicom-1202", "pymedphys-922", "mmiv-20"],
    role=Role.READER,
    needs={Claim.DEIDENTIFIER, Claim.DEIDENTIFIES_BASIC},
    severity=Severity.CRITICAL,
    twin="DEI-900",
    control="deid_stops_at_depth_1",
    oracles=[leaves_no_canary()],
    safety=Safety.NON_DESTRUCTIVE,
    bystander=False,
    vary=[
        *({"depth": depth, "private": False} for depth in (1, 2, 3, 10)),
        {"depth": 2, "private": True},
    ],
)
def stops_at_some_depth(stage: Stage) -> None:
    """What identifies a patient is gone from items of sequences at every depth.

    Enhanced images, plans and reports repeat patients and studies in items of items. A program
    that treats the top level and one level more looks right on every image that its author
    tried, and leaves the name where nobody scrolls to.

    Remedy: Walk through every item of every sequence, private ones included, with the same
    rules and without a limit; refuse what is deeper than can be walked.
    """
    depth, private = int(str(stage.case["depth"])), bool(stage.case["private"])
    gives(stage, partial(nested, depth, private), f"identities at depth {depth}")
