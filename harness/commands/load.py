"""``assay load``: loads a device as a hospital would, and says what it bears."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import click
from rich.console import Console
from rich.text import Text

from harness import baseline as baselines
from harness import load_document
from harness import profile as profiles
from harness.devices import embedded_profile
from harness.load_bounds import reached_at, refuse_beyond
from harness.load_session import Loaded, load_device
from harness.loading import LoadRequest, Operation, ShapeKind, ShapeRequest
from harness.measurement import Measurement
from harness.profile import LoadSection, Profile
from harness.progress import STYLES, finding_line
from harness.reports import write_report
from harness.verdict import ExitCode

DEFAULT_DURATION_S = 10.0
DEFAULT_ASSOCIATIONS = 10
DEFAULT_SIZE = 10_240
_LEAST_SIZE, _MOST_SIZE = 256, 2**30
_LONGEST_S = 24 * 3600.0

_EXAMPLES = """\b
Examples:
  assay load                                             embedded reference device, 10 s of C-STORE
  assay load device.toml --operation store --size 512k --associations 4 --count 1000
  assay load device.toml --rate 200 --duration 60        open loop: latency from when it was due
  assay load device.toml --shape knee --p99 500          the highest load that keeps 500 ms
  assay load device.toml --shape greedy --calling CT1 --calling MR1 --calling US1
  assay load device.toml --operation mixed --mix hospital-morning --faster 60 --duration 240
  assay load device.toml --operation echo --count 10000 --json -
"""


class _Size(click.ParamType[int]):
    """Octets, as 10240, 10k, 512k or 20M (powers of 1024)."""

    name = "size"
    _FORM = re.compile(r"(\d{1,10})([kKmM]?)(?:i?[bB])?")

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The number of octets."""
        if isinstance(value, int):
            return value
        found = self._FORM.fullmatch(value.strip())
        if found is None:
            self.fail(f"{value!r} is no size: write 10k, 512k, 20M or octets", param, ctx)
        octets = int(found[1]) * {"": 1, "k": 2**10, "m": 2**20}[found[2].lower()]
        if not _LEAST_SIZE <= octets <= _MOST_SIZE:
            self.fail(f"{value}: must be between {_LEAST_SIZE} octets and 1024M", param, ctx)
        return octets


_SECONDS = click.FloatRange(0, _LONGEST_S, min_open=True)
_HOUR = click.FloatRange(0, 3600, min_open=True)


