from __future__ import annotations

import pytest

from reports.text import LIMIT, one_line, visible
from tests.reports import hostile


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Grüße 画像\tx\ny", "Grüße 画像\tx\ny"),
        ("AE\x00", "AE\\x00"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b1m", "\\x9b1m"),
        ("a\u202eb\u2066", "a\\u202eb\\u2066"),
        ("\u200b\ufeff\u2028", "\\u200b\\ufeff\\u2028"),
        ("\ud800", "\\ud800"),
        ("\ufffe\U000e0041", "\\ufffe\\U000e0041"),
        ("a\rb", "a\\x0db"),
    ],
)
def test_acting_characters_are_spelt_out(given: str, shown: str) -> None:
    assert visible(given) == shown


def test_long_text_is_cut_and_says_how_much() -> None:
    assert visible("x" * (LIMIT + 1500)) == "x" * LIMIT + "… [1,500 more characters]"
    assert visible("x" * LIMIT) == "x" * LIMIT


def test_one_line_has_no_line_break() -> None:
    assert one_line("a\n\n b\t\tc ") == "a b c"


def test_everything_hostile_can_be_encoded() -> None:
    visible(hostile.EVERYTHING).encode("utf-8")
