"""Verdicts, the reasons they carry, and their arithmetic.

``max()`` is the whole arithmetic: the verdict of many findings is the worst of them.
There is no default verdict: a record about which no oracle speaks is INCONCLUSIVE.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Verdict(IntEnum):
    """What the court says, worst last."""

    NOT_APPLICABLE = 0
    """The device does not claim what the scenario needs; the missing claim is named."""
    PASS = 1
    """Emitted, twin succeeded, device healthy before and after, every oracle satisfied."""
    WARN = 2
    """A SHOULD is broken, or a requirement rests on a source that may not decide a FAIL."""
    REVIEW = 3
    """Waits for a person's attestation."""
    INCONCLUSIVE = 4
    """Nothing may be concluded; carries an :class:`InconclusiveReason`."""
    FAIL = 5
    """The device broke the requirement; carries a :class:`FailKind`."""
    ERROR = 6
    """Our own fault, never the device's."""


class InconclusiveReason(StrEnum):
    """Why nothing may be concluded."""

    NOT_EMITTED = "NOT_EMITTED"
    """We have no proof that the stimulus left our side."""
    PRECONDITION_UNMET = "PRECONDITION_UNMET"
    """The twin failed, or the exchange never reached the point in question."""
    DEVICE_UNHEALTHY_BEFORE = "DEVICE_UNHEALTHY_BEFORE"
    """The sentinel found the device out of service before the play."""
    INSUFFICIENT_EVIDENCE = "INSUFFICIENT_EVIDENCE"
    """The bench lacks the observer that the judgement needs."""


class FailKind(StrEnum):
    """In which way the device failed."""

    CRASH = "crash"
    """The process, a child or a worker ended abnormally, with evidence."""
    HANG = "hang"
    """The device stopped answering where its twin answered."""
    ACCEPTED = "accepted"
    """It accepted what it had to refuse."""
    WRONG_REASON = "wrong_reason"
    """It reacted, but not in a way that the requirement permits."""
    LEAK = "leak"
    """Data or an injected marker appeared where it must not."""
    LOSS = "loss"
    """Something acknowledged was lost, or identity was mixed up."""
    SLOW = "slow"
    """It reacted, but later than it must."""
    RESOURCE = "resource"
    """Memory, descriptors, slots or files grew beyond the bound."""
    ATTESTED = "attested"
    """A person looked, and attested that the requirement does not hold."""


class Outcome(StrEnum):
    """How one exchange ended, as seen by our side: a class, never an exception."""

    REJECTED = "REJECTED"
    """A-ASSOCIATE-RJ was received."""
    ABORTED = "ABORTED"
    """A-ABORT was received."""
    CLOSED = "CLOSED"
    """The connection ended by FIN without a protocol-level refusal."""
    RESET = "RESET"
    """The connection ended by RST."""
    ALERT = "ALERT"
    """A fatal TLS alert was received."""
    TIMEOUT = "TIMEOUT"
    """Nothing happened in the time allowed; the connection is still open."""
    ACCEPTED = "ACCEPTED"
    """The device took the offer: A-ASSOCIATE-AC, or the device went on as if all were well."""
    RESPONDED = "RESPONDED"
    """A DIMSE response was received; its status is in the observation."""
    RELEASED = "RELEASED"
    """The association was released in order."""
    REFUSED = "REFUSED"
    """The transport connection itself was refused."""
    NOT_OFFERED = "NOT_OFFERED"
    """The device as client never offered the weak option."""
    NOT_CALLED = "NOT_CALLED"
    """The device was triggered and did not connect to us."""
    GARBAGE = "GARBAGE"
    """Bytes came back that are no PDU."""
    ATTESTED = "ATTESTED"
    """Nothing was exchanged: a person has answered."""


class ExitCode(IntEnum):
    """Exit codes of every command."""

    EXPECTED = 0
    UNEXPECTED_RESULT = 1
    USAGE = 2
    NOTHING_CONCLUSIVE = 3
    HARNESS_ERROR = 4
