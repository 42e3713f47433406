"""The flaws of the device as a user agent: loaded only when one is switched on."""

from __future__ import annotations

import json
import os
import re
import signal
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, cast
from urllib.parse import SplitResult, unquote, urlsplit

import h11

from simulators.devices.reference.agent import (
    STUDY,
    Agent,
    Errand,
    uid_of,
)
from simulators.devices.reference.agent_http import (
    REDIRECTS,
    AgentLimits,
    Answer,
    Call,
    Caller,
    Stream,
)
from simulators.devices.reference.errors import RefusedError
from simulators.devices.reference.flaws import NO_FLAWS, Flaws
from simulators.devices.reference.options import MIB
from simulators.devices.reference.reader import Reader
from simulators.devices.reference.web_message import RefusedError as PartRefusedError
from simulators.devices.reference.web_multipart import media_type

_MOST: Final = 384 * MIB
"""What a flawed agent takes at most: enough to be seen, too little to harm the machine."""

_LEVELS: Final = 3
"""How many folders a name may climb out of the one that is written to."""

_PATIENCE_S: Final = 10.0
_HOPS: Final = 400
_DEEP: Final = 200
_STEP: Final = 1 << 20
_TRACE: Final = "HISTORY"
_ADDRESSES: Final = ("00081190", "7FE00010")
_LENGTHS: Final = re.compile(rb"(?im)^(content-length|transfer-encoding):[^\r\n]*\r?\n")
_NAMES: Final = re.compile(rb'(?i)(?:filename="?|content-location:[ \t]*)([^"\r\n]+)')
_LARGE: Final = 1 << 40


def flawed_agent(errand: Errand, flaws: Flaws) -> Agent:
    """Return an agent with what is switched on."""
    return _FlawedAgent(errand, _FlawedCaller(errand.token, _limits(flaws), flaws), flaws)


def _limits(flaws: Flaws) -> AgentLimits:
    usual = AgentLimits()
    return AgentLimits(
        answer_s=_PATIENCE_S if flaws.has("agent_waits_without_limit") else usual.answer_s,
        head=_LARGE if flaws.has("agent_reads_any_head") else usual.head,
        interim=_LARGE if flaws.has("agent_waits_without_limit") else usual.interim,
        body=_MOST if flaws.has("agent_collects_without_limit") else usual.body,
        redirects=_HOPS if flaws.has("agent_follows_for_ever") else usual.redirects,
    )


class _FlawedCaller(Caller):
    """Asks as the sound one does, but for its flaws."""

    def __init__(self, token: str, limits: AgentLimits, flaws: Flaws) -> None:
        super().__init__(token, limits)
        self.flaws = flaws
        self.raw = b""

    def credentials(self, where: SplitResult, home: SplitResult) -> Mapping[str, str]:
        """Show the token to whoever is asked."""
        carried = self.token and self.flaws.has("agent_carries_its_token_along")
        if carried:
            return {"Authorization": f"Bearer {self.token}"}
        return super().credentials(where, home)

    def check_redirect(self, where: SplitResult, home: SplitResult) -> None:
        """Go where it is led."""
        if where.scheme == "file" and self.flaws.has("agent_opens_file_addresses"):
            Path(unquote(where.path)).read_bytes()
        if not self.flaws.has("agent_carries_its_token_along"):
            super().check_redirect(where, home)

    def announced(self, fields: Mapping[str, str]) -> None:
        """Make room for what is announced."""
        length = fields.get("content-length", "")
        if self.flaws.has("agent_reserves_what_is_announced") and length.isdecimal():
            room = b"\1" * min(int(length), _MOST)
            del room
        super().announced(fields)

    def answer(self, client: h11.Connection, stream: Stream) -> Answer:
        """Read an answer, whatever its lengths say."""
        if not self.flaws.has("agent_mends_lengths"):
            return super().answer(client, stream)
        raw = bytearray()
        try:
            while (data := stream.more()) and len(raw) < _MOST:
                raw += data
        except TimeoutError:
            pass
        head, end, body = bytes(raw).partition(b"\r\n\r\n")
        if b"chunked" in head.lower():
            body = b"".join(re.split(rb"(?:\r\n)?-?0*[0-9A-Fa-f]+x?[^\r\n]*\r\n", body))
        client.receive_data(_LENGTHS.sub(b"", head + b"\r\n") + end[2:] + body)
        client.receive_data(b"")
        return super().answer(client, stream)

    def broken_off(self, why: str, head: h11.Response | None, body: bytes) -> Answer:
        """Take what came for the whole."""
        if self.flaws.has("agent_takes_cut_answers") and head is not None:
            return self.whole(head, body)
        return super().broken_off(why, head, body)

    def expanded(self, body: bytes) -> bytes:
        """Expand a body to whatever it becomes."""
        if not self.flaws.has("agent_expands_without_limit"):
            return super().expanded(body)
        engine, out = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray()
        while len(out) < _MOST and (piece := engine.decompress(body, _STEP)):
            out += piece
            body = engine.unconsumed_tail
        return bytes(out)


