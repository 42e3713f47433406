"""The ``[web.browser]`` section of a device profile: what people open of it in a browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from harness.model import Claim
from harness.profile_sections import Section

Address = Annotated[str, Field(pattern=r"^/[!-~]*$", max_length=500)]
"""Path, query and fragment below the origin of ``web.url``; placeholders stand in braces."""

Linking = Annotated[str, Field(pattern=r"^/[!-~]*\{target\}[!-~]*$", max_length=500)]
"""An address with a place for what whoever makes the link chooses."""


class ActionSection(Section):
    """``[web.browser.action]``: something that changes the device, and where the change shows."""

    path: Address
    body: str = Field(pattern=r"\{mark\}", max_length=4000)
    type: Literal["form", "text"] = "text"
    shows: Address


class BrowserSection(Section):
    """``[web.browser]``: pages of the device that a browser opens, and how it is signed in."""

    pages: Annotated[tuple[Address, ...], Field(strict=False, max_length=8)] = ()
    document: Address | None = None
    viewer: Linking | None = None
    launch: Linking | None = None
    session: Address | None = None
    action: ActionSection | None = None

    def claims(self) -> Mapping[Claim, bool]:
        """What it claims."""
        return {
            Claim.BROWSER_PAGES: bool(self.pages),
            Claim.BROWSER_DOCUMENT: self.document is not None,
            Claim.BROWSER_VIEWER: self.viewer is not None,
            Claim.BROWSER_LAUNCH: self.launch is not None,
            Claim.BROWSER_ACTION: self.action is not None,
        }
