"""What a load may not ask for: refused before anything is started or sent, in one clear line."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from harness.errors import ProfileError, RequestError, ScopeError
from harness.loading import LoadRequest, Operation
from harness.model import Role
from harness.profile import Hl7Section, Profile, WebSection

DEFAULT_PEAK = 5.0
"""How many times the load a spike is, where nobody says."""

WEB = frozenset({"stow", "qido", "wado"})
"""Operations of DICOMweb."""

_SENDS_OBJECTS = frozenset({"store", "stow"})

_SERVICES: Mapping[Operation, str] = {
    "echo": "verification",
    "associate": "verification",
    "store": "storage",
    "mixed": "storage",
    "find": "query",
    "get": "retrieve",
    "commit": "storage-commitment",
}
"""The service that a device must claim for an operation of DIMSE.

"retrieve" means C-GET; that a device moves is claimed by naming a destination that it knows.
"""

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


def reached_at(profile: Profile, *, web: str, hl7_port: int | None) -> Profile:
    """The profile with what flags say of where its services are.

    Args:
        profile: As it was read.
        web: Value of ``--web``, which takes the place of ``web.url``; empty: not given.
        hl7_port: Value of ``--hl7-port``, which takes the place of ``hl7.port``; None: not given.

    Raises:
        RequestError: ``--web`` is no base URL.
    """
    changes: dict[str, WebSection | Hl7Section] = {}
    try:
        if web:
            changes["web"] = WebSection(url=web)
    except ValidationError as error:
        why = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise RequestError(f"--web {web!r}: {why}") from error
    if hl7_port is not None:
        changes["hl7"] = Hl7Section(port=hl7_port)
    return profile.model_copy(update=changes)


def refuse_beyond(request: LoadRequest, profile: Profile) -> None:
    """Refuses a load that contradicts itself, the profile's claims or its scope.

    Raises:
        RequestError: Two flags contradict each other.
        ProfileError: The profile does not claim what the operation needs.
        ScopeError: The load would exceed ``[scope]``; the message names the key to set.
    """
    _refuse_contradictions(request)
    if request.operation == "move":
        _refuse_without_destination(request, profile)
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
    if request.faster is not None:
        _refuse_beside_timetable(request)
    if request.move_port and not request.move_destination:
        raise RequestError("--destination-port: give --destination, the AE title that is there")


def _refuse_beside_timetable(request: LoadRequest) -> None:
    if request.operation != "mixed":
        raise RequestError(f"--faster: belongs to --operation mixed, not to {request.operation}")
    if request.rate is not None:
        raise RequestError("--faster and --rate: give one of the two; both say when requests leave")
    if request.shape.kind != "constant":
        raise RequestError(
            f"--faster: the day has its own shape; leave --shape {request.shape.kind} out"
        )


def _refuse_without_destination(request: LoadRequest, profile: Profile) -> None:
    """A device sends only to a title whose address it knows, and that is where we must listen."""
    load, where = profile.load, profile.source or "the profile"
    known = load.move_destination if load else None
    if not (request.move_destination or known):
        raise RequestError(
            f"--operation move: {where} has no load.move_destination: set it, or give "
            "--destination with an AE title that the device knows as ours"
        )
    port = load.move_port if load else 0
    is_told = bool(port) or profile.process is not None
    if request.move_port or (is_told and request.move_destination in ("", known)):
        return
    raise RequestError(
        f"--operation move: nobody says at which port the device looks for "
        f"'{request.move_destination or known}': give --destination-port, or set "
        f"load.move_destination and load.move_port in {where}"
    )


def _refuse_unclaimed(request: LoadRequest, profile: Profile) -> None:
    acceptor, where = profile.acceptor, profile.source or "the profile"
    if acceptor is None:
        raise ProfileError(f"{where}: no [acceptor]: a load needs a device that listens")
    if request.tls and acceptor.tls_port is None:
        raise ProfileError(f"--tls: {where} has no acceptor.tls_port")
    if request.operation in WEB and profile.web is None:
        raise ProfileError(
            f"--operation {request.operation}: {where} has no web.url: give --web URL, or set url "
            "under [web] to the base URL of its DICOMweb services"
        )
    if request.operation == "hl7" and profile.hl7 is None:
        raise ProfileError(
            f"--operation hl7: {where} has no hl7.port: give --hl7-port, or set port under [hl7] "
            "to that of its MLLP listener"
        )
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
