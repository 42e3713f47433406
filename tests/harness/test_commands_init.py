from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from harness import probing
from harness import profile as profiles
from harness.errors import ScopeError
from harness.model import Claim
from harness.probing import Observed
from harness.profile import Profile
from harness.profile_writer import Answers, profile_text
from harness.verdict import Outcome
from simulators.bench import open_bench
from simulators.devices.embedded import embedded_profile
from tests.harness.commands import Ran, run

ROOT = Path(__file__).parents[2]

SEEN = Observed(
    outcome=Outcome.ACCEPTED,
    detail="3 of 46 presentation contexts were accepted",
    services=("verification", "storage"),
    transfer_syntaxes=("1.2.840.10008.1.2",),
    max_pdu=16384,
    implementation="2.25.1 SOME_DEVICE",
    echo_status=0,
    refuses_called=True,
    refuses_calling=False,
)
BEHIND_TLS = Observed(
    outcome=Outcome.RESET,
    detail="it speaks TLS",
    tls=("1.3", "1.2"),
    asks_for_certificate=True,
)


class FakeProbe:
    """A probe that remembers what it was asked, and sees what it is told to see."""

    def __init__(self) -> None:
        self.asked: list[Profile] = []
        self.seen: Observed | ScopeError = SEEN

    def __call__(self, profile: Profile) -> Observed:
        self.asked.append(profile)
        if isinstance(self.seen, ScopeError):
            raise self.seen
        return self.seen


@pytest.fixture(name="probe")
def _probe(monkeypatch: pytest.MonkeyPatch) -> FakeProbe:
    probe = FakeProbe()
    monkeypatch.setattr(probing, "probe", probe)
    return probe


def init(folder: Path, *arguments: str, typed: str | None = None) -> tuple[Ran, Path]:
    out = folder / "device.toml"
    return run("init", *arguments, "--out", str(out), typed=typed), out


def test_what_was_observed_is_claimed_and_nothing_else(tmp_path: Path, probe: FakeProbe) -> None:
    ran, out = init(tmp_path, "127.0.0.1:11112", "--ae-title", "ARCHIVE", "--yes")
    assert ran.code == 0, ran.err
    written = profiles.load(out)
    assert written.claims() == {
        Claim.ACCEPTOR,
        Claim.PLAIN_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.STORAGE_SCP,
        Claim.CHECKS_CALLED_AE,
        Claim.CONCURRENT_ASSOCIATIONS,
    }
    assert written.acceptor is not None
    assert written.acceptor.artim_s is None
    assert written.acceptor.max_pdu == 16384
    text = out.read_text()
    assert "max_pdu = 16384  # observed: announced by the device\n" in text
    assert 'manufacturer = "unknown"  # assumed' in text
    assert "#   artim_s: Claimed ARTIM timer" in text
    assert "assay doctor" in ran.err


def test_the_probe_is_asked_within_the_loopback_scope(tmp_path: Path, probe: FakeProbe) -> None:
    init(tmp_path, "[::1]:104", "--yes", "--calling", "US")
    [asked] = probe.asked
    assert asked.acceptor is not None
    assert (asked.acceptor.host, asked.acceptor.port) == ("::1", 104)
    assert asked.acceptor.calling_ae_titles == ("US",)
    assert asked.scope.networks == ("127.0.0.0/8", "::1/128")


@pytest.mark.parametrize(
    ("options", "networks"),
    [
        ([], ("192.0.2.7/32",)),
        (["--network", "192.0.2.0/28"], ("192.0.2.0/28",)),
    ],
)
def test_somebody_may_permit_more(
    tmp_path: Path, probe: FakeProbe, options: list[str], networks: tuple[str, ...]
) -> None:
    who = ["--i-am-authorised", "J. Smith"]
    ran, out = init(tmp_path, "192.0.2.7:104", "--yes", *who, *options)
    assert ran.code == 0, ran.err
    scope = profiles.load(out).scope
    assert scope == probe.asked[0].scope
    assert scope.networks == ("127.0.0.0/8", "::1/128", *networks)
    assert scope.authorised_by == "J. Smith"


