"""AUT-03: a known AE title calls from a host that it does not belong to."""

from harness.model import Claim, Role, Severity
from harness.oracles import not_served
from harness.registry import scenario
from harness.stage import Stage
from simulators.lab import lab_of
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in

_OTHER_HOST = "127.0.0.2"


@scenario(
    id="AUT-003",
    verifies=["HOUSE/HOST-BINDING", "PS3.8/9.3.4/CALLING"],
    threats=["T-IMPERS-01"],
    weakness=["CWE-290"],
    references=["Orthanc-host-unchecked", "arc-499", "DCMTK-542bbb413"],
    role=Role.ACCEPTOR,
    needs={Claim.VERIFICATION_SCP, Claim.CHECKS_CALLING_HOST},
    severity=Severity.MEDIUM,
    twin="ASC-900",
    control="ignores_source_host",
    oracles=[not_served(source=1, reason=3)],
)
def binds_titles_to_hosts(stage: Stage) -> None:
    """A known AE title that calls from another host is not served.

    AE titles are printed in conformance statements and sent in clear: whoever has heard one can
    use it. Binding titles to hosts stops those who can send but cannot take over an address. Here
    the title is right and the caller sits at a second address of the loopback network.

    Remedy: Compare the address of the connection with the hosts configured for the AE title.
    """
    acceptor = stage.profile.acceptor
    bound = acceptor.calling_hosts.get(lab_of(stage).calling) if acceptor else None
    stage.require(bound not in (None, _OTHER_HOST), "the profile binds our title to no other host")
    with Requestor(stage, source=_OTHER_HOST) as attacker:
        if is_let_in(attacker, lie="calling"):
            attacker.echo()
