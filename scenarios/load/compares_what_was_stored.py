"""LOAD-003: every acknowledged object is fetched back."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import mixes_up_nothing
from harness.registry import scenario
from harness.stage import Stage
from simulators.load.scene import load, look_for, plan

_COUNT = 120


@scenario(
    id="LOAD-003",
    verifies=["HOUSE/NOTHING-LOST"],
    threats=["T-INTEG-08"],
    weakness=["CWE-362"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.STORAGE_SCP, Claim.CONCURRENT_ASSOCIATIONS},
    severity=Severity.CRITICAL,
    twin="LOAD-900",
    control="mixes_up_objects",
    oracles=[mixes_up_nothing()],
    budget_s=60,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    bystander=False,
)
def compares_what_was_stored(stage: Stage) -> None:
    """No object has the content of another that came at the same time.

    Where associations share a buffer, a file name or a transaction, two objects change places, and
    one patient gets the image of another. Each object bears its own name in its pixels, too; it is
    fetched back, and both must tell the same story.

    Remedy: Keep what belongs to one association to itself until the object is stored whole.
    """
    driven = load(stage, plan(stage, "store", associations=4, count=_COUNT))
    look_for(stage, driven.acknowledged, compare=True)
