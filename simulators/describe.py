"""PDUs in words, for evidence: what it is, what its parts are, what reaction it amounts to."""

from __future__ import annotations

from collections.abc import Sequence

from harness.model import JSON
from harness.verdict import Outcome
from simulators import wire

_NAMES: dict[type, str] = {
    wire.AssociateRQ: "A-ASSOCIATE-RQ",
    wire.AssociateAC: "A-ASSOCIATE-AC",
    wire.PDataTF: "P-DATA-TF",
    wire.ReleaseRQ: "A-RELEASE-RQ",
    wire.ReleaseRP: "A-RELEASE-RP",
}


def described(pdu: wire.PDU | wire.Unparsed | bytes) -> str:
    """The PDU's name, with the codes of a rejection or an abort."""
    if isinstance(pdu, bytes):
        return f"{len(pdu)} bytes"
    if isinstance(pdu, wire.AssociateRJ):
        return f"A-ASSOCIATE-RJ result={pdu.result} source={pdu.source} reason={pdu.reason}"
    if isinstance(pdu, wire.Abort):
        return f"A-ABORT source={pdu.source} reason={pdu.reason}"
    if isinstance(pdu, wire.RawPDU):
        return f"PDU of type {pdu.type:02X}H"
    if isinstance(pdu, wire.Unparsed):
        return f"no PDU ({pdu.reason})"
    return _NAMES.get(type(pdu), type(pdu).__name__)


def parts_of(pdu: wire.PDU | wire.Unparsed | bytes) -> Sequence[Sequence[JSON]]:
    """``[name, offset, length]`` of the named parts, for the hex dump."""
    if isinstance(pdu, bytes):
        return []
    rows: list[list[JSON]] = []
    offset = 0
    for name, data in wire.named_parts(pdu):
        rows.append([name, offset, len(data)])
        offset += len(data)
    return rows


def reaction_of(pdu: wire.PDU | wire.Unparsed | wire.Message) -> tuple[Outcome, dict[str, JSON]]:
    """What a decisive PDU or message means for the exchange, with its codes."""
    if isinstance(pdu, wire.AssociateRJ):
        codes: dict[str, JSON] = {
            "result": pdu.result, "source": pdu.source, "reason": pdu.reason
        }  # fmt: skip
        return Outcome.REJECTED, {**codes, "detail": described(pdu)}
    if isinstance(pdu, wire.Abort):
        return Outcome.ABORTED, {
            "source": pdu.source, "reason": pdu.reason, "detail": described(pdu)
        }  # fmt: skip
    if isinstance(pdu, wire.Message):
        return _response(pdu)
    if isinstance(pdu, wire.AssociateAC | wire.AssociateRQ):
        return Outcome.ACCEPTED, {"detail": described(pdu)}
    if isinstance(pdu, wire.ReleaseRP | wire.ReleaseRQ):
        return Outcome.RELEASED, {"detail": described(pdu)}
    return Outcome.GARBAGE, {"detail": described(pdu)}


def _response(message: wire.Message) -> tuple[Outcome, dict[str, JSON]]:
    status = message.command["Status"]
    field = message.command["CommandField"]
    detail: dict[str, JSON] = {
        "status": status if isinstance(status, int) else None,
        "command": field if isinstance(field, int) else None,
        "context": message.context_id,
    }
    if isinstance(status, int):
        detail["detail"] = f"status {status:04X}H"
    return Outcome.RESPONDED, detail
