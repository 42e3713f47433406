"""The roles of the reference device: who is let in, what exists for him, and what flaws undo."""

from __future__ import annotations

import base64
import hmac
import json
from pathlib import Path

import pytest

from simulators import wire
from simulators.devices.reference.access import Access, AccessFileError, Warrant, read_rules
from simulators.devices.reference.command import C_FIND, C_GET, C_STORE
from simulators.devices.reference.flaws import Flaws, choose
from simulators.devices.reference.index import Instance
from simulators.devices.reference.items import UserIdentity
from simulators.devices.reference.uids import CT_IMAGE_STORAGE, STUDY_FIND, STUDY_GET
from simulators.devices.reference.users import proved
from simulators.wire import uids
from tests.simulators.devices.access import KEY, RULES
from tests.simulators.devices.peer import connected
from tests.simulators.devices.running import reference

USERS = {"rita": b"her-passcode", "tom": None, "robot": None}
RITA = UserIdentity(2, True, b"rita", b"her-passcode")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "access"
    path.write_text(RULES, "utf-8")
    return path


def access_with(rules: Path, *flaws: str) -> Access:
    return Access(read_rules(rules), choose(flaws) if flaws else Flaws())


def warrant_of(access: Access, title: str, identity: UserIdentity | None = None) -> Warrant:
    warrant = access.warrant(title, str.__eq__, identity)
    assert warrant is not None
    return warrant


def instance(uid: bytes, patient: bytes) -> Instance:
    return Instance(CT_IMAGE_STORAGE, uid, b"1.2", "", 0, b"", {0x00100020: patient})


def token(header: dict[str, str], claims: dict[str, str], key: bytes = KEY) -> bytes:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in (header, claims)
    ]
    signature = hmac.digest(key, b".".join(parts), "sha256")
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")])


HS256, ROBOT = {"alg": "HS256"}, {"sub": "robot"}


@pytest.mark.parametrize(
    ("identity", "user"),
    [
        (RITA, "rita"),
        (UserIdentity(2, True, b"rita", b"another"), None),
        (UserIdentity(1, True, b"rita", b""), None),
        (UserIdentity(1, True, b"tom", b""), "tom"),
        (UserIdentity(2, True, b"tom", b""), None),
        (UserIdentity(1, True, b"nobody", b""), None),
        (UserIdentity(5, True, token(HS256, ROBOT), b""), "robot"),
        (UserIdentity(5, True, token(HS256, ROBOT, b"another key"), b""), None),
        (UserIdentity(5, True, token({"alg": "none"}, ROBOT), b""), None),
        (UserIdentity(5, True, token(HS256, {"sub": "nobody"}), b""), None),
        (UserIdentity(5, True, b"A" * 60_000, b""), None),
        (UserIdentity(5, True, b"..", b""), None),
        (UserIdentity(9, True, b"rita", b"her-passcode"), None),
    ],
)
def test_a_user_proves_who_he_is(identity: UserIdentity, user: str | None) -> None:
    assert proved(identity, USERS, KEY) == user


def test_without_a_key_no_token_is_taken() -> None:
    signed = token(HS256, ROBOT, b"")
    assert proved(UserIdentity(5, True, signed, b""), USERS, b"") is None


def test_a_title_without_a_role_may_do_everything(rules: Path) -> None:
    assert access_with(rules).warrant("ASSAY", str.__eq__, None) is None


def test_a_title_with_users_wants_one(rules: Path) -> None:
    access = access_with(rules)
    assert warrant_of(access, "WARD", RITA).permits(C_FIND)
    for identity in (None, UserIdentity(2, True, b"", b""), UserIdentity(2, True, b"rita", b"x")):
        with pytest.raises(PermissionError):
            access.warrant("WARD", str.__eq__, identity)


def test_the_flaws_of_user_identity(rules: Path) -> None:
    wrong = UserIdentity(2, True, b"rita", b"x")
    assert warrant_of(access_with(rules, "user_identity_optional"), "WARD").role.user == "rita"
    remembers = access_with(rules, "caches_user_identity")
    with pytest.raises(PermissionError):
        remembers.warrant("WARD", str.__eq__, wrong)
    warrant_of(remembers, "WARD", RITA)
    assert warrant_of(remembers, "WARD", wrong).role.user == "rita"


