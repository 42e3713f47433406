"""Values that a shell would carry out, sent to a device that hands them to a command of ours.

The command only notes what it was called with. What a shell would carry out is a redirection of
nothing into a new file of the sandbox, the *marker*: it harms nothing, and nobody else makes it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.profile_sections import HookValue
from harness.stage import Stage
from simulators import hostile
from simulators.lab import Lab, lab_of
from simulators.marking import ACTOR, Marked, marked, note, offer
from simulators.queries import STORAGE
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in

FORMS: Final[Mapping[str, str]] = {
    "substitution": "$(>{marker})",
    "backticks": "`>{marker}`",
    "semicolon": ";>{marker};",
    "pipe": "|>{marker}",
    "ampersand": "&>{marker}",
    "quote": "';>{marker};'",
    "double-quote": '";>{marker};"',
    "line-break": "\n>{marker}\n",
}
"""Texts that make a file when a shell reads them, in quotes or without, by form."""

_LONGEST: Final = 64
_MOST_HEARD: Final = 4 * 1024 * 1024
_PATIENCE_S = 3.0
_LOOK_AGAIN_S = 0.02
_TAGS: Final[Mapping[HookValue, int]] = {
    "patient_name": hostile.PATIENT_NAME_TAG,
    "sop_instance": hostile.SOP_INSTANCE_UID,
}


@dataclass(frozen=True, slots=True)
class _Sent:
    """One value that was sent, and what followed."""

    value: HookValue
    text: str
    marker: str
    taken: bool
    heard: bool
    literal: bool


class HookWatch:
    """What the command was called with since this was made."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._lab = lab_of(stage)
        self._notes = Path(f"{self._lab.values['hook']}.heard")
        self._before = len(self._calls())

    def send_plain(self) -> None:
        """Stores an honest object, which is the stimulus; witnesses ``hooked`` for each value."""
        thing = marked(self._stage, 1)
        taken = offer(self._stage, thing, actor="attacker", stimulus=True)
        heard = self._heard(1) if taken else []
        for value in self._values():
            text = self._plain(value, thing)
            self._tell(_Sent(value, text, "", taken, bool(heard), text in heard))

    def attack(self, form: str) -> None:
        """Sends a form in each value that reaches the command; witnesses ``hooked`` for each.

        Raises:
            PreconditionUnmetError: The command was not called for the honest object at the end.
        """
        sent = [
            self._attacked(value, form, number) for number, value in enumerate(self._values(), 1)
        ]
        # Whatever the device still does for those objects, it has done when this one is served.
        control = marked(self._stage, 9, number=9)
        before = len(self._calls())
        offer(self._stage, control)
        called = self._heard(before - self._before + 1)
        made = self._markers()
        for each in sent:
            self._tell(each, marker=each.marker in made)
        self._stage.require(called, "the command was not called for an honest object")

    def _attacked(self, value: HookValue, form: str, number: int) -> _Sent:
        marker = f"m{self._stage.token[:5]}{number}"
        text = self._text(value, form, marker)
        thing = marked(self._stage, number, number=number)
        before = len(self._calls()) - self._before
        if value in _TAGS:
            taken = offer(
                self._stage, thing.altered(_TAGS[value], text), actor="attacker", legal=False,
                stimulus=True,
            )  # fmt: skip
        else:
            taken = self._called_as(value, text, thing)
        heard = self._heard(before + 1) if taken else []
        return _Sent(value, text, marker, taken, bool(heard), text.strip() in heard)

    def _text(self, value: HookValue, form: str, marker: str) -> str:
        """The form; with an absolute path where there is room, for the device may run anywhere."""
        absolute = FORMS[form].format(marker=self._lab.canary / marker)
        roomy = value in _TAGS and len(absolute) <= _LONGEST
        return absolute if roomy else FORMS[form].format(marker=marker)

    def _called_as(self, value: HookValue, text: str, thing: Marked) -> bool:
        """Stores with an AE title that a shell would carry out; False where it is not let in."""
        part = value.removesuffix("_ae")
        calling, called = (text if part == name else None for name in ("calling", "called"))
        with Requestor(self._stage, calling=calling, called=called) as attacker:
            if not is_let_in(attacker, (STORAGE,), lie=part):
                return False
            coded = hostile.as_object(thing.content, attacker.contexts[STORAGE.id])
            taken = note(self._stage, thing, attacker.actor, attacker.store(coded))
            attacker.release()
        return taken

    def _values(self) -> tuple[HookValue, ...]:
        acceptor = self._stage.profile.acceptor
        return acceptor.hook_values if acceptor else ()

    def _plain(self, value: HookValue, thing: Marked) -> str:
        if value in _TAGS:
            found = {each.tag: each.value for each in thing.content}
            return str(found[_TAGS[value]])
        return self._lab.calling if value == "calling_ae" else self._lab.called

    def _tell(self, sent: _Sent, *, marker: bool = False) -> None:
        self._stage.observe(
            "hooked", ACTOR, value=sent.value, text=sent.text, taken=sent.taken, heard=sent.heard,
            literal=sent.literal, marker=marker,
        )  # fmt: skip

    def _heard(self, count: int) -> list[str]:
        """The arguments of that call, without padding; waits for it, and is empty if none comes."""
        deadline = time.monotonic() + _PATIENCE_S
        while len(calls := self._calls()) < self._before + count:
            if time.monotonic() >= deadline or self._stage.cancelled.wait(_LOOK_AGAIN_S):
                return []
        return [argument.strip() for argument in calls[self._before + count - 1]]

    def _calls(self) -> list[list[str]]:
        try:
            with self._notes.open("rb") as file:
                text = file.read(_MOST_HEARD).decode("latin-1")
        except FileNotFoundError:
            return []
        return [call.split("\x1f")[:-1] for call in text.split("\x1e")[:-1]]

    def _markers(self) -> frozenset[str]:
        """Names of the markers that are there; none is left behind."""
        return frozenset(_removed(self._lab, f"m{self._stage.token[:5]}"))


def _removed(lab: Lab, stem: str) -> list[str]:
    found: list[str] = []
    for folder, _, names in os.walk(lab.sandbox):
        for name in names:
            if name.startswith(stem):
                found.append(name)
                Path(folder, name).unlink()
    return found
