"""What a load may not ask for: refused before anything is started or sent, in one clear line."""

from __future__ import annotations

from collections.abc import Mapping

from harness.errors import ProfileError, RequestError, ScopeError
from harness.loading import LoadRequest, Operation
from harness.model import Role
from harness.profile import Profile

DEFAULT_PEAK = 5.0
"""How many times the load a spike is, where nobody says."""

_SENDS_OBJECTS = frozenset({"store", "stow"})

_SERVICES: Mapping[Operation, str] = {
    "echo": "verification",
    "associate": "verification",
    "store": "storage",
    "mixed": "storage",
    "find": "query",
    "get": "retrieve",
    "move": "retrieve",
    "commit": "storage-commitment",
}
"""The service that a device must claim for an operation of DIMSE."""

_NUMBERS: Mapping[str, tuple[str, frozenset[str]]] = {
    "start": ("--start", frozenset({"ramp"})),
    "peak": ("--peak", frozenset({"spike"})),
    "every_s": ("--every", frozenset({"spike"})),
    "for_s": ("--for", frozenset({"spike", "knee"})),
    "growth": ("--growth", frozenset({"knee"})),
    "p99_ms": ("--p99", frozenset({"knee"})),
    "greedy": ("--greedy", frozenset({"greedy"})),
    "read_bytes_per_s": ("--read-rate", frozenset({"slow-readers"})),
}
"""The flag of each number of a shape, and the shapes that it belongs to."""


def refuse_beyond(request: LoadRequest, profile: Profile) -> None:
    """Refuses a load that contradicts itself, the profile's claims or its scope.

    Raises:
        RequestError: Two flags contradict each other.
        ProfileError: The profile does not claim what the operation needs.
        ScopeError: The load would exceed ``[scope]``; the message names the key to set.
    """
    _refuse_contradictions(request)
    _refuse_unclaimed(request, profile)
    _refuse_out_of_scope(request, profile)


def _refuse_contradictions(request: LoadRequest) -> None:
    for key, (flag, shapes) in _NUMBERS.items():
        if getattr(request.shape, key) is not None and request.shape.kind not in shapes:
            fits = " or ".join(f"--shape {shape}" for shape in sorted(shapes))
            raise RequestError(f"{flag}: belongs to {fits}, not to --shape {request.shape.kind}")
    if request.count is not None and request.duration_s is not None:
        raise RequestError("--count and --duration: give one of the two")
    if request.workers > request.associations:
        raise RequestError(
            f"--workers {request.workers}: more than --associations {request.associations}; each "
            "worker needs at least one"
        )
    if request.mix and request.operation != "mixed":
        raise RequestError(f"--mix: belongs to --operation mixed, not to {request.operation}")
    if request.operation in ("stow", "qido", "wado") and not request.web:
        raise RequestError(f"--operation {request.operation}: needs --web URL of the DICOMweb root")
    if request.operation == "hl7" and not request.hl7_port:
        raise RequestError("--operation hl7: needs --hl7-port of the device's MLLP listener")
    if request.operation == "move" and not request.move_destination:
        raise RequestError("--operation move: needs --destination, an AE title the device knows")


def _refuse_unclaimed(request: LoadRequest, profile: Profile) -> None:
    acceptor, where = profile.acceptor, profile.source or "the profile"
    if acceptor is None:
        raise ProfileError(f"{where}: no [acceptor]: a load needs a device that listens")
    if request.tls and acceptor.tls_port is None:
        raise ProfileError(f"--tls: {where} has no acceptor.tls_port")
    service = _SERVICES.get(request.operation)
    if service is not None and service not in profile.services(Role.ACCEPTOR):
        raise ProfileError(
            f"--operation {request.operation}: {where} does not claim '{service}': add it to "
            "acceptor.services if the device offers it"
        )


def _refuse_out_of_scope(request: LoadRequest, profile: Profile) -> None:
    scope = profile.scope
    peak = (request.shape.peak or DEFAULT_PEAK) if request.shape.kind == "spike" else 1.0
    if request.rate is not None and request.rate * peak > scope.max_rate:
        at_peak = f" with a peak of {peak:g} times that" if peak != 1.0 else ""
        _refuse(profile, f"--rate {request.rate:g}{at_peak}", "max_rate", request.rate * peak)
    if request.associations > scope.max_connections:
        flag = f"--associations {request.associations}"
        _refuse(profile, flag, "max_connections", request.associations)
    octets = _octets(request)
    if octets > scope.max_bytes:
        _refuse(profile, f"a load of {octets:.0f} octets", "max_bytes", octets)


def _octets(request: LoadRequest) -> float:
    """How much the load is going to send, as far as that is known before."""
    if request.operation not in _SENDS_OBJECTS:
        return 0.0
    if request.count is not None:
        return float(request.count) * request.size_bytes
    if request.rate is not None and request.duration_s is not None:
        return request.rate * request.duration_s * request.size_bytes
    return 0.0


def _refuse(profile: Profile, what: str, key: str, needed: float) -> None:
    bound = getattr(profile.scope, key)
    where = profile.source or "the profile"
    raise ScopeError(
        f"{what} exceeds scope.{key} = {bound:g}: nothing was sent; ask for less, or set "
        f"{key} = {needed:.0f} under [scope] in {where}"
    )
