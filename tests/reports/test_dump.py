from __future__ import annotations

from reports.page.dump import Line, Part, dump


def _hex(line: Line) -> str:
    return "".join(run.text for run in line.hexa).strip()


def _lies(line: Line) -> list[str]:
    return [run.text for run in line.hexa if run.lie]


def test_rows_of_sixteen_with_offset_and_ascii() -> None:
    first, second = dump(b"0123456789abcdef\x00\xff", 18)
    assert (first.offset, _hex(first)) == (
        "000000",
        "30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66",
    )
    assert "".join(run.text for run in first.ascii) == "0123456789abcdef"
    assert (second.offset, _hex(second)) == ("000010", "00 ff")
    assert "".join(run.text for run in second.ascii) == ".."


def test_every_row_has_the_same_width() -> None:
    lie = Part(name="length", offset=2, length=4, lie=True)
    widths = {sum(len(run.text) for run in line.hexa) for line in dump(bytes(20), 20)}
    marked = {sum(len(run.text) for run in line.hexa) for line in dump(bytes(20), 20, [lie])}
    assert len(widths) == 1
    assert marked == widths


def test_a_lie_is_marked_and_named_where_it_begins() -> None:
    lie = Part(name="length", offset=14, length=4, lie=True)
    honest = Part(name="type", offset=0, length=1, lie=False)
    first, second = dump(bytes(14) + b"\xff\xff\xfe\xfe", 18, [honest, lie])
    assert (_lies(first), first.names) == (["ff ff"], ("length",))
    assert (_lies(second), second.names) == (["fe fe"], ())


def test_a_late_lie_is_shown_and_gaps_are_counted() -> None:
    lie = Part(name="late", offset=1000, length=2, lie=True)
    lines = dump(bytes(2048), 5000, [lie], rows=2)
    assert [line.skipped for line in lines if line.skipped] == [61 * 16 - 32, 5000 - 64 * 16]
    shown = sum(16 for line in lines if not line.skipped)
    assert shown + sum(line.skipped for line in lines) == 5000
    assert any(_lies(line) for line in lines)


def test_a_lie_beyond_the_stored_bytes_breaks_nothing() -> None:
    lie = Part(name="far", offset=10**9, length=10**9, lie=True)
    assert [line.skipped for line in dump(b"ab", 2, [lie])] == [0]
    assert dump(b"", 0, [lie]) == ()


def test_a_lie_over_everything_does_not_show_everything() -> None:
    lie = Part(name="body", offset=0, length=2048, lie=True)
    assert len(dump(bytes(2048), 2048, [lie], rows=2)) < 10


def test_the_pointer_stands_under_the_first_byte_of_the_lie() -> None:
    for offset in (0, 2, 8, 15):
        lie = Part(name="items[0].length", offset=offset, length=1, lie=True)
        (line,) = dump(bytes(16), 16, [lie])
        before = line.offset + "  "
        assert line.pointer.index("^") == len(before) + 3 * offset
        assert "items[0].length" in line.pointer
