"""The requestor: strict by default, and wrong in one way per flaw."""

import ssl
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from simulators import wire
from simulators.devices.reference.flaw_table import flaws
from simulators.devices.reference.tls_gullible_requestor import FOOLED
from simulators.wire.messages import c_echo_rsp
from simulators.wire.transfer import p_data
from tests.simulators.devices import hostile
from tests.simulators.devices.conftest import Lab
from tests.simulators.devices.hostile import Script, acceptor
from tests.simulators.devices.peer import Peer
from tests.simulators.devices.running import ENV, scu
from tests.simulators.devices.test_scu_services import FLAWS as SERVICES

Done = subprocess.CompletedProcess[str]


def call(service: str, port: int, *more: str) -> tuple[str, ...]:
    return (service, "--host", "127.0.0.1", "--port", str(port), "--timeout", "0.6", *more)


@dataclass(frozen=True)
class Expectation:
    """What the requestor does on a script: exit code, and the last thing that the peer heard."""

    script: Script
    sound: tuple[int, str]
    flawed: tuple[int, str]


OK = (0, "CLOSED")
UNKNOWN = wire.RawPDU(type=0x77, body=bytes(4))

EXPECTED: dict[str, Expectation] = {
    "scu_skips_unknown_pdu": Expectation(hostile.before_answer(UNKNOWN), (1, "ABORT 2/1"), OK),
    "scu_ignores_pdu_length_mismatch": Expectation(
        hostile.altered(lambda ac: replace(ac, length=len(wire.encode(ac)) - 7)),
        (1, "ABORT 2/6"),
        OK,
    ),
    "scu_ignores_subitem_length": Expectation(
        hostile.altered(hostile.bad_sub_item), (1, "ABORT 2/6"), OK
    ),
    "scu_uses_unproposed_context": Expectation(
        hostile.altered(hostile.foreign_context), (1, "ABORT 2/6"), OK
    ),
    "scu_dies_on_application_context": Expectation(
        hostile.altered(hostile.other_application_context), (1, "ABORT 2/6"), (-11, "CLOSED")
    ),
    "scu_ignores_state_table": Expectation(
        hostile.before_answer(*p_data(1, c_echo_rsp(1))), (1, "ABORT 2/2"), OK
    ),
    "scu_ignores_pdv_length": Expectation(
        hostile.altered_response(hostile.lying_pdv), (1, "ABORT 2/6"), OK
    ),
    "scu_max_pdu_not_enforced": Expectation(hostile.oversized_response, (1, "ABORT 2/6"), OK),
    "scu_takes_any_response": Expectation(
        hostile.responding(*p_data(1, c_echo_rsp(7))), (1, "ABORT 0/0"), OK
    ),
    "scu_ignores_context": Expectation(
        hostile.responding(*p_data(77, c_echo_rsp(1))), (1, "ABORT 2/6"), OK
    ),
    "scu_takes_release_for_success": Expectation(hostile.releasing, (1, "CLOSED"), (0, "CLOSED")),
}


def run(script: Script, *more: str) -> tuple[int, list[str]]:
    with acceptor(script) as peer:
        done = scu(*call("echo", peer.port, *more))
    return done.returncode, peer.heard


@pytest.mark.parametrize("name", list(EXPECTED))
def test_requestor_is_strict_and_its_flaw_is_not(name: str) -> None:
    expected = EXPECTED[name]
    code, heard = run(expected.script)
    assert (code, heard[-1]) == expected.sound
    code, heard = run(expected.script, "--flaw", name)
    assert (code, heard[-1]) == expected.flawed
    assert run(hostile.serve_echo, "--flaw", name)[0] == 0


def test_trusting_the_pdu_length_costs_memory() -> None:
    def script(peer: Peer, _rq: wire.AssociateRQ) -> None:
        peer.send(b"\x02\0" + (300 << 20).to_bytes(4, "big"))

    def peak(*more: str) -> int:
        with acceptor(script) as peer:
            return measured("scu", *call("echo", peer.port, *more))

    assert peak() < 100 << 10
    assert peak("--flaw", "scu_trusts_pdu_length") > 300 << 10


def measured(*arguments: str) -> int:
    """Return the peak memory of a device in KiB; ru_maxrss would count the parent's too."""
    code = (
        "import sys; from simulators.devices.reference import main; main(sys.argv[1:]);"
        "lines = open('/proc/self/status').read().splitlines();"
        "print(next(line.split()[1] for line in lines if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env=ENV,
        timeout=20,
        check=True,
    )
    return int(done.stdout)


