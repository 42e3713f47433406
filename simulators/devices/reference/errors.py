"""How an association can end badly, as exceptions; each one names the side that is to blame."""

# Reasons of an A-ABORT by the service provider (PS3.8 9.3.8).
UNRECOGNIZED_PDU = 1
UNEXPECTED_PDU = 2
UNEXPECTED_PARAMETER = 5
INVALID_PARAMETER = 6


class DeviceError(Exception):
    """Root of everything that ends an association other than by release."""


class ProtocolError(DeviceError):
    """The peer broke PS3.8; the provider aborts.

    Attributes:
        reason: Reason field of the A-ABORT, should it be sent with source 2.
    """

    def __init__(self, reason: int, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class ServiceError(DeviceError):
    """The peer broke PS3.7 beyond what a status can say; the service user aborts."""


class ExpiredError(DeviceError):
    """The peer was silent, or too slow, for longer than it may be."""


class PeerGoneError(DeviceError):
    """The transport connection ended.

    Attributes:
        aborted: True when an A-ABORT came first.
    """

    def __init__(self, text: str, *, aborted: bool = False) -> None:
        super().__init__(text)
        self.aborted = aborted


class CannotDecodeError(ValueError):
    """A stored picture is not what it says; the retrieval of it fails, the association goes on."""


class RefusedError(ValueError):
    """A file is not what it says, or beyond a bound; it is not read."""
