"""Inert script that says that it ran, and nothing else: one call of a function that we put there.

The function's name is random for each play and exists in our browser only. Nothing but script that
runs can call it, so it cannot be mistaken for text that merely came through.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.stage import Stage


@dataclass(frozen=True, slots=True)
class Marker:
    """The name of the function, and of the element that markup of ours makes.

    Attributes:
        call: The function; called with the number of the text that it stood in.
        element: ``id`` of the element.
    """

    call: str
    element: str

    @classmethod
    def of(cls, stage: Stage) -> Marker:
        """Short, because a value may have no more than 64 characters (PS3.5 6.2)."""
        digits = stage.token[:8]
        return cls(f"a{digits}", f"m{digits}")

    def script(self, number: int) -> str:
        """A script element; without ``=``, which divides the name of a person (PS3.5 6.2.1)."""
        return f"<script>{self.call}({number})</script>"

    def picture(self, number: int) -> str:
        """A picture that does not load, and says so: runs also where script elements do not."""
        return f"<img src=x id={self.element} onerror={self.call}({number})>"

    def drawing(self, number: int) -> str:
        """An SVG that is loaded."""
        return f"<svg id={self.element} onload={self.call}({number})>"

    def quote(self, number: int) -> str:
        """Ends an attribute and begins others of the same element."""
        return f'" autofocus tabindex=0 onfocus={self.call}({number}) id={self.element} x="'
