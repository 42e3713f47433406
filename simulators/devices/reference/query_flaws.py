"""How the flawed device matches keys; a sound one never loads this.

Nothing here reaches beyond a table in memory, and no match takes more than a few seconds.
"""

import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import Instance
from simulators.devices.reference.query import Query
from simulators.devices.reference.scanner import DataSetError

PATIENT_ID = 0x00100020
_LONGEST_S = 4.0
_STEPS = 4096


def matched(
    query: Query, stored: Iterable[Instance], flaws: Flaws
) -> tuple[Query, Iterable[Instance]]:
    """Return the query as a flawed device matches it, and among what.

    Raises:
        DataSetError: A statement that was put together of it cannot be read.
    """
    if flaws.has("backtracks_without_limit"):
        query = replace(query, wild=Backtracking())
    patient = query.keys.get(PATIENT_ID)
    if patient and flaws.has("concatenates_patient_id"):
        stored = by_statement(patient, stored)
        others = {tag: key for tag, key in query.keys.items() if tag != PATIENT_ID}
        query = replace(query, keys=others)
    return query, stored


def by_statement(key: bytes, stored: Iterable[Instance]) -> list[Instance]:
    """Return the objects of a patient (flaw ``concatenates_patient_id``).

    Raises:
        DataSetError: The database does not understand the statement.
    """
    every = list(stored)
    with closing(sqlite3.connect(":memory:")) as index:
        index.execute("CREATE TABLE objects (number INTEGER, patient_id TEXT)")
        rows = (
            (number, (each.value(PATIENT_ID) or b"").rstrip(b" \0").decode("latin-1"))
            for number, each in enumerate(every)
        )
        index.executemany("INSERT INTO objects VALUES (?, ?)", rows)
        wanted = key.decode("latin-1")
        statement = f"SELECT number FROM objects WHERE patient_id GLOB '{wanted}'"  # the flaw
        try:
            return [every[int(number)] for (number,) in index.execute(statement)]
        except (sqlite3.Error, sqlite3.Warning, ValueError, TypeError, IndexError) as error:
            raise DataSetError(f"statement refused: {error}") from None


class Backtracking:
    """Matches wildcards by trying every way to spend them (flaw ``backtracks_without_limit``).

    One instance serves one query in one thread, and gives up after a few seconds of its time.
    """

    def __init__(self) -> None:
        self._until = time.thread_time() + _LONGEST_S
        self._steps = 0

    def __call__(self, pattern: bytes, value: bytes) -> bool:
        """Tell whether a value matches; once time is up, it does not."""
        ways = [(0, 0)]
        while ways:
            at, inside = ways.pop()
            if at == len(pattern):
                if inside == len(value):
                    return True
                continue
            self._steps += 1
            if self._steps % _STEPS == 0 and time.thread_time() > self._until:
                return False
            if pattern[at] == 0x2A:
                ways += [(at + 1, later) for later in range(len(value), inside - 1, -1)]
            elif inside < len(value) and pattern[at] in (0x3F, value[inside]):
                ways.append((at + 1, inside + 1))
        return False