def test_contexts_follow_the_role(rules: Path) -> None:
    access = access_with(rules)
    sender, reader = warrant_of(access, "SENDER"), warrant_of(access, "READER")
    assert sender.admits_class(CT_IMAGE_STORAGE, taking=False)
    assert not sender.admits_class(STUDY_FIND, taking=False)
    assert reader.admits_class(CT_IMAGE_STORAGE, taking=True)
    assert not reader.admits_class(CT_IMAGE_STORAGE, taking=False)
    assert not sender.permits(C_GET)
    assert warrant_of(access_with(rules, "get_skips_roles"), "SENDER").admits_class(
        STUDY_GET, taking=False
    )


def test_patients_and_destinations_of_a_role(rules: Path) -> None:
    stored = [instance(b"1", b"P1 "), instance(b"2", b"P2")]
    reader = warrant_of(access_with(rules), "READER")
    hopping = warrant_of(access_with(rules, "hops_levels"), "READER")
    for level, seen in ((b"STUDY", 1), (b"IMAGE", 1)):
        assert len(list(reader.visible(stored, level))) == seen
    assert len(list(hopping.visible(stored, b"STUDY"))) == 1
    assert len(list(hopping.visible(stored, b"IMAGE"))) == 2
    assert reader.may_send_to("DEST")
    assert not reader.may_send_to("OTHER")
    anywhere = warrant_of(access_with(rules, "moves_to_any_destination"), "READER")
    assert anywhere.may_send_to("OTHER")


def test_each_object_is_decided_on_for_itself(rules: Path) -> None:
    sender = warrant_of(access_with(rules), "SENDER")
    careless = warrant_of(access_with(rules, "decides_by_first_object"), "SENDER")
    assert [sender.may_store(p) for p in (b"P1", b"P2", b"P1")] == [True, False, True]
    assert [careless.may_store(p) for p in (b"P1", b"P2")] == [True, True]


def test_a_referrer_sees_what_he_stored(rules: Path) -> None:
    access = access_with(rules)
    referrer = warrant_of(access, "REFERRER")
    referrer.stored(b"1")
    stored = [instance(b"1", b"P1"), instance(b"2", b"P1")]
    assert [one.sop_instance for one in referrer.visible(stored, b"STUDY")] == [b"1"]
    assert referrer.permits(C_STORE)


@pytest.mark.parametrize("line", ["rolle X echo", "role X dance", "role X echo likes=P1", "key"])
def test_a_mistyped_file_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "access").write_text(line, "utf-8")
    with pytest.raises(AccessFileError):
        read_rules(tmp_path / "access")


def test_user_identity_on_the_wire(rules: Path, tmp_path: Path) -> None:
    honest = wire.UserIdentityRQ(
        identity_type=2, positive_response=1, primary=b"rita", secondary=b"her-passcode"
    )
    arguments = ("--calling", "ASSAY", "--access", str(rules))
    with reference(tmp_path, *arguments) as device:
        answers = {
            "honest": hear(device.port, honest),
            "unasked": hear(device.port, wire.UserIdentityRQ(
                identity_type=2, primary=b"rita", secondary=b"her-passcode")),
            "wrong": hear(device.port, wire.UserIdentityRQ(
                identity_type=2, positive_response=1, primary=b"rita", secondary=b"x")),
            "missing": hear(device.port, None),
            "unrestricted": hear(device.port, honest, calling="ASSAY"),
        }  # fmt: skip
    assert answers == {
        "honest": ("AC", True),
        "unasked": ("AC", False),
        "wrong": ("RJ 1/2/1", False),
        "missing": ("RJ 1/2/1", False),
        "unrestricted": ("AC", False),
    }


def hear(
    port: int, identity: wire.UserIdentityRQ | None, calling: str = "WARD"
) -> tuple[str, bool]:
    """What a request with that identity is answered, and whether the proof was confirmed."""
    items = () if identity is None else (identity,)
    contexts = (wire.Context(1, uids.VERIFICATION),)
    with connected(port) as peer:
        peer.send(wire.associate_rq("REFERENCE", calling, contexts, user_items=items))
        heard = peer.hear()
        answered = wire.user_items_of(peer.accepted)
        return heard, any(isinstance(item, wire.UserIdentityAC) for item in answered)
