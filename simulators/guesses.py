"""AE titles that somebody guesses, each on a connection of its own, from an address of its own."""

from __future__ import annotations

import hashlib
import ipaddress
import time

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.describe import reaction_of
from simulators.requestor import Requestor

ANSWER_S = 2.0


def other_address(stage: Stage) -> str:
    """A loopback address from which nobody else calls: what is held against it harms nobody else.

    Raises:
        PreconditionUnmetError: The device is not on loopback, where we have many addresses.
    """
    host = stage.profile.acceptor.host if stage.profile.acceptor else ""
    try:
        near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = host == "localhost"
    stage.require(near, "a second address of ours is needed, which only loopback has")
    digest = hashlib.sha256(f"{stage.run}/{stage.play}".encode()).digest()
    return f"127.{1 + digest[0] % 254}.{digest[1]}.{1 + digest[2] % 254}"


def guess(
    stage: Stage, source: str, *, calling: str | None = None, called: str | None = None
) -> str:
    """Asks for an association under titles that are wrong; witnesses a ``guess``.

    A ``guess`` has ``wrong`` ("calling", "called" or "both"), ``outcome``, the codes of a rejection
    as ``answer`` ("1/1/3") and ``seconds``.

    Returns:
        The codes, or the outcome where there are none.
    """
    wrong = "both" if calling and called else "calling" if calling else "called"
    with Requestor(stage, source=source, calling=calling, called=called) as attacker:
        began = time.monotonic()
        if attacker.connection is None:
            outcome, codes = Outcome.REFUSED, ""
        else:
            lies = [name for name in ("calling", "called") if wrong in (name, "both")]
            attacker.send(attacker.request(), lie=lies)
            outcome, codes = _heard(attacker)
        seconds = round(time.monotonic() - began, 4)
        stage.observe(
            "guess", "attacker", wrong=wrong, outcome=outcome.value, answer=codes, seconds=seconds
        )
    return codes or outcome.value


def _heard(attacker: Requestor) -> tuple[Outcome, str]:
    answer = attacker.receive(ANSWER_S)
    if answer is None:
        return attacker.ended or Outcome.TIMEOUT, ""
    if isinstance(answer, wire.AssociateRJ):
        return Outcome.REJECTED, f"{answer.result}/{answer.source}/{answer.reason}"
    return reaction_of(answer)[0], ""
