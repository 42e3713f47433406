"""``assay load`` over a fake device and a fake generator: no network, no child process."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness import load_session
from harness import run as runs
from harness.bench import Announce, Bench
from harness.commands import load as command
from harness.errors import BenchError, ScopeError
from harness.model import JSON
from harness.profile import Profile
from harness.run import Run
from harness.verdict import ExitCode
from tests.harness.conftest import Said
from tests.harness.fakes import CRASHED, SICK, FakeBench
from tests.harness.loads import FakeLoad, a_caller, a_step, ledger, measured

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
PROFILE = """
schema = 1
[device]
manufacturer = "nobody"
model = "fake archive"
[acceptor]
port = 104
services = ["verification", "storage", "query-retrieve"]
max_associations = 12
[load]
rate = 100
p99_ms = 250
recovery_s = 2
fair_share = 0.5
"""
KEYS = (
    "schema", "operation", "size_bytes", "associations", "workers", "duration_s", "count",
    "errors", "objects_per_s", "mb_per_s", "client_cpu_us_per_object", "latency_ms", "lost",
    "duplicated", "results",
)  # fmt: skip
"""What other programs rely on."""


@dataclass
class Stand:
    """A stand with a fake device and a fake generator.

    Attributes:
        profile: A device profile on disk.
        out: A run folder that does not exist yet.
        benches: Every bench that was opened.
        load: The generator.
    """

    assay: Callable[..., Said]
    profile: Path
    out: Path
    benches: list[FakeBench] = field(default_factory=list)
    load: FakeLoad = field(default_factory=FakeLoad)
    prepare: Callable[[FakeBench], None] = lambda _bench: None

    def open_bench(
        self, profile: Profile, folder: Path, seed: int, announce: Announce
    ) -> FakeBench:
        """As the installed bench is opened."""
        bench = FakeBench(profile)
        self.prepare(bench)
        self.benches.append(bench)
        return bench

    def open_load(self, bench: Bench, folder: Path, seed: int) -> FakeLoad:
        """As the installed generator is opened: for a device that was started."""
        assert self.benches[-1].starts == 1
        return self.load

    def run(self, *arguments: str) -> Said:
        """`assay load` of the profile into :attr:`out`, 200 objects at the claimed rate."""
        load = ("--rate", "100", "--count", "200") if "--rate" not in arguments else ()
        return self.assay("load", str(self.profile), "--out", str(self.out), *load, *arguments)

    def verdicts(self) -> dict[str, str]:
        """Verdict and kind or code, by id, as run.json has them."""
        return {
            str(row["id"]): f"{row['verdict']} {row['kind'] or row['code']}".strip()
            for row in runs.load(self.out).results
        }

    def written(self) -> Mapping[str, JSON]:
        """load.json."""
        document = json.loads((self.out / "load.json").read_text("utf-8"))
        assert isinstance(document, dict)
        return document


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch, assay: Callable[..., Said], tmp_path: Path) -> Stand:
    profile = tmp_path / "archive.toml"
    profile.write_text(PROFILE)
    stand = Stand(assay, profile, tmp_path / "out")
    monkeypatch.setattr(load_session, "open_bench", stand.open_bench)
    monkeypatch.setattr(load_session, "open_load", stand.open_load)
    monkeypatch.setattr(command, "write_report", _reported)
    return stand


def _reported(run: Run, kind: str, target: Path) -> Path:
    target.write_text(f"{kind} report of {run.folder}")
    return target


def _waited(over: threading.Event) -> None:
    assert over.wait(30)


def test_a_good_device_passes(stand: Stand) -> None:
    said = stand.run()
    assert said.code == ExitCode.EXPECTED, said.err
    assert stand.verdicts() == dict.fromkeys(
        ("LOAD-500", "LOAD-501", "LOAD-502", "LOAD-503", "LOAD-504", "LOAD-505", "LOAD-508",
         "LOAD-509"), "PASS",
    )  # fmt: skip
    assert "200 served, 0 not, in 2.00 s: 100.0/s" in said.err
    assert "200 acknowledged, 200 looked for, 0 lost" in said.err
    assert said.out == ""
    bench = stand.benches[0]
    assert (bench.starts, bench.stops) == (1, 1)


def test_the_run_folder_has_everything(stand: Stand) -> None:
    stand.run()
    names = {path.name for path in stand.out.iterdir()}
    assert {"run.json", "record.jsonl", "report.html", "load.json", "device.toml"} <= names
    document = json.loads((stand.out / "run.json").read_text("utf-8"))
    schema = json.loads((SCHEMAS / "run.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(document)
    assert document["complete"] is True
    (row,) = document["measurements"]
    assert (row["scenario"], row["play"], row["count"]) == ("LOAD-500", "LOAD", 200)
    assert row["ledger"]["found"] == 200
    assert [look["descriptors"] for look in row["device"]][:2] == [9, 9]
    assert row["recovery_s"] is not None


def test_load_json_has_the_keys_that_others_rely_on(stand: Stand) -> None:
    said = stand.run("--json", "-")
    document = json.loads(said.out)
    assert document == stand.written()
    assert [key for key in KEYS if key not in document] == []
    assert document["schema"] == "dicom-assay/load/1"
    assert {"p50", "p90", "p99", "p99_9", "max"} <= document["latency_ms"].keys()
    assert (document["lost"], document["duplicated"], document["mixed_up"]) == (0, 0, 0)
    schema = json.loads((SCHEMAS / "load.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(document)


def test_json_to_a_file(stand: Stand, tmp_path: Path) -> None:
    said = stand.run("--json", str(tmp_path / "mine.json"))
    assert said.out == ""
    assert json.loads((tmp_path / "mine.json").read_text("utf-8")) == stand.written()


def test_a_device_that_loses_objects_fails(stand: Stand) -> None:
    stand.load.found = ledger(found=198, lost=2, examples=("1.2.3", "1.2.4"))
    said = stand.run()
    assert said.code == ExitCode.UNEXPECTED_RESULT
    assert stand.verdicts()["LOAD-503"] == "FAIL loss"
    assert "for example 1.2.3" in said.err
    assert stand.written()["lost"] == 2


def test_a_slow_device_fails_by_rate_and_latency(stand: Stand) -> None:
    slow = measured(duration_s=8.0, objects_per_s=25.0, latency_ms={"p99": 900.0, "max": 999.0})
    stand.load.measurement = slow
    assert stand.run().code == ExitCode.UNEXPECTED_RESULT
    verdicts = stand.verdicts()
    assert (verdicts["LOAD-501"], verdicts["LOAD-502"]) == ("FAIL slow", "FAIL slow")
    assert verdicts["LOAD-503"] == "PASS"


def test_a_generator_that_was_the_limit_fails_nobody(stand: Stand) -> None:
    stand.load.measurement = measured(duration_s=8.0, objects_per_s=25.0, late=180)
    assert stand.run().code == ExitCode.EXPECTED
    assert stand.verdicts()["LOAD-501"] == "INCONCLUSIVE INSUFFICIENT_EVIDENCE"


def test_what_nobody_claims_is_not_applicable(stand: Stand) -> None:
    stand.profile.write_text(PROFILE.partition("[load]")[0])
    assert stand.run().code == ExitCode.EXPECTED
    rows = {str(row["id"]): row for row in runs.load(stand.out).results}
    assert rows["LOAD-501"]["verdict"] == "NOT_APPLICABLE"
    assert rows["LOAD-501"]["reason"] == "the profile does not claim load-rate"


def test_without_verification_nothing_is_said_of_the_objects(stand: Stand) -> None:
    assert stand.run("--no-verify").code == ExitCode.EXPECTED
    assert not {"LOAD-503", "LOAD-504", "LOAD-505"} & stand.verdicts().keys()
    assert stand.load.verified == 0
    assert stand.written()["lost"] is None


def test_objects_that_nobody_can_look_for_are_not_called_found(stand: Stand) -> None:
    stand.load.found = ledger(looked_for=0, found=0, compared=0, how=())
    assert stand.run().code == ExitCode.EXPECTED
    assert stand.verdicts()["LOAD-503"] == "INCONCLUSIVE INSUFFICIENT_EVIDENCE"
    assert stand.written()["lost"] is None


def test_an_echo_has_nothing_to_lose(stand: Stand) -> None:
    stand.load.measurement = measured(octets=0, size_bytes=0)
    assert stand.run("--operation", "echo").code == ExitCode.EXPECTED
    assert stand.verdicts().keys() == {"LOAD-500", "LOAD-508", "LOAD-509"}
    assert stand.written()["lost"] == 0


def test_more_associations_than_claimed_ask_for_rejections(stand: Stand) -> None:
    refused = {"endings": {"rejected 2/3/2": 8}, "errors": 8, "associations": 20}
    stand.load.measurement = measured(**refused)
    stand.run("--associations", "20")
    verdicts = stand.verdicts()
    assert verdicts["LOAD-510"] == "PASS"
    assert "LOAD-500" not in verdicts


def test_a_greedy_caller_asks_for_fairness(stand: Stand) -> None:
    callers = (a_caller("CT"), a_caller("MR"), a_caller("BIG", greedy=True))
    stand.load.measurement = measured(callers=callers)
    said = stand.run("--shape", "greedy", "--greedy", "0.8", "--calling", "CT", "--calling", "BIG")
    assert said.code == ExitCode.EXPECTED
    assert stand.verdicts()["LOAD-506"] == stand.verdicts()["LOAD-507"] == "PASS"
    (request,) = stand.load.asked
    assert (request.shape.greedy, request.calling_aes) == (0.8, ("CT", "BIG"))


def test_the_knee_is_told(stand: Stand) -> None:
    steps = (a_step(90, kept=True), a_step(135, kept=True), a_step(202, kept=False))
    stand.load.measurement = measured(steps=steps)
    said = stand.run("--shape", "knee", "--p99", "200")
    assert "knee: 135.0/s kept" in said.err
    assert stand.verdicts()["LOAD-501"] == "PASS"


def test_what_was_claimed_is_the_default(stand: Stand) -> None:
    stand.run()
    (request,) = stand.load.asked
    assert (request.size_bytes, request.associations, request.operation) == (4096, 4, "store")


@pytest.mark.parametrize(
    ("size", "octets"),
    [("10k", 10_240), ("512K", 524_288), ("20M", 20 * 2**20), ("10KiB", 10_240), ("4097", 4097)],
)
def test_sizes(stand: Stand, size: str, octets: int) -> None:
    stand.profile.write_text(PROFILE + "\n[scope]\nmax_bytes = 8000000000\n")
    stand.run("--size", size)
    assert stand.load.asked[0].size_bytes == octets


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--rate", "5000"), "exceeds scope.max_rate = 2000"),
        (("--rate", "500", "--shape", "spike", "--peak", "9"), "peak of 9 times"),
        (("--associations", "500"), "exceeds scope.max_connections = 128"),
        (("--size", "20M"), "exceeds scope.max_bytes"),
        (("--rate", "1000", "--duration", "3600"), "exceeds scope.max_bytes"),
        (("--duration", "5"), "--count and --duration"),
        (("--workers", "5", "--associations", "2"), "more than --associations 2"),
        (("--peak", "2"), "--peak: belongs to --shape spike"),
        (("--mix", "morning"), "--mix: belongs to --operation mixed"),
        (("--operation", "commit"), "does not claim 'storage-commitment'"),
        (("--operation", "stow"), "has no web.url: give --web URL, or set url under [web]"),
        (("--operation", "hl7"), "has no hl7.port: give --hl7-port, or set port under [hl7]"),
        (("--operation", "stow", "--web", "ftp://127.0.0.1/x"), "--web 'ftp://127.0.0.1/x': must"),
        (("--operation", "qido", "--web", "http://u:p@127.0.0.1/"), "without user, query and"),
        (("--operation", "move"), "has no load.move_destination"),
        (("--operation", "move", "--destination-port", "104"), "give --destination"),
        (("--operation", "move", "--destination", "US"), "give --destination-port, or set load."),
        (("--tls",), "has no acceptor.tls_port"),
        (("--size", "10G"), "is no size"),
        (("--size", "10"), "must be between"),
        (("--operation", "fly"), "fly"),
        (("--count", "0"), "--count"),
    ],
)
def test_what_may_not_be_is_refused_in_one_line_before_anything_starts(
    stand: Stand, arguments: tuple[str, ...], words: str
) -> None:
    said = stand.run(*arguments)
    assert said.code == ExitCode.USAGE
    assert words in said.err.splitlines()[-1]
    assert stand.benches == []
    assert not stand.out.exists()


def test_the_services_beside_dicom_are_those_of_the_profile_or_of_the_flag(stand: Stand) -> None:
    more = '[web]\nurl = "http://127.0.0.1:8042/web"\n[hl7]\nport = 2575\n'
    stand.profile.write_text(PROFILE + more)
    stand.run("--operation", "stow")
    stand.out = stand.out.with_name("second")
    stand.run("--operation", "hl7", "--web", "https://127.0.0.1/else", "--hl7-port", "2576")
    found = [(one.profile.web, one.profile.hl7) for one in stand.benches]
    seen = [(web.url, web.port, hl7.port) for web, hl7 in found if web and hl7]
    assert seen == [
        ("http://127.0.0.1:8042/web", 8042, 2575),
        ("https://127.0.0.1/else", 443, 2576),
    ]


def test_a_refusal_names_the_key_the_number_and_the_file(stand: Stand) -> None:
    said = stand.run("--rate", "5000")
    assert f"set max_rate = 5000 under [scope] in {stand.profile}" in said.err


def test_a_device_without_an_acceptor(stand: Stand) -> None:
    stand.profile.write_text(
        'schema = 1\n[device]\nmanufacturer = "a"\nmodel = "b"\n'
        '[requestor]\nservices = ["verification"]\ncommands = { verification = ["x"] }\n'
    )
    said = stand.run()
    assert said.code == ExitCode.USAGE
    assert "no [acceptor]" in said.err


def test_a_run_folder_is_never_overwritten(stand: Stand) -> None:
    stand.run()
    assert stand.run().code == ExitCode.USAGE


def test_a_device_that_is_down_is_not_loaded(stand: Stand) -> None:
    stand.prepare = lambda bench: setattr(bench, "condition", SICK)
    said = stand.run("--json", "-")
    assert said.code == ExitCode.NOTHING_CONCLUSIVE
    assert json.loads(said.out)["why"] == "the device was out of service before the load"
    assert stand.load.asked == []
    assert set(stand.verdicts().values()) == {"INCONCLUSIVE DEVICE_UNHEALTHY_BEFORE"}
    assert stand.benches[0].stops == 1


def test_a_device_that_dies_under_load_crashed(stand: Stand) -> None:
    stand.load.during = lambda _cancelled: setattr(stand.benches[-1], "condition", CRASHED)
    assert stand.run().code == ExitCode.UNEXPECTED_RESULT
    assert stand.verdicts()["LOAD-500"] == "FAIL crash"


def test_a_load_that_never_left_proves_nothing(stand: Stand) -> None:
    stand.load.measurement = measured(count=0, complete=False, why="no connection")
    stand.load.found = ledger(acknowledged=0, looked_for=0, found=0)
    assert stand.run().code == ExitCode.NOTHING_CONCLUSIVE
    assert set(stand.verdicts().values()) == {"INCONCLUSIVE NOT_EMITTED"}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ScopeError("10.0.0.1 is outside the scope"), ExitCode.USAGE),
        (BenchError("no locust: install it"), ExitCode.NOTHING_CONCLUSIVE),
    ],
)
def test_errors_of_the_generator_are_one_line(
    stand: Stand, error: Exception, code: ExitCode
) -> None:
    stand.load.error = error
    said = stand.run()
    assert (said.code, said.err.splitlines()[-1]) == (code, f"assay: {error}")
    assert stand.benches[0].stops == 1


def test_ctrl_c_gives_the_whole_report_of_what_was_done(stand: Stand) -> None:
    def interrupt(cancelled: threading.Event) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert cancelled.wait(5)

    stand.load.during = interrupt
    before = signal.getsignal(signal.SIGINT)
    said = stand.run()
    assert said.code == ExitCode.NOTHING_CONCLUSIVE
    assert "INCOMPLETE: interrupted" in said.err
    assert stand.load.verified == 1
    assert stand.verdicts()["LOAD-503"] == "PASS"
    assert stand.verdicts()["LOAD-500"].startswith("INCONCLUSIVE")
    document = json.loads((stand.out / "run.json").read_text("utf-8"))
    assert document["complete"] is False
    assert document["not_finished"] == []
    assert stand.written()["complete"] is False
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_spares_the_looking(stand: Stand) -> None:
    def interrupt(cancelled: threading.Event) -> None:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        assert cancelled.wait(5)

    stand.load.during = interrupt
    stand.run()
    assert stand.load.verified == 0
    assert (stand.out / "load.json").is_file()


def test_nobody_looks_for_ever(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that answers slowly after the load does not keep the operator."""
    ended: list[bool] = []
    monkeypatch.setattr(load_session, "_LOOKS_FOR_S", 0.01)
    stand.load.measurement = measured(duration_s=0.01)
    stand.load.while_looking = lambda cancelled: ended.append(cancelled.wait(20))
    assert stand.run().code == ExitCode.EXPECTED
    assert ended == [True]
    assert stand.verdicts()["LOAD-503"] == "PASS"


