"""Programs that do not de-identify earn nothing: one that copies, and one that writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from harness import profile as profiles
from harness import registry
from harness.errors import ProfileError
from harness.front import QuietListener
from harness.model import JSON
from harness.session import Choice, open_session

PROFILE = """
schema = 1
[device]
manufacturer = "nobody"
model = "program"
[deidentifier]
command = COMMAND
profile = "basic"
options = ["retain-longitudinal-modified"]
"""
COPIES = '["cp", "{file}", "{out}/image.dcm"]'
IDLES = '["sh", "-c", "cat \\"$1\\" > /dev/null", "sh", "{file}", "{out}"]'
SOME = ("DEI-900", "DEI-003", "DEI-012", "DEI-014")


def rows(command: str, folder: Path) -> Mapping[str, Mapping[str, JSON]]:
    catalogue = registry.load()
    profile = profiles.parse(PROFILE.replace("COMMAND", command), "")
    selected = [catalogue[name] for name in SOME]
    choice = Choice(seed=0, out=folder / "run")
    run = open_session(profile, catalogue, selected, choice, QuietListener(), lambda text: None)
    run.start()
    found = {name: run.row(name) for name in SOME}
    run.end(complete=True)
    return found


def test_that_a_copy_passes_for_nothing_but_a_whole_object(tmp_path: Path) -> None:
    found = rows(COPIES, tmp_path)
    verdicts = {name: row["verdict"] for name, row in found.items()}
    assert verdicts.pop("DEI-900") == "PASS"
    assert verdicts.pop("DEI-014") == "PASS"  # it is silent indeed
    assert all(verdict == "FAIL" for verdict in verdicts.values())


def test_that_nothing_is_concluded_of_a_program_that_writes_nothing(tmp_path: Path) -> None:
    found = rows(IDLES, tmp_path)
    assert all(row["verdict"] == "INCONCLUSIVE" for row in found.values())


@pytest.mark.parametrize(
    ("command", "more", "says"),
    [
        ('["x", "{out}"]', "", "{file} or {folder}"),
        ('["x", "{file}"]', "", "must name {out}"),
        (COPIES, 'options = ["retain-uids"]', "profile = 'basic'"),
        (
            COPIES,
            'profile = "basic"\noptions = ["retain-longitudinal-full", '
            '"retain-longitudinal-modified"]',
            "both in full and modified",
        ),
    ],
)
def test_that_a_section_that_contradicts_itself_is_refused(
    command: str, more: str, says: str
) -> None:
    head, _, _ = PROFILE.partition('profile = "basic"')
    with pytest.raises(ProfileError, match=says.replace("{", r"\{")):
        profiles.parse(head.replace("COMMAND", command) + more, "")
