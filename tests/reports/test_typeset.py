from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.model import JSON
from reports.typeset.text import BREAK, block, breakable, line, spelt, unusual


def test_short_words_stay_as_they_are() -> None:
    assert breakable("an A-ASSOCIATE-RQ of 84 bytes", 24) == "an A-ASSOCIATE-RQ of 84 bytes"


def test_a_long_word_breaks_after_its_punctuation() -> None:
    path = "wire/ASC-005.0-of-a-long-name.pcapng"
    assert breakable(path, 20).split(BREAK) == [
        "wire/", "ASC-", "005.", "0-", "of-", "a-", "long-", "name.", "pcapng",
    ]  # fmt: skip


def test_a_space_beside_a_bracket_is_a_place_to_break() -> None:
    assert breakable("one ]] two ( three, four", 24) == f"one{BREAK} ]] two ({BREAK} three, four"


@given(st.text(), st.integers(4, 40))
def test_breaks_change_no_character_and_leave_no_long_word(value: str, longest: int) -> None:
    told = breakable(value.replace(BREAK, ""), longest)
    assert told.replace(BREAK, "") == value.replace(BREAK, "")
    assert all(len(part) <= longest for word in told.split() for part in word.split(BREAK))


def test_lines_and_blocks_show_what_acts() -> None:
    assert line("a\nb\u202ec", 80) == "a b\\u202ec"
    assert block("a\n\tb", 80) == "a\n    b"


def test_only_what_cannot_be_drawn_is_spelt_out() -> None:
    data: JSON = {"name": ["放射 é", 3, None], "plain": "…"}
    assert unusual(data) == ["射", "放"]
    assert spelt(data, lambda char: char == "放") == {
        "name": ["放\\u5c04 é", 3, None],
        "plain": "…",
    }
    assert spelt(data, lambda _: True) is data


def test_a_flood_of_scripts_is_spelt_out_untried() -> None:
    flood = "".join(chr(0x4E00 + at) for at in range(500))
    asked: list[str] = []

    def draws(char: str) -> bool:
        asked.append(char)
        return True

    assert str(spelt([flood], draws)).count("\\u") >= 500
    assert asked == []
