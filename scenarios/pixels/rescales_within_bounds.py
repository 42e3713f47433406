"""PIX-10: slopes and windows that no table can hold."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles import decodes_truly, peak_memory_below
from harness.registry import scenario
from harness.stage import Stage
from simulators.pictures import SAMPLES, Value, has_decoded, picture, rle

_BOUND_MIB = 64
_CENTRE, _WIDTH, _INTERCEPT, _SLOPE = 0x00281050, 0x00281051, 0x00281052, 0x00281053
_LIES: dict[str, dict[int, Value]] = {
    "slope of 1E-300": {_SLOPE: "1E-300"},
    "slope of 1E308": {_SLOPE: "1E308 "},
    "slope that is no number": {_SLOPE: "NaN "},
    "window of no width": {_CENTRE: "0 ", _WIDTH: "0 "},
    "window of 1E-30": {_CENTRE: "1E30", _WIDTH: "1E-30 "},
}


@scenario(
    id="PIX-010",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE"],
    threats=["T-AVAIL-05"],
    weakness=["CWE-770", "CWE-369"],
    references=["dcm4che-1499"],
    role=Role.ACCEPTOR,
    needs={Claim.STORAGE_SCP, Claim.RETRIEVE_SCP, Claim.RLE_LOSSLESS, Claim.TRANSCODES},
    severity=Severity.MEDIUM,
    twin="PIX-910",
    control="tabulates_rescaling",
    oracles=[decodes_truly(), peak_memory_below(_BOUND_MIB)],
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"rescaling": lie} for lie in _LIES],
)
def rescales_within_bounds(stage: Stage) -> None:
    """A slope or window of nought, of no number or of an extreme size costs the device no memory.

    Display pipelines turn slope and window into a table with an entry for each value in between.
    A tiny slope makes the table huge, nought divides by itself, and text that is no number becomes
    an index. A good device bounds the table, or leaves rescaling to whoever shows the picture.

    Remedy: Refuse a slope or width that is not a finite number of sensible size.
    """
    changes: dict[int, Value] = {_INTERCEPT: "0 ", _SLOPE: "1 "}
    changes |= _LIES[str(stage.case["rescaling"])]
    # Whoever applies them makes other octets of those sent.
    has_decoded(stage, picture(stage, rle(), changes), truth=SAMPLES)
