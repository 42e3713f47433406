"""INT-05: an object with unusual content is stored and retrieved."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import gives_back_exactly
from harness.registry import scenario
from harness.stage import Stage
from simulators import hostile, wire
from simulators.integrity import compare, private_block
from simulators.queries import STORAGE
from simulators.requestor import Requestor
from simulators.retrieving import only, retrieve

_LEAF = (wire.Element(tag=0x00080104, vr="LO", value="SYNTHETIC CODE"),)
_ITEM, _OPEN_ITEM = wire.DataItem(elements=_LEAF), wire.DataItem(elements=_LEAF, undefined=True)
_CONTENTS: dict[str, tuple[wire.Element, ...]] = {
    "private attributes": tuple(
        private_block(
            "ASSAY SYNTHETIC",
            [(1, "LO", b"private "), (2, "UN", bytes(range(64))), (3, "OB", b"\xfe\xff\0\xe0")],
        )
    ),
    "superfluous padding": (
        wire.Element(tag=0x00081030, vr="LO", value=b"synthetic study   "),
        wire.Element(tag=0x00104000, vr="LT", value=b"two lines\r\nand spaces   "),
        wire.Element(tag=0x00200011, vr="IS", value=b" 1  "),
    ),
    "unusual representations": (
        wire.Element(tag=0x00189073, vr="FD", value=b"\1\0\0\0\0\0\xf0\x7f"),
        wire.Element(tag=0x00280009, vr="AT", value=b"\x28\0\x08\0"),
        wire.Element(tag=0x00400008 | 0x8000, vr="UN", value=b"\0\1\2\3"),
    ),
    "nested sequences": (
        wire.Element(tag=0x00081032, vr="SQ", value=(_OPEN_ITEM, _ITEM), undefined=True),
        wire.nested(4, leaf=_LEAF, undefined=False),
    ),
    "empty values": (
        wire.Element(tag=0x00081030, vr="LO"),
        wire.Element(tag=0x00081032, vr="SQ", value=()),
        wire.Element(tag=0x00104000, vr="LT"),
    ),
}


@scenario(
    id="INT-005",
    verifies=["HOUSE/BIT-PRESERVING", "PS3.4/B.4"],
    threats=["T-INTEG-08", "T-INTEG-07"],
    weakness=["CWE-353"],
    references=["pydicom-encaps-swallow"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.BIT_PRESERVING},
    severity=Severity.MEDIUM,
    twin="STO-902",
    control="drops_private_attributes",
    oracles=[gives_back_exactly()],
    safety=Safety.STORES_OBJECTS,
    vary=[{"content": name} for name in _CONTENTS],
)
def keeps_every_value(stage: Stage) -> None:
    """A device that claims to preserve objects gives back every value octet by octet.

    A digital signature covers values as they were written, and a private attribute may be the one
    that a treatment is planned by. A device that claims to preserve both may change file header
    and transfer syntax, but not a value: no private attribute is lost, and no space is trimmed.

    Remedy: Store the data set as it was received, and send the same octets again.
    """
    extra = _CONTENTS[str(stage.case["content"])]
    with Requestor(stage) as peer:
        peer.associate((STORAGE,))
        content = hostile.elements(stage)
        content = tuple(each for each in content if each.tag not in {one.tag for one in extra})
        for each in extra:
            content = hostile.adding(content, each)
        thing = hostile.as_object(content, peer.contexts[STORAGE.id])
        peer.store(thing, stimulus=True)
        peer.release()
    found = retrieve(stage, thing.study, syntaxes=(thing.transfer_syntax,), actor="polite")
    compare(stage, thing, only(found, thing))
