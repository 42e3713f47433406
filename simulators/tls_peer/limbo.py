"""Reads the test cases of x509-limbo (schema version 1); its data is the user's own file."""

from __future__ import annotations

import difflib
import json
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from harness.errors import RequestError
from simulators.pki import Identity
from simulators.tls_peer.cases import Case

_VERSION = 1
_NEAR = 5

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Limbo:
    """The cases of one file, by id; a case is read when it is asked for."""

    path: Path
    entries: Mapping[str, Entry]

    @classmethod
    def load(cls, path: Path) -> Limbo:
        """Read the file.

        Raises:
            RequestError: It cannot be read, is no JSON, or is no list of limbo cases.
        """
        try:
            content = json.loads(path.read_bytes())
        except OSError as error:
            raise RequestError(f"{path}: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise RequestError(f"{path}: no JSON: {error}") from error
        if not isinstance(content, dict) or content.get("version") != _VERSION:
            raise RequestError(f"{path}: no x509-limbo file of schema version {_VERSION}")
        return cls(path, dict(_entries(path, content.get("testcases"))))

    @property
    def showable(self) -> int:
        """How many cases have the private key that a handshake needs."""
        return sum(isinstance(entry.get("peer_certificate_key"), str) for entry in self._all())

    def case(self, wanted: str) -> Case:
        """The case of that id.

        Raises:
            RequestError: There is none (the message names the nearest ids), it lacks a field, or
                a field is of the wrong type.
        """
        entry = self.entries.get(wanted)
        if entry is None:
            near = self._near(wanted)
            hint = f"the nearest are {', '.join(near)}" if near else "and none comes near"
            raise RequestError(f"{self.path}: no case {wanted!r}; {hint}")
        try:
            return _case(wanted, entry)
        except (KeyError, TypeError, ValueError) as error:
            raise RequestError(f"{self.path}: case {wanted!r} is broken: {error}") from error

    def _near(self, wanted: str) -> list[str]:
        within = [one for one in self.entries if wanted in one]
        return (within or difflib.get_close_matches(wanted, self.entries, n=_NEAR))[:_NEAR]

    def _all(self) -> Iterator[Entry]:
        return iter(self.entries.values())


def _entries(path: Path, found: object) -> Iterator[tuple[str, Entry]]:
    if not isinstance(found, list):
        raise RequestError(f"{path}: 'testcases' is no list")
    for number, entry in enumerate(found):
        name = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(name, str):
            raise RequestError(f"{path}: testcases[{number}] has no id")
        yield name, cast("Entry", entry)


def _case(name: str, entry: Entry) -> Case:
    result, kind = _text(entry, "expected_result"), _text(entry, "validation_kind")
    if result not in ("SUCCESS", "FAILURE") or kind not in ("CLIENT", "SERVER"):
        raise ValueError(f"expected_result {result!r}, validation_kind {kind!r}")
    return Case(
        id=name,
        description=_text(entry, "description"),
        accepted=result == "SUCCESS",
        # The kind says which side's certificate is verified.
        by=kind.lower(),
        names=_names(entry),
        at=_moment(entry),
        trusted="".join(_texts(entry, "trusted_certs")).encode("ascii"),
        identity=_identity(entry),
        features=tuple(_texts(entry, "features")),
    )


def _identity(entry: Entry) -> Identity | None:
    key = entry.get("peer_certificate_key")
    if not isinstance(key, str):
        return None
    leaf = _text(entry, "peer_certificate")
    chain = "\n".join([leaf.rstrip(), *_texts(entry, "untrusted_intermediates")])
    return Identity(
        certificate_pem=chain.encode("ascii"),
        key_pem=key.encode("ascii"),
        leaf_der=ssl.PEM_cert_to_DER_cert(leaf),
        description=_text(entry, "id"),
    )


def _names(entry: Entry) -> tuple[str, ...]:
    listed = entry.get("expected_peer_names") or []
    one = entry.get("expected_peer_name")
    both = [one, *listed] if isinstance(listed, list) else [one]
    return tuple(str(name["value"]) for name in both if isinstance(name, dict))


def _moment(entry: Entry) -> datetime | None:
    stated = entry.get("validation_time")
    if stated is None:
        return None
    moment = datetime.fromisoformat(str(stated))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text(entry: Entry, key: str) -> str:
    value = entry[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value


def _texts(entry: Entry, key: str) -> Sequence[str]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"{key} is no list of texts")
    return value