def test_lingering_after_release() -> None:
    """A sound requestor closes at once; the flawed one waits for the peer."""
    assert run(hostile.serve_echo) == (0, ["RQ", "CLOSED"])
    assert run(hostile.serve_echo, "--flaw", "scu_lingers_after_release") == (0, ["RQ", "SILENT"])


@pytest.mark.parametrize("where", ["answer", "response", "release"])
def test_silence_ends_by_timeout_unless_flawed(where: str) -> None:
    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        if where != "answer":
            hostile.accept(peer, rq)
        if where == "release":
            hostile.answer_echo(peer)
            hostile.expect(peer, "RELEASE-RQ")

    code, heard = run(script)
    assert code == 1
    assert heard[-1] in {"ABORT 0/0", "REQUEST"}
    _, heard = run(script, "--flaw", "scu_waits_forever")
    assert heard[-1] in {"SILENT", "REQUEST"}


def test_release_collision_is_resolved() -> None:
    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        hostile.accept(peer, rq)
        hostile.answer_echo(peer)
        hostile.expect(peer, "RELEASE-RQ")
        peer.send(wire.ReleaseRQ())
        hostile.expect(peer, "RELEASE-RP")
        peer.send(wire.ReleaseRP())

    assert run(script) == (0, ["RQ", "CLOSED"])


def test_a_release_without_end_is_left_unless_flawed() -> None:
    def script(peer: Peer, rq: wire.AssociateRQ) -> None:
        hostile.accept(peer, rq)
        hostile.answer_echo(peer)
        hostile.expect(peer, "RELEASE-RQ")
        for _ in range(10):  # 2 s, more than thrice the requestor's timer
            peer.send(wire.ReleaseRQ())
            if peer.hear(0.2) == "CLOSED":
                raise hostile.SurprisedError("gone")

    assert run(script)[1][-1] != "SILENT"
    assert run(script)[0] == 1
    code, heard = run(script, "--flaw", "scu_releases_for_ever")
    assert code == 1
    assert "gone" not in heard


def test_refusal_is_reported() -> None:
    def script(peer: Peer, _rq: wire.AssociateRQ) -> None:
        peer.send(wire.AssociateRJ(result=1, source=1, reason=7))

    with acceptor(script) as peer:
        done = scu(*call("echo", peer.port))
    assert done.returncode == 1
    assert done.stderr == "echo failed: refused: result 1, source 1, reason 7\n"