@click.command("load", epilog=_EXAMPLES)
@click.argument("device", required=False, type=click.Path(path_type=Path))
@click.option(
    "--operation",
    type=click.Choice(get_args(Operation)),
    default="store",
    show_default=True,
    help="What is asked for.",
)
@click.option(
    "--size",
    type=_Size(),
    help="Octets of an object: 10k, 512k, 20M (default: what is claimed, or 10k).",
)
@click.option(
    "--associations",
    type=click.IntRange(1, 4096),
    help="Open at a time, all workers "
    f"together (default: what is claimed, or {DEFAULT_ASSOCIATIONS}).",
)
@click.option("--duration", type=_SECONDS, help="Seconds (default: 10, without --count).")
@click.option("--count", type=click.IntRange(1, 10**9), help="Requests, instead of --duration.")
@click.option(
    "--rate",
    type=click.FloatRange(0, 1_000_000, min_open=True),
    help="Requests per second as an open loop; default: as answers come.",
)
@click.option(
    "--shape",
    type=click.Choice(get_args(ShapeKind)),
    default="constant",
    show_default=True,
    help="How the load varies.",
)
@click.option("--start", type=click.FloatRange(0, 1), help="ramp: share at its beginning.")
@click.option("--peak", type=click.FloatRange(1, 100), help="spike: how many times the load.")
@click.option("--every", "every_s", type=_HOUR, help="spike: seconds between two.")
@click.option("--for", "for_s", type=_HOUR, help="spike, knee: seconds of a spike or step.")
@click.option(
    "--growth", type=click.FloatRange(1, 10, min_open=True), help="knee: factor from step to step."
)
@click.option(
    "--p99",
    "p99_ms",
    type=click.FloatRange(0, 600_000, min_open=True),
    help="knee: milliseconds that a step must keep.",
)
@click.option(
    "--greedy",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="greedy: share of the associations that one AE holds.",
)
@click.option(
    "--read-rate",
    "read_bytes_per_s",
    type=click.IntRange(1, 2**20),
    help="slow-readers: octets per second.",
)
@click.option(
    "--mix",
    default="",
    metavar="NAME|FILE",
    help="mixed: small-clinic (default), hospital-morning, trauma-night, migration, or a TOML file "
    "of your own.",
)
@click.option(
    "--faster",
    type=click.FloatRange(0, 100_000, min_open=True),
    help="mixed: the mix's own timetable with its bursts, so many times as fast; without it "
    "requests are drawn by their shares.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Load processes."
)
@click.option(
    "--window",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    help="Requests in flight per association, where negotiated.",
)
@click.option(
    "--calling", "calling_aes", multiple=True, metavar="AE", help="Calling AE title; repeatable."
)
@click.option("--tls", is_flag=True, help="Over the device's TLS port.")
@click.option("--web", default="", metavar="URL", help="Base URL of DICOMweb, instead of web.url.")
@click.option(
    "--hl7-port", type=click.IntRange(1, 65535), help="MLLP port, instead of hl7.port (hl7)."
)
@click.option(
    "--destination",
    "move_destination",
    default="",
    metavar="AE",
    help="move: AE title that the device knows as ours (default: load.move_destination).",
)
@click.option(
    "--destination-port",
    "move_port",
    type=click.IntRange(1, 65535),
    default=None,
    help="move: where the device looks for that title (default: load.move_port).",
)
@click.option(
    "--ui",
    "ui_port",
    is_flag=False,
    flag_value=0,
    default=None,
    type=click.IntRange(0, 65535),
    metavar="[PORT]",
    help="Locust's own web page.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seeds the objects.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(0, 600, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds that an answer may take.",
)
@click.option("--no-verify", is_flag=True, help="Do not look for the objects afterwards.")
@click.option("--out", type=click.Path(path_type=Path), help="Run folder (default: below runs/).")
@click.option(
    "--json",
    "as_json",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Write load.json there too; - is stdout.",
)
def command(
    device: Path | None,
    operation: Operation,
    size: int | None,
    associations: int | None,
    duration: float | None,
    count: int | None,
    rate: float | None,
    shape: ShapeKind,
    start: float | None,
    peak: float | None,
    every_s: float | None,
    for_s: float | None,
    growth: float | None,
    p99_ms: float | None,
    greedy: float | None,
    read_bytes_per_s: int | None,
    mix: str,
    faster: float | None,
    workers: int,
    window: int,
    calling_aes: tuple[str, ...],
    tls: bool,
    web: str,
    hl7_port: int | None,
    move_destination: str,
    move_port: int | None,
    ui_port: int | None,
    seed: int,
    timeout_s: float,
    no_verify: bool,
    out: Path | None,
    as_json: Path | None,
) -> int:
    """Load DEVICE.toml within its [scope], measure, look for every object, and judge.

    Without DEVICE, the embedded reference device is loaded, on loopback. Interrupt it (Ctrl-C) and
    what was measured until then is reported.
    """
    described = profiles.load(device) if device else embedded_profile()
    profile = reached_at(described, web=web, hl7_port=hl7_port)
    claimed = profile.load
    if claimed is None or not claimed.claims_anything:
        claimed = LoadSection(size_bytes=DEFAULT_SIZE, associations=_usual(profile))
    request = LoadRequest(
        operation=operation,
        shape=ShapeRequest(
            kind=shape, start=start, peak=peak, every_s=every_s, for_s=for_s, growth=growth,
            p99_ms=p99_ms, greedy=greedy, read_bytes_per_s=read_bytes_per_s,
        ),
        size_bytes=size or claimed.size_bytes,
        associations=associations or max(workers, claimed.associations),
        duration_s=duration if duration or count else DEFAULT_DURATION_S,
        count=count, rate=rate, workers=workers, window=window, mix=mix, faster=faster, tls=tls,
        calling_aes=calling_aes, move_destination=move_destination, move_port=move_port or 0,
        ui_port=ui_port, seed=seed, timeout_s=timeout_s,
    )  # fmt: skip
    refuse_beyond(request, profile)
    console = Console(stderr=True, highlight=False)
    loaded = load_device(profile, request, out=out, verify=not no_verify, console=console)
    return _reported(loaded, console, as_json)


