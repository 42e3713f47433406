"""Command sets as the device checks them (PS3.7 6.3.1, 9.3, 10.3, E.1)."""

import struct
from dataclasses import dataclass

from simulators.devices.reference.errors import ServiceError

SUCCESS = 0x0000
PROCESSING_FAILURE = 0x0110
DUPLICATE_INSTANCE = 0x0111
INVALID_VALUE = 0x0106
NO_SUCH_INSTANCE = 0x0112
INVALID_ARGUMENT = 0x0115
INVALID_INSTANCE = 0x0117
CLASS_INSTANCE_CONFLICT = 0x0119
MISSING_ATTRIBUTE = 0x0120
SOP_CLASS_NOT_SUPPORTED = 0x0122
NO_SUCH_ACTION = 0x0123
NOT_AUTHORIZED = 0x0124
UNRECOGNIZED_OPERATION = 0x0211
MISTYPED_ARGUMENT = 0x0212
RESOURCE_LIMITATION = 0x0213
OUT_OF_RESOURCES = 0xA700
UNABLE_TO_PERFORM = 0xA702
DESTINATION_UNKNOWN = 0xA801
DOES_NOT_MATCH = 0xA900
COERCED = 0xB000
CANNOT_UNDERSTAND = 0xC000
OF_ANOTHER_PATIENT = 0xC101
CANCELLED = 0xFE00
PENDING = 0xFF00

C_STORE, C_GET, C_FIND, C_MOVE, C_ECHO = 0x0001, 0x0010, 0x0020, 0x0021, 0x0030
N_EVENT_REPORT, N_SET, N_ACTION, N_CREATE = 0x0100, 0x0120, 0x0130, 0x0140
C_CANCEL = 0x0FFF
RESPONSE = 0x8000
NO_DATA_SET = 0x0101

GROUP_LENGTH, SOP_CLASS, FIELD, MESSAGE_ID, RESPONDED_TO = 0x0, 0x2, 0x100, 0x110, 0x120
DESTINATION, PRIORITY, DATA_SET_TYPE, STATUS = 0x600, 0x700, 0x800, 0x900
SOP_INSTANCE = 0x1000
REQUESTED_CLASS, REQUESTED_INSTANCE, ACTION_TYPE = 0x3, 0x1001, 0x1008
EVENT_TYPE, FAILED_COUNT = 0x1002, 0x1022

_HEADER = struct.Struct("<HHI")
_LONGEST = 1 << 16
_REQUEST = (GROUP_LENGTH, SOP_CLASS, FIELD, MESSAGE_ID, DATA_SET_TYPE)
_WORDS = {FIELD, MESSAGE_ID, RESPONDED_TO, PRIORITY, DATA_SET_TYPE, STATUS, 0x903, 0x1031}
_WORDS |= {0x1002, 0x1008, 0x1020, 0x1021, 0x1022, 0x1023}
_UIDS = {SOP_CLASS, REQUESTED_CLASS, SOP_INSTANCE, REQUESTED_INSTANCE}
_TITLES = {DESTINATION, 0x1030}


@dataclass(frozen=True, slots=True)
class Rule:
    """What PS3.7 asks of one request: its mandatory elements, and whether a data set follows."""

    name: str
    mandatory: tuple[int, ...]
    data_set: bool


RULES = {
    C_ECHO: Rule("C-ECHO", _REQUEST, False),
    C_STORE: Rule("C-STORE", (*_REQUEST, PRIORITY, SOP_INSTANCE), True),
    C_FIND: Rule("C-FIND", (*_REQUEST, PRIORITY), True),
    C_GET: Rule("C-GET", (*_REQUEST, PRIORITY), True),
    C_MOVE: Rule("C-MOVE", (*_REQUEST, PRIORITY, DESTINATION), True),
    N_ACTION: Rule(
        "N-ACTION",
        (
            GROUP_LENGTH,
            REQUESTED_CLASS,
            FIELD,
            MESSAGE_ID,
            DATA_SET_TYPE,
            REQUESTED_INSTANCE,
            ACTION_TYPE,
        ),
        True,
    ),
    N_SET: Rule(
        "N-SET",
        (GROUP_LENGTH, REQUESTED_CLASS, FIELD, MESSAGE_ID, DATA_SET_TYPE, REQUESTED_INSTANCE),
        True,
    ),
    N_CREATE: Rule("N-CREATE", _REQUEST, True),
    C_CANCEL: Rule("C-CANCEL", (GROUP_LENGTH, FIELD, RESPONDED_TO, DATA_SET_TYPE), False),
}
"""The requests that the device knows, by command field."""


@dataclass(frozen=True, slots=True)
class CommandSet:
    """A command set: element values by element number of group 0000, as sent.

    Attributes:
        surplus: Bytes after the group length element; what the group length should say.
    """

    values: dict[int, bytes]
    surplus: int

    def word(self, element: int) -> int | None:
        """Return a US value; None when it is missing or empty."""
        value = self.values.get(element, b"")[:2]
        return int.from_bytes(value, "little") if value else None

    def uid(self, element: int) -> bytes:
        """Return the first UI value without padding; empty when it is missing."""
        return self.values.get(element, b"").split(b"\\")[0].removesuffix(b"\0")

    def title(self, element: int) -> str:
        """Return an AE value without spaces."""
        return self.values.get(element, b"").decode("latin-1").strip(" ")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is refused: the status and the element that offends."""

    status: int
    element: int


def read_command(data: bytes) -> CommandSet:
    """Read a command set.

    Raises:
        ServiceError: The bytes are no list of ascending elements of group 0000.
    """
    values: dict[int, bytes] = {}
    at, last, first_end = 0, -1, 0
    while at < len(data):
        if at + _HEADER.size > len(data):
            raise ServiceError("command element cut")
        group, element, length = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        if group != 0 or element <= last or at + length > len(data):
            raise ServiceError("command set is no ascending list of group 0000 elements")
        values[element] = data[at : at + length]
        at, last = at + length, element
        first_end = first_end or at
    if not values or len(data) > _LONGEST:
        raise ServiceError("command set empty or too long")
    return CommandSet(values, len(data) - first_end)


def find_problem(
    command: CommandSet, rule: Rule, *, may_lack: bool = False, may_mistype: bool = False
) -> Problem | None:
    """Compare a request with its rule.

    Args:
        command: The command set.
        rule: What the standard asks of it.
        may_lack: Do not ask for mandatory elements (a flaw).
        may_mistype: Do not check value lengths and multiplicity (a flaw).
    """
    for element in rule.mandatory:
        if element not in command.values and not may_lack:
            return Problem(MISSING_ATTRIBUTE, element)
    if may_mistype:
        return None
    for element, value in command.values.items():
        if not _fits(element, value):
            return Problem(MISTYPED_ARGUMENT, element)
    claimed = command.values.get(GROUP_LENGTH)
    if claimed is not None and int.from_bytes(claimed, "little") != command.surplus:
        return Problem(MISTYPED_ARGUMENT, GROUP_LENGTH)
    return None


def _fits(element: int, value: bytes) -> bool:
    """Tell whether a value has the VR and VM of PS3.7 E.1."""
    if element in _WORDS:
        return len(value) == 2
    if len(value) % 2:
        return False
    if element == GROUP_LENGTH:
        return len(value) == 4
    if element in _UIDS:
        return 0 < len(value) <= 64 and b"\\" not in value
    if element in _TITLES:
        return 0 < len(value) <= 16 and b"\\" not in value
    return True
