"""Which message ends the waiting for a report: the one that says what was done."""

import pytest

from harness.model import JSON
from simulators.audit.trail import answers


def message(code: str, outcome: str, *types: str, names: tuple[str, ...] = ()) -> dict[str, JSON]:
    kinds: list[JSON] = [{"code": one} for one in types]
    return {"event": {"code": code, "outcome": outcome, "types": kinds}, "names": [*names]}


def wanted(code: str, *keys: str, kind: str = "", failed: bool | None = None) -> dict[str, JSON]:
    return {"code": code, "keys": [*keys], "kind": kind, "failed": failed}


@pytest.mark.parametrize(
    ("came", "asked", "found"),
    [
        (message("110100", "0", "110121"), wanted("110100", kind="110121"), True),
        (message("110100", "0", "110121"), wanted("110100", kind="110120"), False),
        (message("110104", "0", names=("1.2",)), wanted("110104", "1.2", failed=False), True),
        (message("110104", "8", names=("1.2",)), wanted("110104", "1.2", failed=False), False),
        (message("110104", "0"), wanted("110104", "1.2"), False),
        (message("110112", "0", names=("1.2",)), wanted("110104", "1.2"), False),
        ({"problem": "not well-formed", "names": ["1.2"]}, wanted("110104", "1.2"), False),
        ({"problem": "", "event": None, "names": ["1.2"]}, wanted("110104", "1.2"), False),
    ],
)
def test_what_answers(came: dict[str, JSON], asked: dict[str, JSON], found: bool) -> None:
    assert answers(came, asked) == found
