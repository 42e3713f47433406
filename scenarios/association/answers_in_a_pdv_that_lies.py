"""ASC-13 for requestors: the PDV length of a response lies."""

from dataclasses import replace

from harness.model import Claim, Role, Severity
from harness.oracles import client_refuses, peak_memory_below
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.acceptor import Acceptor


@scenario(
    id="ASC-113",
    verifies=[
        "PS3.8/9.3.5",
        "PS3.8/9.3.5.1",
        "HOUSE/NO-READ-PAST-LENGTH",
        "HOUSE/BOUNDED-MEMORY",
        "HOUSE/CLIENT-TELLS-FAILURE",
    ],
    threats=["T-AVAIL-06", "T-AVAIL-08"],
    weakness=["CWE-190", "CWE-191"],
    references=["DCMTK-1549d8ccc", "DCMTK-5b00c6419", "CVE-2019-5093"],
    role=Role.REQUESTOR,
    needs={Claim.VERIFICATION_SCU},
    severity=Severity.HIGH,
    twin="ASC-950",
    control="scu_ignores_pdv_length",
    oracles=[client_refuses(), peak_memory_below(16)],
    vary=[{"length": length} for length in (0, 1, 0x7FFF_FFFF, 0xFFFF_FFFC)],
)
def answers_in_a_pdv_that_lies(stage: Stage) -> None:
    """A requestor takes no response whose PDV does not lie within its PDU.

    A length of 0 or 1 makes a careless parser count below zero when it takes off the two bytes of
    context id and control header; a huge one makes it allocate, or copy what does not belong to
    the PDU. A good requestor aborts. One that takes the response all the same reports a success
    that it never read.

    Remedy: Refuse a PDV length below two or beyond the end of the P-DATA-TF.
    """
    with Acceptor(stage) as hostile:
        asked = hostile.first_request()
        answer = wire.c_echo_rsp(asked.command.integer("MessageID") or 0)
        honest = wire.p_data(asked.context_id, answer)[0]
        pdv = honest.pdvs[0]
        assert isinstance(pdv, wire.PDV)
        lying = replace(pdv, length=int(str(stage.case["length"])))
        hostile.send(replace(honest, pdvs=(lying,)))
        hostile.see_out()
