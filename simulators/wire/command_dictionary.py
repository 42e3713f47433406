"""The command elements of PS3.7 E.1: tag, VR and keyword (read; retired elements left out)."""

from __future__ import annotations

from typing import Final

GROUP_LENGTH: Final = 0x00000000

DICTIONARY: Final[dict[int, tuple[str, str]]] = {
    0x00000000: ("UL", "CommandGroupLength"),
    0x00000002: ("UI", "AffectedSOPClassUID"),
    0x00000003: ("UI", "RequestedSOPClassUID"),
    0x00000100: ("US", "CommandField"),
    0x00000110: ("US", "MessageID"),
    0x00000120: ("US", "MessageIDBeingRespondedTo"),
    0x00000600: ("AE", "MoveDestination"),
    0x00000700: ("US", "Priority"),
    0x00000800: ("US", "CommandDataSetType"),
    0x00000900: ("US", "Status"),
    0x00000901: ("AT", "OffendingElement"),
    0x00000902: ("LO", "ErrorComment"),
    0x00000903: ("US", "ErrorID"),
    0x00001000: ("UI", "AffectedSOPInstanceUID"),
    0x00001001: ("UI", "RequestedSOPInstanceUID"),
    0x00001002: ("US", "EventTypeID"),
    0x00001005: ("AT", "AttributeIdentifierList"),
    0x00001008: ("US", "ActionTypeID"),
    0x00001020: ("US", "NumberOfRemainingSuboperations"),
    0x00001021: ("US", "NumberOfCompletedSuboperations"),
    0x00001022: ("US", "NumberOfFailedSuboperations"),
    0x00001023: ("US", "NumberOfWarningSuboperations"),
    0x00001030: ("AE", "MoveOriginatorApplicationEntityTitle"),
    0x00001031: ("US", "MoveOriginatorMessageID"),
}
"""(VR, keyword) by tag."""

TAGS: Final[dict[str, int]] = {keyword: tag for tag, (_, keyword) in DICTIONARY.items()}
"""Tag by keyword."""
