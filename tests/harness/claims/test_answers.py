"""Claims are gathered from all documents, with their digests; every error names file and key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness import profile as profiles
from harness.claims.answers import gathered, keep
from harness.errors import ProfileError
from harness.model import JSON
from tests.harness.claims.test_statement import LEAST
from tests.harness.test_profile import LEAST as PROFILE

STATEMENT = f"{LEAST}[secure_transport]\nprofiles = ['B.12']\nonly_tls = false\n"


def answers(folder: Path, claims: str) -> dict[str, JSON]:
    path = folder / "device.toml"
    path.write_text(f"{PROFILE}services = ['storage']\n[claims]\n{claims}", "utf-8")
    found = gathered(profiles.load(path))["answers"]
    assert isinstance(found, list)
    rows = [one for one in found if isinstance(one, Mapping)]
    return {f"{one['source']}/{one['key']}": one["value"] for one in rows}


def problem(folder: Path, claims: str) -> str:
    with pytest.raises(ProfileError) as caught:
        answers(folder, claims)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_source_is_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(STATEMENT)
    (tmp_path / "m.csv").write_text("id,answer,note\nCONN-7,Yes,why\n")
    assert answers(tmp_path, 'statement = "s.toml"\nmds2 = "m.csv"') == {
        "profile/storage-scp": "yes",
        "statement/secure_transport.only_tls": "no",
        "statement/secure_transport.profiles:B.12": "yes",
        "mds2/CONN-7": "yes",
    }


def test_digests_are_kept(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(STATEMENT)
    answers(tmp_path, 'statement = "s.toml"')
    digest = hashlib.sha256(STATEMENT.encode()).hexdigest()
    assert gathered(profiles.load(tmp_path / "device.toml"))["files"] == [
        {"source": "statement", "name": "s.toml", "sha256": digest}
    ]


def test_amendments_replace_answers(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(STATEMENT)
    (tmp_path / "m.csv").write_text("id,answer,note\nCONN-7,Yes,why\n")
    amended = '{ "secure_transport.only_tls" = true, "CONN-7" = false, "AUDT-1" = "N/A" }'
    claims = f'statement = "s.toml"\nmds2 = "m.csv"\namendments = {amended}'
    found = answers(tmp_path, claims)
    assert found["statement/secure_transport.only_tls"] == "yes"
    assert (found["mds2/CONN-7"], found["mds2/AUDT-1"]) == ("no", "n/a")


def test_a_kept_copy_of_a_profile_finds_the_kept_documents(tmp_path: Path) -> None:
    for name in ("home", "home/papers", "run"):
        (tmp_path / name).mkdir()
    (tmp_path / "home" / "papers" / "s.toml").write_text(STATEMENT)
    said = answers(tmp_path / "home", 'statement = "papers/s.toml"')
    profile = profiles.load(tmp_path / "home" / "device.toml")
    keep(profile, tmp_path / "run")
    copy = tmp_path / "run" / "device.toml"
    copy.write_text((tmp_path / "home" / "device.toml").read_text())
    assert (tmp_path / "run" / "claims" / "s.toml").read_text() == STATEMENT
    assert gathered(profiles.load(copy)) == gathered(profile)
    assert len(said) == 3


def test_a_default_of_the_profile_is_no_claim(tmp_path: Path) -> None:
    text = PROFILE + 'tls_port = 2762\n[tls]\nprofile = "B.12"\n'
    (tmp_path / "device.toml").write_text(text)
    found = gathered(profiles.load(tmp_path / "device.toml"))["answers"]
    assert isinstance(found, list)
    keys = {str(one["key"]) for one in found if isinstance(one, Mapping)}
    assert "tls-profile-b.12" in keys
    assert "tls.versions" not in keys


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ('statement = "missing.toml"', "'claims' names 'missing.toml': cannot read it"),
        ('statement = "s.toml"', "s.toml: unknown key 'audits'"),
        ('mds2 = "m.doc"', "m.doc: an MDS2 form is one of"),
        ('amendments = { "CONN-7" = "Yes" }', "'claims.amendments' names 'CONN-7'"),
        ('statment = "s.toml"', "did you mean 'statement'?"),
    ],
)
def test_errors_name_file_and_key(tmp_path: Path, claims: str, told: str) -> None:
    (tmp_path / "s.toml").write_text(f"{LEAST}[audits]\ntrail = true\n")
    (tmp_path / "m.doc").write_text("")
    assert told in problem(tmp_path, claims)


def test_a_wrong_amendment_names_its_key(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(STATEMENT)
    claims = 'statement = "s.toml"\namendments = { "network.acceptor.max_pdu" = "many" }'
    assert "'claims.amendments': 'network.acceptor.max_pdu'" in problem(tmp_path, claims)
