"""What no exchange on the network can tell: questions to a person.

All are declared alike, so :func:`inspection` says once what they share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.model import Body, Claim, Question, Role, Severity
from harness.oracles.reviews import attested
from harness.registry import scenario


def inspection(
    *,
    id: str,
    verifies: Sequence[str],
    threats: Sequence[str],
    weakness: Sequence[str],
    severity: Severity,
    question: Question,
) -> Callable[[Body], Body]:
    """A scenario that a person answers; its arguments are those of ``scenario``."""
    return scenario(
        id=id,
        verifies=verifies,
        threats=threats,
        weakness=weakness,
        role=Role.DEVICE,
        needs={Claim.REVIEWS},
        severity=severity,
        twin=None,
        control="fails_inspection",
        oracles=[attested()],
        budget_s=1.0,
        bystander=False,
        question=question,
    )
