"""The harness's own errors: one root, so that ours and the device's faults never mix.

A device's misbehaviour is never an exception: it is an observation in the record.
"""

from __future__ import annotations


class HarnessError(Exception):
    """Root of everything that is wrong with us, the profile or the bench."""


class CatalogueError(HarnessError):
    """A scenario, oracle or requirement is declared wrongly; raised at import."""


class RequestError(HarnessError):
    """A command was given what it cannot use: a file, an id, an address."""


class ProfileError(HarnessError):
    """The device profile is wrong; the message names the key as the user wrote it."""


class ScopeError(HarnessError):
    """An action would leave the rules of engagement in ``[scope]``."""


class BenchError(HarnessError):
    """The bench cannot be set up: a missing tool, a taken port, a device that does not start."""


class RecordError(HarnessError):
    """The run folder cannot be written, or a stored record is broken."""


class SignatureError(HarnessError):
    """A key cannot sign, or what is signed does not hold."""


class BundleError(HarnessError):
    """A bundle cannot be made, or what was given is no bundle of ours."""


class PreconditionUnmetError(HarnessError):
    """The exchange never reached the point that the scenario is about (INCONCLUSIVE)."""


class NotEmittedError(HarnessError):
    """The stimulus could not be produced on our side (INCONCLUSIVE, NOT_EMITTED)."""