class _FlawedAgent(Agent):
    """Does errands as the sound one does, but for its flaws."""

    def __init__(self, errand: Errand, caller: _FlawedCaller, flaws: Flaws) -> None:
        super().__init__(errand, caller)
        self.flaws = flaws

    def asked(self, call: Call) -> Answer:
        """Ask, and leave a trace of it beside the folder for what is kept."""
        if self.flaws.has("agent_leaves_traces"):
            Path("..", _TRACE).write_text(call.url, "utf-8")
        return super().asked(call)

    def check(self, answer: Answer, statuses: Sequence[int], *kinds: str) -> None:
        """Look away where a flaw does."""
        if self.flaws.has("agent_ignores_status") and answer.status not in REDIRECTS:
            statuses = (answer.status,)
        stores = self.errand.service == "store" and self.flaws.has("agent_trusts_store_status")
        if stores and answer.status == 202:
            statuses = (202,)
        if self.flaws.has("agent_ignores_media_types"):
            kinds = (media_type(answer.kind).kind,)
        super().check(answer, statuses, *kinds)

    def one_part(self, answer: Answer) -> bytes:
        """Take the object out of an answer in whatever form it is."""
        has = self.flaws.has
        if has("agent_ignores_media_types"):
            kind = media_type(answer.kind).kind
            if not kind.startswith("multipart/"):
                return answer.body
        if has("agent_recurses_into_parts"):
            _recurse(answer.body, 0)
        try:
            return super().one_part(answer)
        except PartRefusedError:
            if not self.flaws.any_of("agent_mends_multipart", "agent_takes_cut_answers"):
                raise
        return answer.body.partition(b"\r\n\r\n")[2].rpartition(b"\r\n--")[0]

    def check_object(self, content: bytes) -> None:
        """Take whatever object it is."""
        lenient = self.flaws.any_of(
            "agent_takes_other_objects",
            "agent_names_files_as_told",
            "agent_mends_multipart",
            "agent_ignores_media_types",
            "agent_takes_cut_answers",
        )
        if not lenient:
            super().check_object(content)

    def write(self, content: bytes, answer: Answer) -> None:
        """Write the object under a name that came with it, or nowhere."""
        has, out = self.flaws.has, self.errand.out
        if has("agent_forgets_to_write"):
            return
        if has("agent_names_files_as_told") and out is not None:
            told = _NAMES.findall(answer.body[:4096])
            for name in told or [_instance_of(content)]:
                _write(out, name, content)
        super().write(content, answer)

    def parsed(self, body: bytes) -> object:
        """Take a JSON text for what it should be."""
        if self.flaws.has("agent_trusts_json"):
            return cast("object", json.loads(body))
        return super().parsed(body)

    def matches(self, body: bytes) -> list[Mapping[str, object]]:
        """Take matches, and fetch what they name."""
        if self.flaws.has("agent_ignores_media_types") and body[:1] == b"<":
            return []
        if self.flaws.has("agent_trusts_json"):
            rows = cast("list[dict[str, dict[str, list[str]]]]", self.parsed(body))
            return [{**row, STUDY: {"Value": [row[STUDY]["Value"][0]]}} for row in rows]
        found = super().matches(body)
        if self.flaws.has("agent_fetches_addresses"):
            for row in found:
                self._fetch(row)
        return found

    def _fetch(self, row: Mapping[str, object]) -> None:
        """Fetch every address of a match."""
        for tag in _ADDRESSES:
            attribute = row.get(tag)
            inline = attribute.get("BulkDataURI") if isinstance(attribute, dict) else None
            for url in (uid_of(row, tag), inline):
                if isinstance(url, str) and urlsplit(url).scheme == "http":
                    self.caller.ask(Call(url=url))

    def shown(self, text: str) -> str:
        """Show a text as it is."""
        return text if self.flaws.has("agent_prints_controls") else super().shown(text)

    def packed(self, content: bytes) -> bytes:
        """Send nothing in place of the file."""
        return super().packed(b"" if self.flaws.has("agent_stores_nothing") else content)

    def check_stored(self, answer: Answer, instance: str) -> None:
        """Believe the status alone."""
        if not self.flaws.any_of("agent_trusts_store_status", "agent_ignores_status"):
            super().check_stored(answer, instance)


def _recurse(body: bytes, depth: int) -> None:
    """Go into the parts of parts, as far as the stack goes."""
    if depth > _DEEP:
        os.kill(os.getpid(), signal.SIGSEGV)
    inner = body.partition(b"\r\n\r\n")[2]
    if b"\r\n\r\n" in inner:
        _recurse(inner, depth + 1)


def _instance_of(content: bytes) -> bytes:
    """Return the SOP Instance UID, whatever it is."""
    try:
        meta, begin = Reader(None, NO_FLAWS).meta(content)
        return Reader(None, NO_FLAWS).data_set(content[begin:], meta[0x10])[0x00080018].value
    except RefusedError:
        return b"unnamed"


def _write(folder: Path, name: bytes, content: bytes) -> None:
    """Write to where a name says, but never beyond what the bench has laid around the folder."""
    around = folder.resolve().parents
    bench = around[_LEVELS - 1] if len(around) > _LEVELS else folder.resolve()
    path = folder / unquote(name.decode("latin-1")).replace("\\", "/").strip(" \0\r\n'")
    if path.resolve().is_relative_to(bench):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
