"""Oracle on what is left of a transfer that was cut off."""

from __future__ import annotations

from harness.model import Finding, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind

_FILES = "files"


def leaves_nothing() -> Oracle:
    """Of a transfer that was cut off nothing is listed, retrievable or on the disc (PS3.4 B.2.3).

    Reads ``traces`` observations, one for each way of looking (``how``): ``found`` counts what is
    there of the transfer, ``control`` what is there of an object that was stored after it. A way
    that does not show the control object is no witness.
    """

    def judge(record: Record) -> Finding:
        ways: list[str] = []
        for seen in record.of("traces"):
            how, found, control = (seen.data.get(key) for key in ("how", "found", "control"))
            if not isinstance(found, int) or not isinstance(control, int):
                continue
            if found and how == _FILES:
                words = f"{found} file(s) with a part of it stayed in the storage folder"
                return failed(FailKind.RESOURCE, words)
            if found:
                return failed(FailKind.ACCEPTED, f"taken for an object: {how} shows it")
            if control:
                ways.append(str(how))
        if not ways:
            return unseen("nobody could look: no way shows even what was stored honestly")
        return passed(f"nothing of it is there ({', '.join(ways)})")

    return NamedOracle("leaves_nothing", judge, refusal=True)