def test_a_look_that_does_not_end_is_left_alone(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(load_session, "_LOOKS_FOR_S", 0.01)
    monkeypatch.setattr(load_session, "_GRACE_S", 0.01)
    stand.load.measurement = measured(duration_s=0.01)
    stand.load.while_looking = lambda _cancelled: _waited(over)
    try:
        assert stand.run().code == ExitCode.EXPECTED
        assert stand.verdicts()["LOAD-503"] == "INCONCLUSIVE INSUFFICIENT_EVIDENCE"
        assert stand.written()["lost"] is None
    finally:
        over.set()


def test_a_stored_load_is_judged_again_alike(stand: Stand) -> None:
    stand.load.found = ledger(found=199, lost=1)
    stand.run()
    before = stand.verdicts()
    said = stand.assay("rejudge", str(stand.out))
    assert "0 changed" in said.err
    assert stand.verdicts() == before


def test_a_case_can_be_explained(stand: Stand) -> None:
    said = stand.assay("explain", "load-503")
    assert said.code == ExitCode.EXPECTED
    assert "found afterwards" in said.err + said.out


def test_ui_without_a_port_takes_any(stand: Stand) -> None:
    stand.run("--ui")
    assert stand.load.asked[0].ui_port == 0


def test_help_has_examples(stand: Stand) -> None:
    said = stand.assay("load", "--help")
    assert "assay load device.toml --rate 200 --duration 60" in said.out
