"""The proof lines of a play: why its verdict is worth believing.

Emission, twin, sentinel and bystander first, because without them no verdict may stand; then what
other observers saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.model import JSON, Observation
from reports.rows import listed, mapped, number, text, texts, words

_EMISSIONS = 4
_LOG_LINES = 6
_WRONG = ("lost", "duplicated", "mixed_up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One line: ``ok`` is None where there is nothing to be right or wrong."""

    label: str
    text: str
    ok: bool | None = None


def proofs_of(seen: Sequence[Observation]) -> tuple[Proof, ...]:
    """All proof lines of one play."""
    lines = list(_emission([item for item in seen if item.kind == "emitted"]))
    for kind, told in _TOLD.items():
        for item in seen:
            if item.kind == kind:
                lines.extend(told(item.data))
    return tuple(lines)


def _emission(emitted: Sequence[Observation]) -> Iterator[Proof]:
    stimuli = [item for item in emitted if item.data.get("stimulus")]
    if not stimuli:
        yield Proof(label="Emission", text="no stimulus is proven to have left our side", ok=False)
    for item in stimuli[:_EMISSIONS]:
        size = int(number(item.data, "bytes"))
        sent = int(number(item.data, "sent")) if "sent" in item.data else size
        digest = text(item.data, "sha256").removeprefix("sha256:")[:16]
        yield Proof(
            label="Emission",
            text=f"{sent:,} of {size:,} bytes left our side, sha256 {digest}…",
            ok=sent >= size,
        )
    if len(stimuli) > _EMISSIONS:
        yield Proof(label="Emission", text=f"and {len(stimuli) - _EMISSIONS} more stimuli", ok=True)


def _twin(data: Mapping[str, JSON]) -> Iterator[Proof]:
    verdict = text(data, "verdict") or "not played"
    yield Proof(
        label="Twin",
        text=f"{text(data, 'id')}, the same without the deviation: {verdict}",
        ok=verdict == "PASS",
    )


def _health(data: Mapping[str, JSON]) -> Iterator[Proof]:
    ok = bool(data.get("ok"))
    state = "in service" if ok else "out of service"
    yield Proof(
        label=f"Device {text(data, 'when')}".strip(),
        text=_joined(state, text(data, "detail")),
        ok=ok,
    )
    evidence = mapped(data, "evidence")
    if evidence:
        yield Proof(label="Crash evidence", text=words(evidence), ok=False)
    if data.get("lost_worker"):
        yield Proof(label="Lost worker", text=text(data, "lost_worker"), ok=False)


def _bystander(data: Mapping[str, JSON]) -> Iterator[Proof]:
    ok = bool(data.get("ok"))
    state = "an honest peer was served meanwhile" if ok else "an honest peer was not served"
    latency = f"{number(data, 'latency_s') * 1000:.0f} ms" if "latency_s" in data else ""
    yield Proof(label="Bystander", text=_joined(state, latency, text(data, "detail")), ok=ok)


def _memory(data: Mapping[str, JSON]) -> Iterator[Proof]:
    peak, growth = (number(data, key) / 2**20 for key in ("peak_bytes", "growth_bytes"))
    yield Proof(label="Memory", text=f"peak {peak:,.1f} MiB, grown by {growth:,.1f} MiB")


def _cpu(data: Mapping[str, JSON]) -> Iterator[Proof]:
    yield Proof(label="CPU", text=f"{number(data, 'share'):.0%} of one processor")


def _files(data: Mapping[str, JSON]) -> Iterator[Proof]:
    outside = texts(data, "outside")
    story = f"outside the storage folder: {', '.join(outside)}" if outside else "none outside"
    yield Proof(label="Files", text=story, ok=not outside)


def _log(data: Mapping[str, JSON]) -> Iterator[Proof]:
    lines = data.get("lines")
    told = lines if isinstance(lines, list) else text(data, "text").splitlines()
    shown = "\n".join(words(line) for line in told[:_LOG_LINES])
    if not told and isinstance(lines, int) and lines:
        shown = f"{lines} new lines"
    forged = bool(data.get("forged"))
    label = "Device log (forged line)" if forged else "Device log"
    yield Proof(label=label, text=shown or "no new line", ok=False if forged else None)


def _ledger(data: Mapping[str, JSON]) -> Iterator[Proof]:
    wrong = [f"{int(number(data, key)):,} {key.replace('_', ' ')}" for key in _WRONG]
    found, wanted = (int(number(data, key)) for key in ("found", "looked_for"))
    how = ", ".join(texts(data, "how"))
    yield Proof(
        label="Objects afterwards",
        text=_joined(f"{found:,} of {wanted:,} found", how, *wrong),
        ok=not any(number(data, key) for key in _WRONG) if wanted else None,
    )


def _recovery(data: Mapping[str, JSON]) -> Iterator[Proof]:
    ok = bool(data.get("ok"))
    state = "as quick as before after" if ok else "not as quick as before after"
    yield Proof(label="Recovery", text=f"{state} {number(data, 'after_s'):.3g} s", ok=ok)


def _trigger(data: Mapping[str, JSON]) -> Iterator[Proof]:
    ending = "timed out" if data.get("timed_out") else f"exit {text(data, 'exit')}"
    if data.get("signal"):
        ending = f"ended by signal {text(data, 'signal')}"
    command = words(listed(data, "command")).replace(", ", " ") or text(data, "command")
    yield Proof(label="Trigger", text=_joined(command, ending, text(data, "output")))


def _served(data: Mapping[str, JSON]) -> Iterator[Proof]:
    yield Proof(label="Served", text=words(data))


def _trouble(data: Mapping[str, JSON]) -> Iterator[Proof]:
    said = next((text(data, key) for key in ("why", "message") if data.get(key)), words(data))
    yield Proof(label="Engine", text=said, ok=False)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


_TOLD: Mapping[str, Callable[[Mapping[str, JSON]], Iterator[Proof]]] = {
    "twin": _twin,
    "health": _health,
    "bystander": _bystander,
    "memory": _memory,
    "cpu": _cpu,
    "files": _files,
    "log": _log,
    "served": _served,
    "ledger": _ledger,
    "recovery": _recovery,
    "trigger": _trigger,
    "error": _trouble,
    "precondition": _trouble,
    "not-emitted": _trouble,
    "suspicion": _trouble,
}
"""Teller by kind of observation, in the order of the lines."""
