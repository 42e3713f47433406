"""``[reader]``: a program that reads files, alone or beside other roles."""

import pytest

from harness import profile as profiles
from harness.errors import ProfileError
from harness.model import Claim

DEVICE = "schema = 1\n[device]\nmanufacturer = 'm'\nmodel = 'd'\n[reader]\n"


def test_that_a_profile_may_hold_nothing_but_a_reader() -> None:
    profile = profiles.parse(DEVICE + "command = ['dcmdump', '{file}']", "")
    assert profile.claims() == {Claim.READER}
    assert profile.facts()["reader_timeout_s"] == 20.0
    assert profile.facts()["reader_max_memory"] is None


def test_that_media_and_writing_are_claims() -> None:
    profile = profiles.parse(
        DEVICE + "command = ['x', '{folder}', '{out}']\nmedia = true\nwrites = true", ""
    )
    assert profile.claims() == {Claim.READER, Claim.MEDIA_READER, Claim.WRITES_FILES}


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("command = []", "'reader.command'"),
        ("command = ['dcmdump']", "command must name {file} or {folder}"),
        ("command = ['x', '{file}']\nwrites = true", "writes needs {out} in command"),
        (
            "command = ['x', '{file}']\nexit_codes = { read = [0, 1], refused = [1] }",
            "exit code 1 cannot say both",
        ),
        ("command = ['x', '{file}']\nexit_codes = { reads = [0] }", "did you mean 'read'"),
        ("command = ['x', '{file}']\ntimeout = 3", "did you mean 'timeout_s'"),
        ("command = ['x', '{file}']\ntimeout_s = 0", "'reader.timeout_s'"),
    ],
)
def test_that_a_mistake_is_one_line_that_names_the_key(keys: str, told: str) -> None:
    with pytest.raises(ProfileError) as caught:
        profiles.parse(DEVICE + keys, "device.toml")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
