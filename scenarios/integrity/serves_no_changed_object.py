"""INT-12: a stored file is changed behind the device's back."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import serves_no_changed_object as unchanged
from harness.registry import scenario
from harness.stage import Stage
from simulators.integrity import tamper, witness_served
from simulators.queries import store_honestly
from simulators.retrieving import only, retrieve

_ORIGINAL = bytes(range(256))
_ALTERED = _ORIGINAL[::-1]


@scenario(
    id="INT-012",
    verifies=["HOUSE/NO-TAMPERED-OBJECT"],
    threats=["T-INTEG-21"],
    weakness=["CWE-353"],
    references=["CT-GAN-2019"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RESTARTABLE, Claim.CHECKS_STORED},
    severity=Severity.HIGH,
    twin="STO-902",
    control="serves_tampered",
    oracles=[unchanged()],
    safety=Safety.STORES_OBJECTS,
)
def serves_no_changed_object(stage: Stage) -> None:
    """An object whose file was changed on the disk is not served as the original.

    Lesions have been painted into stored images and out of them by whoever reached the disk, and
    nobody who retrieved them could tell. A device that claims to check what it keeps notices that
    the pixels of one file are others than those it received, and does not hand them out.

    Remedy: Keep a digest of each object apart from it, and compare it whenever it is read.
    """
    thing = store_honestly(stage)
    found = tamper(stage, thing, _ORIGINAL, _ALTERED)
    stage.require(found, "the file of the object was not found in the storage folder")
    syntax = (thing.transfer_syntax,)
    back = only(retrieve(stage, thing.study, syntaxes=syntax, stimulus=True), thing)
    witness_served(stage, back, _ALTERED)
