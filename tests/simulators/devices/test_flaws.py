"""Every seeded flaw misbehaves as it says, on its own, and leaves honest C-ECHO alone."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from simulators.devices.reference.flaw_table import flaws, twins
from simulators.devices.reference.flaws import FlawName, TwinName, UnknownFlawError, choose
from tests.simulators.devices.access import ACCESS_FLAWS
from tests.simulators.devices.audit_flaws import AUDIT_FLAWS
from tests.simulators.devices.integrity_probes import INTEGRITY_PROBES
from tests.simulators.devices.keeping import listed, store
from tests.simulators.devices.load_probes import LOAD_PROBES
from tests.simulators.devices.parser_probes import PARSER_PROBES
from tests.simulators.devices.peer import echoes
from tests.simulators.devices.picture_probes import PICTURE_PROBES
from tests.simulators.devices.probes import PROBES as WIRE_PROBES
from tests.simulators.devices.query_probes import QUERY_PROBES
from tests.simulators.devices.running import ENV, Running, reference
from tests.simulators.devices.storage_probes import STORAGE_PROBES
from tests.simulators.devices.viewer_probes import VIEWER_PROBES
from tests.simulators.devices.web_probes import WEB_PROBES
from tests.simulators.devices.web_service_probes import WEB_SERVICE_PROBES
from tests.simulators.devices.web_tls_flaws import WEB_TLS_FLAWS

PROBES = {
    **WIRE_PROBES,
    **PICTURE_PROBES,
    **LOAD_PROBES,
    **STORAGE_PROBES,
    **QUERY_PROBES,
    **INTEGRITY_PROBES,
    **PARSER_PROBES,
}
ELSEWHERE = (
    "loses_on_restart",
    "moves_less_than_it_says",
    "anyone_may_reject",
    "ignores_rejection_notes",
    "dies_of_repeated_empty_items",
    "dies_of_unknown_vr",
    "stops_at_empty_fragment",
    *ACCESS_FLAWS,
    *AUDIT_FLAWS,
    *WEB_PROBES,
    *WEB_SERVICE_PROBES,
    *VIEWER_PROBES,
    *WEB_TLS_FLAWS,
)
"""Flaws that other tests show: a restart, a C-MOVE to a load's destination, roles ..."""

TLS_FLAWS = {
    "plain_fallback",
    "tls_min_1_0",
    "prefers_tls12",
    "refuses_tls12",
    "weak_suites",
    "client_certificate_optional",
    "accepts_self_signed",
    "trusts_subject_name",
    "ignores_validity",
    "ignores_eku",
    "ignores_key_usage",
    "leaf_may_issue",
    "ignores_name_constraints",
    "ignores_critical_extension",
    "accepts_incomplete_chain",
    "ignores_revocation",
    "accepts_weak_key",
    "accepts_malformed_certificate",
    "refuses_odd_certificate",
    "ignores_ae_binding",
    "skips_possession",
    "fails_open_without_key",
    "keeps_old_trust",
    "shows_sample_key",
    "small_groups",
    "ignores_fallback_scsv",
    "no_downgrade_sentinel",
    "chooses_compression",
    "no_secure_renegotiation",
    "no_extended_master_secret",
    "signs_with_sha1",
    "lenient_tls13_hello",
    "ignores_invalid_point",
    "tolerates_malformed_records",
    "answers_heartbeat",
    "intolerant_of_unknown",
    "selects_any_protocol",
    "refuses_server_name",
    "follows_client_order",
    "lacks_mandatory_group",
    "tls_on_plain_port",
    "ignores_broken_records",
    "no_handshake_timeout",
    "renegotiates_without_limit",
    "resumes_expired_identity",
    "accepts_any_ticket",
    "accepts_early_data",
    "reuses_ephemeral_key",
    "refuses_pqc_offer",
    "stores_truncated",
    "moves_in_clear",
    "unlisted_suite",
    "curve_below_256_bits",
    "accepts_replay",
    "refuses_3des",
}


@pytest.mark.parametrize("name", list(PROBES))
def test_flawed_device_misbehaves_and_still_echoes(name: str, tmp_path: Path) -> None:
    expected = PROBES[name]
    with reference(tmp_path, "--flaw", name, *expected.arguments) as flawed:
        assert echoes(flawed.port) == (name != "fails_echo")
        assert expected.probe(flawed) == expected.flawed


@pytest.mark.parametrize("name", list(LOAD_PROBES))
def test_a_device_that_is_flawed_under_load_serves_a_single_peer(name: str, tmp_path: Path) -> None:
    with reference(tmp_path, "--flaw", name, "--idle", "8") as flawed:
        assert store(flawed, 3) == ["RESPONDED 0000"] * 3
        assert listed(flawed) == "3 then RESPONDED 0000"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with reference(tmp_path_factory.mktemp("sound")) as running:
        yield running


@pytest.mark.parametrize("name", [n for n, e in PROBES.items() if not e.arguments])
def test_sound_device_does_not(name: str, sound: Running) -> None:
    assert PROBES[name].probe(sound) == PROBES[name].sound
    assert echoes(sound.port)


@pytest.mark.parametrize("name", [n for n, e in PROBES.items() if e.arguments])
def test_sound_device_with_a_list_of_callers_does_not(name: str, tmp_path: Path) -> None:
    with reference(tmp_path, *PROBES[name].arguments) as running:
        assert PROBES[name].probe(running) == PROBES[name].sound


def test_every_flaw_and_twin_is_described() -> None:
    assert list(flaws()) == list(get_args(FlawName))
    assert list(twins()) == list(get_args(TwinName))
    acceptor = {name for name, flaw in flaws().items() if flaw.role == "acceptor"}
    assert acceptor == {*PROBES, *ELSEWHERE} | TLS_FLAWS


def test_unknown_flaw_names_the_nearest() -> None:
    with pytest.raises(UnknownFlawError, match="raw_log"):
        choose(["raw_logs"])


def test_command_line_refuses_an_unknown_flaw() -> None:
    command = [sys.executable, "-m", "simulators.devices.reference", "scp", "--port", "0"]
    done = subprocess.run(
        [*command, "--storage", "unused", "--flaw", "no_atrim"],
        capture_output=True,
        text=True,
        env=ENV,
        check=False,
        timeout=10,
    )
    assert done.returncode == 2
    assert "no_artim" in done.stderr


def test_flaws_are_listed_as_json() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simulators.devices.reference", "flaws", "--json"],
        capture_output=True,
        env=ENV,
        check=True,
        timeout=10,
    )
    listed = json.loads(done.stdout)
    assert [flaw["name"] for flaw in listed["flaws"]] == list(flaws())
