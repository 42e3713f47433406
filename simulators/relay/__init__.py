"""The person in the middle: stands between two real devices, and deviates exactly once."""

from __future__ import annotations

from simulators.relay.deviations import (
    Act,
    Deviation,
    cut_before_the_answer,
    cut_inside_the_object,
    cut_offer,
    flip_in_the_answer,
    flip_in_the_object,
    lead_astray,
    reflect,
    refuse_in_place_of_the_acceptor,
)
from simulators.relay.effects import look_for_object, serve_afterwards
from simulators.relay.framing import Framer, Side, Unit
from simulators.relay.relay import Relay, Upstream
from simulators.relay.transcript import Transcript

__all__ = [
    "Act",
    "Deviation",
    "Framer",
    "Relay",
    "Side",
    "Transcript",
    "Unit",
    "Upstream",
    "cut_before_the_answer",
    "cut_inside_the_object",
    "cut_offer",
    "flip_in_the_answer",
    "flip_in_the_object",
    "lead_astray",
    "look_for_object",
    "reflect",
    "refuse_in_place_of_the_acceptor",
    "serve_afterwards",
]
