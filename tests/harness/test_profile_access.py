"""The authorisation matrix of a profile: cells, claims, errors that name the key, and secrets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import profile as profiles
from harness import run as runs
from harness.errors import ProfileError
from harness.model import Claim
from harness.profile import Profile
from harness.profile_access import MASK, masked
from harness.profile_toml import as_toml
from harness.session import keep_profile

LEAST = """
schema = 1
[device]
manufacturer = "m"
model = "d"
[acceptor]
port = 104
services = ["verification"]
"""
SECRET = "a secret of rita"
MATRIX = f"""
[[identities]]
name = "rita"
ae_title = "WARD"
user = {{ type = 2, name = "rita", passcode = "{SECRET}" }}

[[identities]]
name = "modality"
ae_title = "SENDER"
host = "127.0.0.2"

[authorisation]
destinations = {{ CANARY = ["rita"] }}

[[authorisation.objects]]
name = "public"
patient_id = "P1"

[[authorisation.objects]]
name = "secret"
patient_id = "P2"

[[authorisation.rules]]
identities = ["rita"]
operations = ["echo", "find", "move"]
objects = ["public"]

[[authorisation.rules]]
identities = ["modality"]
operations = ["store"]

[[authorisation.rules]]
identities = ["rita"]
operations = ["find", "store"]
objects = ["secret"]
effect = "forbidden"
"""
OURS = {
    Claim.ROLE_MATRIX,
    Claim.GRANTS_SERVICES,
    Claim.GUARDS_OBJECTS,
    Claim.DECIDES_BY_OBJECT,
    Claim.USER_IDENTITY,
    Claim.MOVE_POLICY,
}


def parse(extra: str = MATRIX, source: str = "device.toml") -> Profile:
    return profiles.parse(LEAST + extra, source)


def declared(profile: Profile) -> dict[tuple[str, str, str], str]:
    return {
        (cell.identity, cell.operation, cell.object): cell.declared
        for cell in profile.matrix
        if cell.declared != "undeclared"
    }


def test_rules_make_cells() -> None:
    profile = parse()
    assert declared(profile) == {
        ("rita", "echo", "any"): "allowed",
        ("rita", "find", "public"): "allowed",
        ("rita", "move", "public"): "allowed",
        ("rita", "find", "secret"): "forbidden",
        ("rita", "store", "secret"): "forbidden",
        ("modality", "store", "public"): "allowed",
        ("modality", "store", "secret"): "allowed",
    }
    assert len(profile.matrix) == 2 * (1 + 6 * 2)


def test_what_nobody_lists_may_be_forbidden() -> None:
    text = MATRIX.replace("[authorisation]\n", '[authorisation]\nunlisted = "forbidden"\n')
    cells = declared(parse(text))
    assert cells["modality", "find", "public"] == "forbidden"
    assert cells["rita", "find", "public"] == "allowed"
    owned = text.replace('patient_id = "P2"', 'owner = "own"')
    assert ("modality", "find", "secret") not in declared(parse(owned))


def test_claims_follow_the_matrix() -> None:
    assert parse("").claims() & OURS == set()
    assert parse().claims() & OURS == OURS
    one_side = MATRIX.replace('effect = "forbidden"\n', "")
    assert parse(one_side).claims() & OURS == {Claim.USER_IDENTITY, Claim.MOVE_POLICY}


def test_objects_under_two_titles_are_not_mixed() -> None:
    apart = MATRIX.replace('patient_id = "P2"', 'ae_title = "OTHER"')
    assert Claim.DECIDES_BY_OBJECT not in parse(apart).claims()
    assert Claim.GUARDS_OBJECTS in parse(apart).claims()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SECRET, "short", r"identities\.0\.user.*8 characters"),
        ("type = 2", "type = 1", r"identities\.0\.user.*passcode does not belong"),
        ("type = 2", "type = 3", r"identities\.0\.user\.type.*1, 2 or 5"),
        ("passcode =", "passcod =", r"identities\.0\.user\.passcod"),
        ('"127.0.0.2"', '"192.0.2.1"', r"identities\.1\.host.*loopback"),
        ('name = "modality"', 'name = "rita"', "same name"),
        ('["modality"]', '["modalities"]', r"rules\.1\.identities names 'modalities'"),
        ('CANARY = ["rita"]', 'CANARY = ["tom"]', r"destinations\.CANARY names 'tom'"),
        ('objects = ["secret"]', 'objects = ["secrets"]', r"rules\.2\.objects names 'secrets'"),
        ('objects = ["secret"]', 'objects = ["public"]', "both allow and forbid 'rita' to find"),
        ('destinations = { CANARY = ["rita"] }', "", "names move: add destinations"),
        ('"store"]\n\n', '"stare"]\n\n', r"rules\.1\.operations\.0"),
        ("destinations", "destination", "did you mean 'destinations'"),
    ],
)
def test_errors_name_the_key(old: str, new: str, said: str) -> None:
    assert old in MATRIX
    with pytest.raises(ProfileError, match=said) as caught:
        parse(MATRIX.replace(old, new))
    assert SECRET not in str(caught.value)


def test_secrets_come_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pass").write_text("from a file of ours\n", "utf-8")
    source = str(tmp_path / "device.toml")
    literal = f'passcode = "{SECRET}"'
    by_file = parse(MATRIX.replace(literal, 'passcode_file = "pass"'), source)
    assert by_file.secrets == {"rita": b"from a file of ours"}
    by_name = parse(MATRIX.replace(literal, 'passcode_env = "ASSAY_TEST_RITA"'), source)
    monkeypatch.delenv("ASSAY_TEST_RITA", raising=False)
    assert by_name.secrets == {}
    user = by_name.identities[0].user
    assert user is not None
    with pytest.raises(ValueError, match=r"passcode_env = .ASSAY_TEST_RITA.*no such variable"):
        user.secret(tmp_path)
    monkeypatch.setenv("ASSAY_TEST_RITA", "from outside")
    assert user.secret(tmp_path) == b"from outside"


def test_no_text_of_a_profile_shows_a_secret() -> None:
    profile = parse()
    shown = repr(profile), profile.model_dump_json(), as_toml(profile), json.dumps(profile.facts())
    assert all(SECRET not in text for text in shown)
    assert profiles.parse(as_toml(profile), "made.toml").matrix == profile.matrix


def test_the_kept_copy_is_masked(tmp_path: Path) -> None:
    source, folder = tmp_path / "device.toml", tmp_path / "run"
    folder.mkdir()
    source.write_text(LEAST + MATRIX, "utf-8")
    keep_profile(profiles.load(source), folder)
    copy = folder / "device.toml"
    assert SECRET not in copy.read_text("utf-8")
    kept = profiles.load(copy)
    user = kept.identities[0].user
    assert user is not None
    with pytest.raises(ValueError, match="masked"):
        user.secret(folder)
    # Who replays the run gets the original while it is unchanged, and else the copy.
    assert runs._same_text(source, copy)
    source.write_text(LEAST + MATRIX + "# changed\n", "utf-8")
    assert not runs._same_text(source, copy)


def test_masking_finds_a_secret_in_every_form() -> None:
    assert masked('a = "x\\"y12345"', [b'x"y12345']) == f'a = "{MASK}"'
    assert masked("--key x12345678", [b"x12345678"]) == f"--key {MASK}"