def test_questions_are_asked_for_what_is_not_given(tmp_path: Path, probe: FakeProbe) -> None:
    probe.seen = BEHIND_TLS
    typed = "127.0.0.1:2762\nARCHIVE\nAcme\nBox\nverification, storage\n\n"
    ran, out = init(tmp_path, typed=typed)
    assert ran.code == 0, ran.err
    written = profiles.load(out)
    assert (written.device.manufacturer, written.device.model) == ("Acme", "Box")
    assert written.acceptor is not None
    assert (written.acceptor.port, written.acceptor.tls_port) == (None, 2762)
    assert written.tls is not None
    assert (written.tls.mutual, written.tls.versions) == (True, ("1.2", "1.3"))
    assert {Claim.STORAGE_SCP, Claim.MUTUAL_TLS, Claim.TLS_1_3} <= written.claims()
    assert "# given: verification, storage" in out.read_text()


def test_a_device_that_only_calls_others(tmp_path: Path, probe: FakeProbe) -> None:
    ran, out = init(tmp_path, typed="\nAcme\nScanner\nstorage\n")
    assert ran.code == 0, ran.err
    written = profiles.load(out)
    assert written.acceptor is None
    assert written.requestor is not None
    assert written.requestor.manual
    assert probe.asked == []


def test_an_existing_file_is_kept(tmp_path: Path, probe: FakeProbe) -> None:
    (tmp_path / "device.toml").write_text("mine")
    ran, out = init(tmp_path, "127.0.0.1:104", "--yes")
    assert (ran.code, out.read_text(), probe.asked) == (2, "mine", [])
    assert "--force" in ran.err
    ran, out = init(tmp_path, "127.0.0.1:104", "--yes", "--force")
    assert ran.code == 0
    assert profiles.load(out).acceptor is not None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--yes"], "--yes needs HOST:PORT"),
        (["127.0.0.1", "--yes"], "is not HOST:PORT"),
        ([":104", "--yes"], "is not HOST:PORT"),
        (["127.0.0.1:x", "--yes"], "is not HOST:PORT"),
        (["127.0.0.1:70000", "--yes"], "between 1 and 65535"),
        (["127.0.0.1:104", "--yes", "--network", "10.0.0.0/8"], "needs --i-am-authorised"),
        (["h:1", "--yes", "--i-am-authorised", "x", "--network", "10.1/8"], "--network 10.1/8"),
        (["pacs:104", "--yes", "--i-am-authorised", "x"], "is a name"),
        (["127.0.0.1:104", "--yes", "--ae-title", "A" * 17], "acceptor.ae_title"),
    ],
)
def test_a_wrong_call_says_why(
    tmp_path: Path, probe: FakeProbe, arguments: list[str], said: str
) -> None:
    ran, out = init(tmp_path, *arguments)
    assert (ran.code, probe.asked, out.exists()) == (2, [], False)
    assert said in ran.err


@pytest.mark.parametrize(
    ("seen", "code", "said"),
    [
        (ScopeError("192.0.2.1 is outside the scope"), 2, "--i-am-authorised"),
        (Observed(outcome=Outcome.REFUSED, detail="refused"), 3, "does the device run?"),
        (Observed(outcome=Outcome.REJECTED, detail="r", reason=7), 3, "--ae-title"),
        (Observed(outcome=Outcome.REJECTED, detail="r", reason=3), 3, "--calling"),
        (Observed(outcome=Outcome.GARBAGE, detail="no PDU"), 3, "no PDU"),
    ],
)
def test_nothing_is_written_about_what_does_not_answer(
    tmp_path: Path, probe: FakeProbe, seen: Observed | ScopeError, code: int, said: str
) -> None:
    probe.seen = seen
    ran, out = init(tmp_path, "127.0.0.1:104", "--yes")
    assert (ran.code, out.exists()) == (code, False)
    assert said in ran.err


def test_a_service_that_does_not_exist_is_refused(tmp_path: Path, probe: FakeProbe) -> None:
    ran, out = init(tmp_path, typed="\n\n\ncoffee\n")
    assert (ran.code, out.exists()) == (2, False)
    assert "requestor.services" in ran.err


def test_nothing_to_test_is_refused(tmp_path: Path, probe: FakeProbe) -> None:
    ran, out = init(tmp_path, typed="\n\n\n\n")
    assert (ran.code, out.exists()) == (2, False)
    assert "nothing to test" in ran.err


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path, probe: FakeProbe) -> None:
    ran, _ = init(tmp_path / "none", "127.0.0.1:104", "--yes")
    assert ran.code == 2
    assert "cannot write" in ran.err


