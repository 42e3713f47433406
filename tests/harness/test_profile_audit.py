"""``[audit]``: where the trail of a device goes, and what it claims of it."""

import pytest

from harness import profile as profiles
from harness.errors import ProfileError
from harness.model import Claim

DEVICE = "schema = 1\n[device]\nmanufacturer = 'm'\nmodel = 'd'\n[acceptor]\nport = 104\n[audit]\n"


def test_that_each_event_is_a_claim() -> None:
    profile = profiles.parse(DEVICE + "events = ['query', 'export']\nkeeps = true", "")
    claims = profile.claims()
    assert {Claim.AUDIT, Claim.AUDIT_QUERIES, Claim.AUDIT_KEEPS} <= claims
    assert not {Claim.AUDIT_TLS, Claim.AUDIT_ALERTS} & claims
    assert profile.facts()["audit_events"] == ["query", "export"]
    assert profile.facts()["audit_transport"] == "udp"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("transport = 'tls'", "missing key 'audit.events'"),
        ("events = []", "'audit.events'"),
        ("events = ['queries']", "'audit.events.0'"),
        ("events = ['query']\ntransport = 'dtls'", "'audit.transport'"),
        ("events = ['query']\nwait = 3", "did you mean 'wait_s'"),
        ("events = ['query']\nwait_s = 0", "'audit.wait_s'"),
        ("events = ['query']\nport = 70000", "'audit.port'"),
    ],
)
def test_that_a_mistake_is_one_line_that_names_the_key(keys: str, told: str) -> None:
    with pytest.raises(ProfileError) as caught:
        profiles.parse(DEVICE + keys, "device.toml")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
