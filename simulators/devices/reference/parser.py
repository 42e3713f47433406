"""How the device reads an object, by whichever door it came: DIMSE and the web share one parser."""

from __future__ import annotations

from simulators.devices.reference.channel import touch
from simulators.devices.reference.flaws import FlawName
from simulators.devices.reference.options import MIB, AcceptorOptions
from simulators.devices.reference.scanner import Bounds, Scan, scan
from simulators.devices.reference.worker import parse_in_child

_FLAW_CAP = 512 * MIB
_RESERVE_CAP = 192 * MIB
_MISREADINGS: tuple[FlawName, ...] = (
    "salvages_readable_part",
    "drops_odd_octets",
    "ends_at_unknown_vr",
    "confuses_types",
    "crashes_on_cut_element",
    "searches_for_identity",
    "lets_data_set_override_meta",
    "last_duplicate_wins",
    "drops_private_un",
    "parses_in_square_time",
    "guesses_transfer_syntax",
)


class Parser:
    """Reads the objects and the identifiers that come to one device.

    Attributes:
        bounds: Limits of the scanner, as far as no flaw moves them.
    """

    def __init__(self, options: AcceptorOptions) -> None:
        self._flaws = options.flaws
        self.bounds = self._chosen_bounds(options)

    def read(
        self, told: tuple[bytes, bytes], data: bytes, syntax: bytes
    ) -> tuple[Scan, bytes, bytes]:
        """Return the values of an object, and what of it is stored in which transfer syntax.

        Args:
            told: SOP Class and SOP Instance UID, as what came around the data set names them.
            data: The data set.
            syntax: UID of its transfer syntax.

        Raises:
            DataSetError: It cannot be read, or is too large.
        """
        if self._flaws.any_of(*_MISREADINGS):
            from simulators.devices.reference.misreading import misread

            taken = misread(self._flaws, data, syntax, told, self.bounds)
            return taken.found, taken.data, taken.transfer_syntax
        return self.scan(data, syntax), data, syntax

    def scan(self, data: bytes, transfer_syntax: bytes) -> Scan:
        """Read the values of a data set; raises as :meth:`read` does."""
        if self._flaws.has("recurses_without_limit"):
            parse_in_child(data, transfer_syntax, self.bounds)
        if self._flaws.has("dies_of_unknown_vr"):
            from simulators.devices.reference.fragile import meet_vrs

            meet_vrs(data, transfer_syntax)
        return scan(data, transfer_syntax, self.bounds)

    def _chosen_bounds(self, options: AcceptorOptions) -> Bounds:
        """Return the limits of the scanner, as far as no flaw moves them."""
        depth, inflated = options.limits.depth, options.limits.inflated
        if self._flaws.has("refuses_nested"):
            depth = 0
        if self._flaws.has("inflates_without_limit"):
            inflated = _FLAW_CAP
        if self._flaws.has("refuses_deflated"):
            inflated = 0
        reserve = _reserve if self._flaws.has("allocates_value_length") else None
        return Bounds(depth=depth, inflated=inflated, reserve=reserve)


def _reserve(length: int) -> None:
    touch(min(length, _RESERVE_CAP))
