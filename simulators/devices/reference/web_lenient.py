"""The flaws of a server that mends what it should refuse: two servers then read two requests.

Loaded only by a device that has one of them.
"""

from __future__ import annotations

from collections.abc import Callable

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.options import MIB
from simulators.devices.reference.web_message import RefusedError

_LENGTH, _CODING = b"content-length", b"transfer-encoding"
_LONGEST = 16 * MIB


def mended(head: bytes, flaws: Flaws) -> bytes:
    """Return a head without what is wrong with it."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    if flaws.has("web_obs_fold"):
        lines = _unfolded(lines)
    if flaws.has("web_both_lengths") and any(_is(line, _LENGTH) for line in lines):
        lines = [line for line in lines if not _is(line, _CODING)]
    if flaws.has("web_two_lengths"):
        lengths = [line for line in lines if _is(line, _LENGTH)]
        lines = [line for line in lines if not _is(line, _LENGTH)] + lengths[-1:]
    return b"\r\n".join((first, *lines)) + b"\r\n\r\n"


def unchunked(head: bytes, held: bytes, more: Callable[[], bytes]) -> tuple[bytes, bytes]:
    """Return head and octets of a request whose body has a length instead of chunks."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    if not any(_is(line, _CODING) for line in lines):
        return head, held
    body, size = b"", 1
    while size and len(body) < _LONGEST:
        line, held = _line(held, more)
        try:
            size = max(0, int(line.partition(b";")[0].strip() or b"0", 16))
        except ValueError:
            raise RefusedError(400, "chunk without a size") from None
        while len(held) < min(size, _LONGEST):
            held += more()
        body, held = body + held[:size], held[size:]
        if size:
            held = _line(held, more)[1]
    while True:
        line, held = _line(held, more)
        if not line:
            break
    lines = [line for line in lines if not _is(line, _CODING)]
    lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join((first, *lines)) + b"\r\n\r\n", body + held


def _unfolded(lines: list[bytes]) -> list[bytes]:
    out: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and out:
            out[-1] += b" " + line.strip()
        else:
            name, colon, value = line.partition(b":")
            out.append(name.strip() + colon + value)
    return out


def _is(line: bytes, name: bytes) -> bool:
    return line.partition(b":")[0].strip().lower() == name


def _line(held: bytes, more: Callable[[], bytes]) -> tuple[bytes, bytes]:
    while b"\r\n" not in held:
        if len(held) > _LONGEST:
            raise RefusedError(400, "line too long")
        held += more()
    line, _, rest = held.partition(b"\r\n")
    return line, rest
