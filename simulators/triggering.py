"""How a device that calls others is made to call us: by command, or by an operator.

The honesty check: each call must show the random called AE title that we asked for, otherwise the
association at our acceptor is not the one that we triggered.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import BenchError, PreconditionUnmetError
from harness.profile import RequestorSection
from harness.stage import Stage
from simulators.lab import Lab
from simulators.process import DeviceStartError, Tree, Trigger, start_trigger

BASE_RSS_BYTES = 12 * 2**20
"""What a call costs anyway, until an honest one has been measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """How one triggered call ended, as far as anybody can see.

    Attributes:
        exit: Exit code; None when it was killed, or a person triggered it.
        signal: Name of the signal that ended it on its own, or None.
        timed_out: It had to be ended by us.
        duration_s: How long it ran.
        max_rss_bytes: Its peak memory; 0 when unknown.
        output: The end of what it printed.
        by_hand: A person triggered it, so there is no exit code to judge.
    """

    exit: int | None
    signal: str | None
    timed_out: bool
    duration_s: float
    max_rss_bytes: int
    output: str
    by_hand: bool = False


class Call:
    """One triggered call that is under way."""

    def __init__(self, trigger: Trigger | None, out: Path) -> None:
        self._trigger = trigger
        self._began = time.monotonic()
        self.out = out

    @property
    def processes(self) -> Tree | None:
        """What it runs in; None when a person made the device call."""
        return self._trigger

    def wait(self, timeout_s: float) -> Called | None:
        """How it ended, or None while it still runs after that time."""
        if self._trigger is None:
            return Called(
                exit=None, signal=None, timed_out=False, max_rss_bytes=0, output="",
                duration_s=time.monotonic() - self._began, by_hand=True,
            )  # fmt: skip
        ended = self._trigger.wait(timeout_s)
        if ended is None:
            return None
        return Called(
            exit=ended.exit_status,
            signal=None if ended.timed_out else ended.signal,
            timed_out=ended.timed_out,
            duration_s=ended.duration_s,
            max_rss_bytes=ended.max_rss_bytes,
            output=ended.output,
        )

    def stop(self) -> Called:
        """Ends it if it still runs; then it counts as timed out."""
        done = self.wait(0.0)
        if done is not None or self._trigger is None:
            return done or Called(
                exit=None, signal=None, timed_out=True, duration_s=0.0, max_rss_bytes=0, output=""
            )
        ended = self._trigger.kill()
        return Called(
            exit=None,
            signal=None,
            timed_out=True,
            duration_s=ended.duration_s,
            max_rss_bytes=ended.max_rss_bytes,
            output=ended.output,
        )


class Triggers:
    """Makes the device call; safe for many threads (calls by hand come one at a time)."""

    def __init__(self, lab: Lab, section: RequestorSection) -> None:
        self._lab = lab
        self._section = section
        self._numbers = itertools.count(1)
        self._by_hand = threading.Lock()
        self.base_rss: dict[str, int] = {}

    def call(
        self,
        service: str,
        values: Mapping[str, str],
        *,
        secure: bool = False,
        busy_s: float = 0.0,
    ) -> Call:
        """Makes the device call us for a service.

        Args:
            service: "verification", "storage", "retrieve", "retrieve normal" ...
            values: ``host``, ``port``, ``called_ae``, ``calling_ae`` and, for storage, ``file``;
                for what makes the device listen itself, ``listen_port``.
            secure: Make it call with TLS, where the device can do both.
            busy_s: How much longer than usual it may take, because it has much to do, seconds.

        Raises:
            BenchError: The command cannot be run.
            PreconditionUnmetError: The profile has no way to trigger this service.
        """
        number = next(self._numbers)
        out = self._lab.sandbox / "up" / "calls" / str(number) / "out"
        out.mkdir(parents=True, exist_ok=True)
        template = self._section.commands_for(secure=secure).get(service)
        if template is None:
            if not self._section.manual:
                raise PreconditionUnmetError(f"the profile has no command for {service}")
            return self._ask(service, values, out)
        more = {**values, "out": str(out)}
        command = [self._lab.filled(part, more) for part in template]
        env = {name: self._lab.filled(value, more) for name, value in self._section.env.items()}
        try:
            trigger = start_trigger(
                command, out, env, self._section.timeout_s + busy_s + 5.0,
                self._lab.run_folder / "device" / f"call-{number}.log",
            )  # fmt: skip
        except DeviceStartError as error:
            raise BenchError(
                f"'requestor.commands.{service}': {error}: install the program or correct it"
            ) from error
        return Call(trigger, out)

    def _ask(self, service: str, values: Mapping[str, str], out: Path) -> Call:
        with self._by_hand:
            self._lab.announce(
                f"Make the device call: {service} to {values['host']}:{values['port']}, called AE "
                f"{values['called_ae']} (within {self._section.manual_timeout_s:g} s)"
            )
        return Call(None, out)

    def witness(self, stage: Stage, service: str, ended: Called) -> None:
        """Observes how a call ended and, against an honest one, what memory it took at its peak."""
        stage.observe(
            "trigger",
            "trigger",
            exit=ended.exit,
            signal=ended.signal,
            timed_out=ended.timed_out,
            duration_s=round(ended.duration_s, 3),
            output=ended.output,
            by_hand=ended.by_hand,
            told_failure=any(mark in ended.output for mark in self._section.failure_marks),
        )
        if not ended.max_rss_bytes:
            return
        base = self.base_rss.get(service, BASE_RSS_BYTES)
        stage.observe(
            "memory", "process", base_bytes=base, peak_bytes=ended.max_rss_bytes,
            growth_bytes=max(0, ended.max_rss_bytes - base),
        )  # fmt: skip
        if stage.scenario.positive:
            self.base_rss[service] = max(base, ended.max_rss_bytes)

    @property
    def reaction_s(self) -> float:
        """How long the device may take, by its profile, to give up on a silent acceptor."""
        return self._section.timeout_s

    @property
    def patience_s(self) -> float:
        """How long to wait until the device has connected."""
        section = self._section
        return section.manual_timeout_s if section.manual else section.timeout_s
