"""Strings that a hostile device, or a careless operator, may put into a record."""

from __future__ import annotations

SCRIPT = "<script>window.pwned=1</script>"
IMAGE = '"><img src=x onerror="window.pwned=2">'
ADDRESS = "javascript:window.pwned=3"
OVERRIDE = "EVIL\u202egnp.exe\u2066"
ANSI = "\x1b[2J\x1b[31mPWNED\x1b]8;;http://evil.example\x07"
NUL = "AE\x00TITLE\x7f"
CDATA = "]]><injected/>"
SURROGATE = "lone\ud800surrogate"
MARKDOWN = (
    "| [x](javascript:alert(1)) ![i](http://evil.example/i.png) `@admin` **b** www.evil.example"
)
TEMPLATE = "{{ 7*7 }}{% raw %}"
BREAKOUT = "</style></script></textarea><svg onload=window.pwned=4>' onmouseover='window.pwned=5"
HUGE = "A" * 15_000

ALL = (
    SCRIPT,
    IMAGE,
    ADDRESS,
    OVERRIDE,
    ANSI,
    NUL,
    CDATA,
    SURROGATE,
    MARKDOWN,
    TEMPLATE,
    BREAKOUT,
    HUGE,
)
EVERYTHING = " ".join(ALL)
