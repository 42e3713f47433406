"""AE titles that resemble a configured one (PS3.8 9.3.2, PS3.5 6.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.stage import Stage
from simulators.requestor import Requestor
from simulators.uninvited import is_let_in

NEVER, ONLY_JUST, BY_CLAIM, ALWAYS = "never", "only just", "by claim", "always"
"""Whether a device may take the variant for the title itself."""

_LONGEST = 16


def _other_letter(title: str) -> str:
    return title[:-1] + ("Q" if title[-1] != "Q" else "W")


def _longer(more: str) -> Callable[[str], str]:
    """The title and something behind it, or another title of sixteen where there is no room."""
    return lambda title: (
        title + more if len(title + more) <= _LONGEST else title[: -len(more)] + more
    )


_VARIANTS: Mapping[str, tuple[Callable[[str], str], str]] = {
    "in the other case": (str.swapcase, BY_CLAIM),
    "after a space": (lambda title: f" {title}"[:_LONGEST], ALWAYS),
    "without its last character": (lambda title: title[:-1], NEVER),
    "with one more character": (_longer("Q"), NEVER),
    "with another last character": (_other_letter, NEVER),
    "as a wildcard": (lambda title: title[:-1] + "*", NEVER),
    "with a space inside": (lambda title: f"{title[:2]} {title[2:]}"[:_LONGEST], NEVER),
    "with more after a NUL": (_longer("\0Q"), ONLY_JUST),
    "after another and a backslash": (lambda title: f"Q\\{title}"[:_LONGEST], NEVER),
}

VARIANTS = [{"title": name, "equivalent": may} for name, (_, may) in _VARIANTS.items()]
"""The cases: how the title differs, and whether it may be taken for the same."""


def call_as(stage: Stage, variant: str) -> None:
    """Calls by a variant of a title that the device knows, and asks for a C-ECHO."""
    with Requestor(stage) as attacker:
        attacker.calling = _varied(stage, attacker.calling, variant)
        _knock(attacker, "calling")


def call_for(stage: Stage, variant: str) -> None:
    """Calls for a variant of the device's own title, and asks for a C-ECHO."""
    with Requestor(stage) as attacker:
        attacker.called = _varied(stage, attacker.called, variant)
        _knock(attacker, "called")


def _knock(attacker: Requestor, lie: str) -> None:
    if is_let_in(attacker, lie=lie):
        attacker.echo()


def _varied(stage: Stage, title: str, variant: str) -> str:
    acceptor = stage.profile.acceptor
    locks = acceptor is not None and acceptor.guess_limit is not None
    stage.require(not locks, "the device locks out whoever tries one title after another")
    change, may = _VARIANTS[variant]
    varied = change(title)
    known = {each.ae_title for each in stage.profile.identities}
    known |= {*acceptor.calling_ae_titles, acceptor.ae_title} if acceptor else set()
    also = varied.strip() in known and may in (NEVER, ONLY_JUST)
    stage.require(varied != title and not also, f"no title of this device can be {variant}")
    return varied