def _usual(profile: Profile) -> int:
    """How many associations, where nothing is claimed: not more than the device admits."""
    limit = profile.acceptor.max_associations if profile.acceptor else None
    return DEFAULT_ASSOCIATIONS if limit is None else min(DEFAULT_ASSOCIATIONS, limit)


def _reported(loaded: Loaded, console: Console, as_json: Path | None) -> ExitCode:
    """Writes load.json and the report, tells how it went, and decides the exit code."""
    run, measured = loaded.run, loaded.measured
    report = write_report(run, "html", run.folder / "report.html")
    document = load_document.load_document(measured, run)
    load_document.write(document, run.folder / "load.json")
    if as_json is not None and str(as_json) == "-":
        click.echo(json.dumps(document, indent=1))
    elif as_json is not None:
        load_document.write(document, as_json)
    _numbers(measured, console)
    for row in run.results:
        if row["verdict"] not in ("PASS", "NOT_APPLICABLE"):
            console.print(finding_line(row), soft_wrap=True)
    counts = Text()
    for name, count in run.counts().items():
        sign, style = STYLES[name]
        counts.append(f"{sign} {count} {name.replace('_', ' ').lower()}   ", style)
    console.print(counts)
    if not run.document["complete"]:
        why = measured.why or "ended before its time"
        console.print(Text(f"INCOMPLETE: {why}", "bold yellow"), soft_wrap=True)
    console.print(Text(f"report: {report}", "default"), soft_wrap=True)
    return _exit_code(loaded)


def _numbers(measured: Measurement, console: Console) -> None:
    latency = measured.latency_ms
    lines = [
        f"{measured.count} served, {measured.errors} not, in {measured.duration_s:.2f} s: "
        f"{measured.objects_per_s:,.1f}/s, {measured.mb_per_s:,.2f} MB/s",
        f"latency in ms: p50 {latency.p50:.2f}, p90 {latency.p90:.2f}, p99 {latency.p99:.2f}, "
        f"p99.9 {latency.p99_9:.2f}, max {latency.max:.2f}",
    ]
    kept = [step for step in measured.steps if step.kept]
    if kept:
        best = max(kept, key=lambda step: step.achieved)
        lines.append(f"knee: {best.achieved:,.1f}/s kept, p99 {best.p99_ms:.2f} ms")
    ledger = measured.ledger
    if ledger is not None and ledger.acknowledged:
        lines.append(
            f"objects: {ledger.acknowledged} acknowledged, {ledger.looked_for} looked for, "
            f"{ledger.lost} lost, {ledger.duplicated} duplicated, {ledger.mixed_up} mixed up"
        )
    moved = measured.moved
    if moved is not None:
        lines.append(
            f"moved: {moved.announced} announced as sent, {moved.arrived} arrived, "
            f"{moved.missing} missing, {moved.failed} failed, {moved.unasked} unasked"
        )
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


def _exit_code(loaded: Loaded) -> ExitCode:
    counts = loaded.run.counts()
    if counts.get("ERROR"):
        return ExitCode.HARNESS_ERROR
    if baselines.judge(loaded.run, baselines.NOTHING_EXPECTED).unexpected:
        return ExitCode.UNEXPECTED_RESULT
    judged = counts.get("PASS", 0) + counts.get("WARN", 0)
    if not loaded.run.document["complete"] or not judged:
        return ExitCode.NOTHING_CONCLUSIVE
    return ExitCode.EXPECTED