@pytest.mark.parametrize("mode", [(), ("--bit-preserving",)])
def test_get_keeps_objects_and_refuses_hostile_names(mode: tuple[str, ...], tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    more = ("--out", str(out), "--study", "1.2.3.4", *mode)
    with acceptor(hostile.retrieve("1.2.3.4.9")) as peer:
        assert scu(*call("get", peer.port, *more)).returncode == 0
    assert [path.name for path in out.iterdir()] == ["1.2.3.4.9.dcm"]
    with acceptor(hostile.retrieve("../escaped")) as peer:
        assert scu(*call("get", peer.port, *more)).returncode == 1
    assert not (tmp_path / "escaped").exists()


def test_trusting_the_uid_shows_in_bit_preserving_mode_only(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    more = ("--out", str(out), "--study", "1.2.3.4", "--flaw", "scu_trusts_uid")
    with acceptor(hostile.retrieve("../escaped")) as peer:
        assert scu(*call("get", peer.port, *more)).returncode == 1
    assert not (tmp_path / "escaped").exists()
    with acceptor(hostile.retrieve("../escaped")) as peer:
        assert scu(*call("get", peer.port, *more, "--bit-preserving")).returncode == 0
    assert (tmp_path / "escaped").exists()


def test_a_call_that_succeeded_may_be_reported_as_failed() -> None:
    for more, code in (((), 0), (("--flaw", "scu_reports_failure"), 1)):
        with acceptor(hostile.serve_echo) as peer:
            assert scu(*call("echo", peer.port, *more)).returncode == code


BAD_SERVERS = ["self_signed", "lookalike", "expired", "early", "other_host", "client_only"]
FORGIVEN = {
    "": [],
    "scu_accepts_self_signed": ["self_signed"],
    "scu_trusts_subject_name": ["lookalike"],
    "scu_ignores_validity": ["expired", "early"],
    "scu_no_host_check": ["other_host"],
    "scu_ignores_eku": ["client_only"],
}


def server(lab: Lab, identity: str, suites: str = "") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(lab.files[identity].cert, lab.files[identity].key)
    if suites:
        context.set_ciphers(f"{suites}:@SECLEVEL=0")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def tls_echo(lab: Lab, context: ssl.SSLContext | None, *more: str) -> int:
    with acceptor(hostile.serve_echo, context) as peer:
        arguments = call("echo", peer.port, "--tls", *lab.arguments("client"), *more)
        return scu(*arguments).returncode


@pytest.mark.parametrize("flaw", list(FORGIVEN))
def test_server_certificate_is_verified_but_for_the_flaw(flaw: str, lab: Lab) -> None:
    more = ("--flaw", flaw) if flaw else ()
    assert tls_echo(lab, server(lab, "device"), *more) == 0
    accepted = [name for name in BAD_SERVERS if tls_echo(lab, server(lab, name), *more) == 0]
    assert accepted == FORGIVEN[flaw]


def test_plain_is_no_answer_to_tls(lab: Lab) -> None:
    assert tls_echo(lab, None) == 1
    assert tls_echo(lab, None, "--flaw", "scu_falls_back_to_plain") == 0


def test_old_versions(lab: Lab) -> None:
    context = server(lab, "device", "ALL")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    assert tls_echo(lab, context) == 1
    assert tls_echo(lab, context, "--flaw", "scu_tls_min_1_0") == 0


def test_only_tls_1_2(lab: Lab) -> None:
    context = server(lab, "device")
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    assert tls_echo(lab, context) == 0
    assert tls_echo(lab, context, "--flaw", "scu_tls12_only") == 1


@pytest.mark.parametrize("suites", ["NULL-SHA256", "AES128-SHA", "AECDH-AES128-SHA"])
def test_weak_suites(suites: str, lab: Lab) -> None:
    context = server(lab, "device", suites)
    assert tls_echo(lab, context) == 1
    assert tls_echo(lab, context, "--flaw", "scu_weak_suites") == 0


def test_pinned_certificate_replaces_the_host_name(lab: Lab) -> None:
    pin = ("--twin", "FO-5", "--pin", str(lab.files["other_host"].cert))
    assert tls_echo(lab, server(lab, "other_host"), *pin) == 0
    assert tls_echo(lab, server(lab, "device"), *pin) == 1


LATE = (
    "scu_ignores_broken_records",
    "scu_reports_success_when_cut",
    "scu_renegotiates_without_limit",
    "scu_hides_failure",
    "scu_unlisted_suite",
    "scu_lacks_3des",
)
"""Flaws that an honest server cannot notice; calibration plays the attacks that can."""


@pytest.mark.parametrize("flaw", LATE)
def test_an_honest_server_notices_nothing(flaw: str, lab: Lab) -> None:
    assert tls_echo(lab, server(lab, "device"), "--flaw", flaw) == 0


def test_a_hidden_failure_is_a_success_to_the_caller(lab: Lab) -> None:
    assert tls_echo(lab, server(lab, "self_signed")) == 1
    assert tls_echo(lab, server(lab, "self_signed"), "--flaw", "scu_hides_failure") == 0


def test_every_requestor_flaw_has_a_test() -> None:
    named = {name for name, flaw in flaws().items() if flaw.role == "requestor"}
    elsewhere = {
        "scu_trusts_pdu_length",
        "scu_lingers_after_release",
        "scu_waits_forever",
        "scu_trusts_uid",
        "scu_reports_failure",
        "scu_falls_back_to_plain",
        "scu_tls_min_1_0",
        "scu_tls12_only",
        "scu_weak_suites",
        "scu_ignores_key_usage",
        "scu_leaf_may_issue",
        "scu_ignores_name_constraints",
        "scu_ignores_critical_extension",
        "scu_accepts_incomplete_chain",
        "scu_ignores_revocation",
        "scu_accepts_weak_key",
        "scu_accepts_malformed_certificate",
        "scu_refuses_odd_certificate",
        "scu_matches_common_name",
        "scu_loose_wildcards",
        "scu_waits_forever_in_tls",
        "scu_falls_back_in_version",
        "scu_offers_one_group",
        "scu_hello_lacks_ems",
        "scu_ignores_missing_renegotiation_info",
        "scu_releases_for_ever",
        *SERVICES,
        *FOOLED,
        *LATE,
    }
    assert named == {*EXPECTED, *(name for name in FORGIVEN if name), *elsewhere}
