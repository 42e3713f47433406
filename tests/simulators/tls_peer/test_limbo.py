from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import RequestError
from simulators.pki import Authority
from simulators.tls_peer.limbo import Limbo
from tests.simulators.tls_peer import samples


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("Test authority")


@pytest.fixture(scope="module")
def limbo(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Limbo:
    return Limbo.load(samples.write(tmp_path_factory.mktemp("limbo"), authority))


def test_a_case_is_read_as_it_stands(limbo: Limbo, authority: Authority) -> None:
    case = limbo.case(samples.VALID)
    assert case.accepted
    assert case.by == "server"
    assert case.names == ("localhost",)
    assert case.trusted == authority.certificate_pem
    assert case.features == ("max-chain-depth",)
    assert case.identity is not None
    assert case.identity.certificate_pem.count(b"BEGIN CERTIFICATE") == 4
    told = "\n".join(case.told())
    assert "about     A sample in *Markdown*." in told
    assert "expected  accepted as a server certificate" in told
    assert "only for  verifiers with max-chain-depth" in told


def test_it_counts_what_can_be_shown(limbo: Limbo) -> None:
    assert (len(limbo.entries), limbo.showable) == (4, 3)
    assert limbo.case(samples.KEYLESS).identity is None


def test_a_case_for_another_time_says_so(limbo: Limbo) -> None:
    assert any("set the device's clock" in line for line in limbo.case(samples.LATER).told())
    assert not any("clock" in line for line in limbo.case(samples.VALID).told())


def test_a_case_cannot_steer_the_terminal(tmp_path: Path, authority: Authority) -> None:
    path = samples.write(tmp_path, authority)
    whole = json.loads(path.read_text())
    whole["testcases"][0]["description"] = "\x1b[2J\x9b5n"
    path.write_text(json.dumps(whole))
    told = Limbo.load(path).case(samples.VALID).told()
    assert all(line.isprintable() for line in told)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("sample::expired-yesterdy", f"the nearest are {samples.EXPIRED}"),
        ("three", f"the nearest are {samples.VALID}"),
        ("???", "and none comes near"),
    ],
)
def test_an_unknown_id_names_the_nearest(limbo: Limbo, wanted: str, said: str) -> None:
    with pytest.raises(RequestError, match="no case") as raised:
        limbo.case(wanted)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "schema version 1"),
        ('{"version": 2, "testcases": []}', "schema version 1"),
        ('{"version": 1, "testcases": {}}', "'testcases' is no list"),
        ('{"version": 1, "testcases": [{}]}', r"testcases\[0\] has no id"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "limbo.json"
    path.write_text(content)
    with pytest.raises(RequestError, match=said):
        Limbo.load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"gone\.json: No such file"):
        Limbo.load(tmp_path / "gone.json")


@pytest.mark.parametrize(
    "change",
    [
        {"expected_result": "PERHAPS"},
        {"expected_result": 1},
        {"peer_certificate": "no PEM"},
        {"trusted_certs": "one"},
        {"validation_time": "yesterday"},
        {"description": None},
    ],
    ids=str,
)
def test_a_broken_case_is_an_error_of_the_file(
    tmp_path: Path, authority: Authority, change: dict[str, object]
) -> None:
    whole = json.loads(samples.write(tmp_path, authority).read_text())
    whole["testcases"][0] |= change
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(whole))
    with pytest.raises(RequestError, match="is broken"):
        Limbo.load(path).case(samples.VALID)