@pytest.mark.parametrize(
    "text", ['"', "\\", "\n[process]\nstart = ['x']", "\x00\x7f\x1b", "ü\u2028"]
)
def test_hostile_text_stays_where_it_stands(text: str) -> None:
    seen = replace(SEEN, implementation=text, detail=text, remarks=(text,))
    given = Answers(manufacturer=f"a{text}", model=f"b{text}", host="127.0.0.1", port=1)
    parsed = tomllib.loads(profile_text(given, seen, "today"))
    assert parsed["device"] == {"manufacturer": f"a{text}", "model": f"b{text}"}
    assert parsed.keys() == {"schema", "device", "acceptor"}


def test_an_echo_that_fails_is_no_claim() -> None:
    given = Answers(host="127.0.0.1", port=1)
    text = profile_text(given, replace(SEEN, echo_status=0x0110), "today")
    assert tomllib.loads(text)["acceptor"]["services"] == ["storage"]
    assert "not answered by success (status 0110H)" in text


@pytest.fixture(name="device", scope="module")
def _device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profile]:
    """The reference device with its real ports."""
    bench = open_bench(embedded_profile(), tmp_path_factory.mktemp("run"), 0, lambda _: None)
    try:
        bench.start()
        yield bench.profile
    finally:
        bench.stop()


@pytest.fixture(name="real_probe")
def _real_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("default", "simulators.probe:probe", "dicom_assay.probes")
    monkeypatch.setattr(probing, "entry_points", lambda group: [entry])


@pytest.mark.slow
@pytest.mark.usefixtures("real_probe")
def test_the_reference_device_in_clear(tmp_path: Path, device: Profile) -> None:
    assert device.acceptor is not None
    where = f"127.0.0.1:{device.acceptor.port}"
    ran, _ = init(tmp_path, where, "--yes")
    assert (ran.code, "--ae-title" in ran.err) == (3, True)
    ran, _ = init(tmp_path, where, "--yes", "--ae-title", "REFERENCE", "--calling", "WRONG")
    assert (ran.code, "--calling" in ran.err) == (3, True)
    ran, out = init(tmp_path, where, "--yes", "--ae-title", "REFERENCE")
    assert ran.code == 0, ran.err
    written = profiles.load(out)
    assert written.acceptor is not None
    assert written.acceptor.calling_ae_titles == ("ASSAY",), "the only one that was tried"
    same = {"port", "ae_title", "checks_called_ae", "max_pdu"}
    same |= {"transfer_syntaxes"}
    for key in same:
        assert getattr(written.acceptor, key) == getattr(device.acceptor, key)
    assert set(written.acceptor.services) == {
        "verification", "storage", "query", "retrieve", "storage-commitment", "mpps",
    }  # fmt: skip
    assert written.claims() < device.claims()
    assert run("doctor", str(out)).code == 0


@pytest.mark.slow
@pytest.mark.usefixtures("real_probe")
def test_the_reference_device_behind_tls(tmp_path: Path, device: Profile) -> None:
    assert device.acceptor is not None
    ran, out = init(tmp_path, f"127.0.0.1:{device.acceptor.tls_port}", "--yes")
    assert ran.code == 0, ran.err
    written = profiles.load(out)
    assert written.tls is not None
    assert (written.tls.versions, written.tls.mutual) == (("1.2", "1.3"), True)
    assert written.claims() <= device.claims()


@pytest.mark.usefixtures("real_probe")
def test_nothing_is_sent_beyond_the_scope(tmp_path: Path) -> None:
    ran, out = init(tmp_path, "192.0.2.1:104", "--yes")
    assert (ran.code, out.exists()) == (2, False)
    assert "outside the scope" in ran.err


def test_without_a_probe_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "entry_points", lambda group: [])
    ran, _ = init(tmp_path, "127.0.0.1:104", "--yes")
    assert (ran.code, "reinstall dicom-assay" in ran.err) == (3, True)


@pytest.mark.interop
@pytest.mark.usefixtures("real_probe")
def test_a_real_device(tmp_path: Path) -> None:
    profile = profiles.load(ROOT / "devices/dcmtk-storescp.toml")
    bench = open_bench(profile, tmp_path / "run", 0, lambda _: None)
    try:
        bench.start()
        assert bench.profile.acceptor is not None
        ran, out = init(tmp_path, f"127.0.0.1:{bench.profile.acceptor.port}", "--yes")
        assert ran.code == 0, ran.err
        written = profiles.load(out).acceptor
    finally:
        bench.stop()
    assert written is not None
    assert written.services == ("verification", "storage")
    assert written.checks_called_ae is False
    assert written.calling_ae_titles == ()
