"""ASC-12: a walk through the state table of the acceptor."""

from collections.abc import Callable

from harness.model import JSON, Claim, Role, Severity
from harness.oracles import follows_state_table
from harness.registry import scenario
from harness.stage import Stage
from simulators import wire
from simulators.describe import reaction_of
from simulators.requestor import ANSWER_S, Requestor

_HONEST = {("Sta2", 1), ("Sta6", 4), ("Sta6", 5)}
"""What a conforming peer sends."""

_STATES = {"Sta2": ("Sta2",), "Sta6": ("Sta6",), "Sta8": ("Sta8", "Sta13"), "Sta13": ("Sta13",)}
"""States that a peer can bring about; a device that answers a release at once is past Sta8."""

_CASES: list[dict[str, JSON]] = [
    {
        "state": state,
        "pdu": pdu,
        "action": " or ".join(str(wire.expected(real, pdu)) for real in reals),
    }
    for state, reals in _STATES.items()
    for pdu in range(1, 9)
    if (state, pdu) not in _HONEST
]

_PDUS: dict[int, Callable[[Requestor], wire.PDU]] = {
    1: lambda peer: peer.request(),
    2: lambda peer: wire.associate_ac(peer.request(), {1: (0, wire.uids.IMPLICIT_LE)}),
    3: lambda peer: wire.AssociateRJ(),
    4: lambda peer: wire.p_data(1, wire.c_echo_rq())[0],
    5: lambda peer: wire.ReleaseRQ(),
    6: lambda peer: wire.ReleaseRP(),
    7: lambda peer: wire.Abort(),
    8: lambda peer: wire.RawPDU(type=8, body=bytes(4)),
}
"""One PDU of each type, sound in itself; 08H is unrecognised."""


@scenario(
    id="ASC-012",
    verifies=["PS3.8/9.2", "PS3.8/9.2/AA-1", "PS3.8/9.2/AA-6", "PS3.8/9.2/AA-7", "PS3.8/9.2/AA-8"],
    threats=["T-AVAIL-02", "T-INTEG-04"],
    weakness=["CWE-372"],
    references=["DCMTK-1075"],
    role=Role.ACCEPTOR,
    needs={Claim.ACCEPTOR, Claim.VERIFICATION_SCP},
    severity=Severity.HIGH,
    twin="ASC-900",
    control="ignores_state_table",
    oracles=[follows_state_table()],
    vary=_CASES,
)
def sends_every_pdu_in_every_state(stage: Stage) -> None:
    """Each PDU in each state has the effect that the state table lays down, or ends the connection.

    A PDU that is sound but out of place is the cheapest way to find a path that nobody tested:
    a second request, an acceptance from the requestor, data after the release. A good device
    aborts, or ignores what comes while it waits for the end; it never answers as if in order.

    Remedy: Drive the connection by Table 9-10, with a cell for each event in each state.
    """
    state, kind = str(stage.case["state"]), int(str(stage.case["pdu"]))
    with Requestor(stage) as attacker:
        if state != "Sta2":
            attacker.associate()
        stimulus = _PDUS[kind](attacker)
        if state == "Sta13":
            stage.require(attacker.release(), "the release was not answered")
        if state != "Sta8":
            attacker.send(stimulus, stimulus=True)
            attacker.wait_for_ending()
            return
        # One segment: the device has no time to answer the release before the PDU is there.
        both = wire.encode(wire.ReleaseRQ()) + wire.encode(stimulus)
        attacker.send(both, stimulus=True, what=f"A-RELEASE-RQ and PDU of type {kind:02X}H")
        first = attacker.receive(ANSWER_S)
        if first is None or isinstance(first, wire.ReleaseRP):
            attacker.wait_for_ending()
        else:
            attacker.conclude(*reaction_of(first))
