"""The device as a load reaches it."""

from __future__ import annotations

from collections.abc import Sequence

from simulators.lab import Lab
from simulators.load.plan import Target


def target_of(
    lab: Lab,
    calling: Sequence[str],
    *,
    tls: bool = False,
    move_destination: str = "",
    move_port: int = 0,
) -> Target:
    """The device's plain port, or TLS where that is asked for or it has no other; web and HL7.

    Over TLS we show our own certificate, with our own key.

    Args:
        lab: Where the device stands.
        calling: Who calls; empty: the laboratory's usual AE title.
        tls: Ask for TLS.
        move_destination: AE title that it knows as ours.
        move_port: Where it looks for whoever bears that title.

    Raises:
        ScopeError: The scope does not permit its address.
    """
    secure = tls or not lab.plain
    host, port = lab.address(secure=secure)
    web, hl7 = lab.profile.web, lab.profile.hl7
    files = lab.trust.ours.write(lab.sandbox / "pki", "load") if secure else None
    return Target(
        host=lab.guard.permit(host),
        port=port,
        called_ae=lab.called,
        calling_aes=tuple(calling) or (lab.calling,),
        tls=secure,
        key=str(files.key) if files else "",
        cert=str(files.cert) if files else "",
        ca=str(lab.trust.ca) if files else "",
        web=web.url if web else "",
        web_host=lab.guard.permit(web.host) if web else "",
        hl7_port=hl7.port if hl7 else 0,
        move_destination=move_destination,
        move_port=move_port,
    )
