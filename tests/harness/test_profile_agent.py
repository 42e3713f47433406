"""``[user_agent]``: a client of DICOMweb, alone or beside other roles."""

import pytest

from harness import profile as profiles
from harness.errors import ProfileError
from harness.model import Claim

DEVICE = "schema = 1\n[device]\nmanufacturer = 'm'\nmodel = 'd'\n[user_agent]\n"
SEARCH = "commands.search = ['tool', '{url}']"


def test_that_a_profile_may_hold_nothing_but_a_user_agent() -> None:
    profile = profiles.parse(f"{DEVICE}{SEARCH}", "")
    assert profile.claims() == {Claim.USER_AGENT, Claim.AGENT_SEARCH}
    assert profile.facts()["agent_timeout_s"] == 20.0
    assert profile.facts()["agent_answer_timeout_s"] is None
    assert profile.withholds_data_sets is False


def test_that_token_time_and_files_are_claims() -> None:
    retrieve = "['t', '{url}', '{study}', '{series}', '{instance}', '{out}', '{token}']"
    text = f"commands.retrieve = {retrieve}\nwrites = true\nanswer_timeout_s = 5"
    assert profiles.parse(DEVICE + text, "").claims() == {
        Claim.USER_AGENT, Claim.AGENT_RETRIEVE, Claim.AGENT_TOKEN, Claim.AGENT_WRITES,
        Claim.AGENT_TIMEOUT,
    }  # fmt: skip


def test_that_a_token_in_some_commands_only_is_no_claim() -> None:
    store = "commands.store = ['t', '{url}', '{file}', '{token}']"
    section = profiles.parse(f"{DEVICE}{SEARCH}\n{store}", "").user_agent
    assert section is not None
    assert not section.shows_token


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("commands = {}", "'user_agent.commands'"),
        ("commands.search = []", "'user_agent.commands.search'"),
        ("commands.search = ['tool']", "commands.search must name {url}"),
        ("commands.store = ['tool', '{url}']", "commands.store must name {file}"),
        ("commands.retrieve = ['tool', '{url}']", "must name {study}, {series}, {instance}"),
        (f"{SEARCH}\nwrites = true", "writes = true needs {out}"),
        (f"{SEARCH}\ndone_codes = [0, 1]\nfailed_codes = [1]", "exit code 1 cannot be in both"),
        (f"{SEARCH}\nanswer_timeout_s = 20", "answer_timeout_s must be less than timeout_s"),
        (f"{SEARCH}\ntimeout = 3", "did you mean 'timeout_s'"),
    ],
)
def test_that_a_mistake_is_told_by_its_key(keys: str, told: str) -> None:
    with pytest.raises(ProfileError, match=told.replace("{", r"\{")):
        profiles.parse(DEVICE + keys, "")
