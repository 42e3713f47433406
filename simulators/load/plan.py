"""What is to be loaded, how, and within which bounds: one value that every worker is given."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Operation = Literal[
    "echo", "store", "find", "get", "move", "commit", "associate", "mixed",
    "stow", "qido", "wado", "hl7",
]  # fmt: skip
ShapeKind = Literal[
    "constant", "ramp", "spike", "soak", "knee", "herd", "slow-readers", "greedy"
]  # fmt: skip

MOST_ASSOCIATIONS = 4096
LONGEST_S = 24 * 3600.0
MOST_OCTETS = 2**30
"""Largest object, in octets, that is made."""


class _Noun(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Noun):
    """Whom to load; the address is one that the scope permits.

    Attributes:
        key, cert, ca: PEM files for TLS; `ca` is what we trust.
        server_name: The name that the device's certificate must have; empty: not checked.
        web: Base URL of the DICOMweb services; empty without.
        web_host: Address of the server that the URL names; empty: as the name resolves.
        hl7_port: Port of an MLLP listener; 0 without.
        move_destination: AE title that the device knows as ours.
        move_port: Where we listen under that title; 0: nobody of ours does.
    """

    host: str
    port: int = Field(ge=0, le=65535)
    called_ae: str = "ANY-SCP"
    calling_aes: tuple[str, ...] = ("ASSAY",)
    tls: bool = False
    key: str = ""
    cert: str = ""
    ca: str = ""
    server_name: str = ""
    web: str = ""
    web_host: str = ""
    hl7_port: int = Field(default=0, ge=0, le=65535)
    move_destination: str = ""
    move_port: int = Field(default=0, ge=0, le=65535)


class Bounds(_Noun):
    """What the whole load, all workers together, never exceeds (``[scope]`` of the profile).

    Attributes:
        networks: The only networks that are loaded.
    """

    networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    rate: float = Field(default=2000.0, gt=0)
    connections: int = Field(default=128, ge=1, le=MOST_ASSOCIATIONS)
    octets: int = Field(default=256 * 2**20, ge=1)
    seconds: float = Field(default=3600.0, gt=0, le=LONGEST_S)


class Shape(_Noun):
    """How load varies with time; every number has an upper bound in its type.

    Attributes:
        kind: See :data:`ShapeKind`.
        start: Share of the load at the beginning of a ramp, 0 to 1.
        peak: How many times the load a spike is.
        every_s: Distance of spikes.
        for_s: Length of a spike, or of a step of the search for the knee.
        growth: Factor from one step of the search for the knee to the next.
        p99_ms: The claimed latency that a step of that search must keep.
        greedy: Share of all associations that the greedy AE holds.
        read_bytes_per_s: How fast slow readers read.
    """

    kind: ShapeKind = "constant"
    start: float = Field(default=0.1, ge=0, le=1)
    peak: float = Field(default=5.0, ge=1, le=100)
    every_s: float = Field(default=10.0, gt=0, le=3600)
    for_s: float = Field(default=2.0, gt=0, le=3600)
    growth: float = Field(default=1.5, gt=1, le=10)
    p99_ms: float = Field(default=1000.0, gt=0, le=600_000)
    greedy: float = Field(default=0.9, gt=0, lt=1)
    read_bytes_per_s: int = Field(default=64, ge=1, le=2**20)


class Plan(_Noun):
    """One load.

    Attributes:
        size_bytes: About the length of an object's data set.
        associations: How many are open at a time, all workers together.
        duration_s: How long; None when `count` decides.
        count: How many requests, all workers together; None when `duration_s` decides.
        rate: Requests per second, all workers together, as an open loop; None: as fast as answers
            come.
        window: Most requests in flight in one association; above 1 it is negotiated.
        mix: Name of a mix or path of its file, for "mixed"; empty otherwise.
        faster: The mix's own timetable as an open loop, so many times as fast; None: its requests
            are drawn by their shares.
        timeout_s: How long an answer may take.
        uid_root: What every SOP Instance UID of this load begins with; no other load has it.
        fetch: SOP Instance UIDs for "get", "move", "wado" and "commit".
    """

    operation: Operation
    target: Target
    bounds: Bounds = Bounds()
    shape: Shape = Shape()
    size_bytes: int = Field(default=10_240, ge=256, le=MOST_OCTETS)
    associations: int = Field(default=10, ge=1, le=MOST_ASSOCIATIONS)
    duration_s: Annotated[float, Field(gt=0, le=LONGEST_S)] | None = None
    count: Annotated[int, Field(ge=1, le=10**9)] | None = None
    rate: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    workers: int = Field(default=1, ge=1, le=64)
    window: int = Field(default=1, ge=1, le=1024)
    mix: str = ""
    faster: Annotated[float, Field(gt=0, le=100_000)] | None = None
    seed: int = 0
    timeout_s: float = Field(default=30.0, gt=0, le=600)
    uid_root: str = Field(default="2.25.0", max_length=40)
    fetch: tuple[str, ...] = ()
