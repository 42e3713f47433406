"""A device profile as text, with the origin of every value in a comment: given, observed, assumed.

A claim that was not observed is left out and named at the end of its section, with its meaning.
What a device says of itself is hostile input: nothing of it leaves the string that it stands in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.probing import Observed
from harness.schemas import device_keys
from harness.verdict import Outcome

ANY_AE_TITLE = "ANY-SCP"
"""The called AE title that is used when nobody names the device's own."""

UNKNOWN = "unknown"

_CLAIMS = (
    "checks_called_ae", "calling_ae_titles", "max_associations", "artim_s", "idle_timeout_s",
    "max_pdu", "transfer_syntaxes",
)  # fmt: skip
_TLS_CLAIMS = ("mutual", "profile", "checks_host_name", "authority_cert", "authority_key")
_SUCCESS = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person said.

    Attributes:
        host: Where the device listens; empty when it only calls others.
        port: Its port; 0 with an empty host.
        ae_title: Its AE title; empty when nobody named one.
        calling: The AE title by which we called, and call.
        stated: Services that a person claims for it as acceptor, beside those observed.
        asked: Services that it uses as a requestor.
        networks: Networks beyond loopback that may be tested.
        authorised_by: Who permits that.
    """

    manufacturer: str = UNKNOWN
    model: str = UNKNOWN
    version: str = ""
    host: str = ""
    port: int = 0
    ae_title: str = ""
    calling: str = "ASSAY"
    stated: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    authorised_by: str = ""


def profile_text(answers: Answers, seen: Observed | None, date: str = "") -> str:
    """The text of a profile.

    Args:
        answers: What a person said.
        seen: What the probe saw; None before it has looked.
        date: Of the look, for the first comment.
    """
    lines = ["# A device profile, written by 'assay init'. Check it with 'assay doctor'."]
    if seen is not None:
        lines.append(f"# Probed on {date}: {_safe(seen.detail)}.")
    lines += ["schema = 1", "", *_device(answers, seen)]
    if answers.networks:
        lines += ["", "[scope]", *_scope(answers)]
    if answers.host:
        lines += ["", "[acceptor]", *_acceptor(answers, seen)]
    if seen is not None and seen.tls:
        lines += ["", "[tls]", *_tls(seen)]
    if answers.asked:
        lines += ["", "[requestor]", *_requestor(answers)]
    return "\n".join([*lines, "", *_hints()]) + "\n"


def _device(answers: Answers, seen: Observed | None) -> Iterator[str]:
    yield "[device]"
    for key, name in (("manufacturer", answers.manufacturer), ("model", answers.model)):
        yield _line(key, name, "assumed: nobody named it" if name == UNKNOWN else "given")
    if answers.version:
        yield _line("version", answers.version, "given")
    if seen is not None and seen.implementation:
        yield f"# observed: it calls its implementation {_safe(seen.implementation)}"


def _scope(answers: Answers) -> Iterator[str]:
    networks = ["127.0.0.0/8", "::1/128", *answers.networks]
    yield _line("networks", networks, "given")
    yield _line("authorised_by", answers.authorised_by, "given")


def _acceptor(answers: Answers, seen: Observed | None) -> Iterator[str]:
    secure = seen is not None and bool(seen.tls)
    answered = "observed: " + ("TLS" if secure else "DICOM") if seen else "given"
    yield _line("host", answers.host, "given")
    yield _line("tls_port" if secure else "port", answers.port, answered)
    ours = seen is None or bool(seen.refuses_calling)
    written = {"calling_ae_titles"} if ours else set()
    yield _ae_title(answers, seen)
    if ours:
        why = "observed: a made-up calling AE title was rejected, this one was not"
        yield _line("calling_ae_titles", [answers.calling], why if seen else "given")
    if seen is not None:
        for key, line in _observed(answers, seen):
            written.add(key)
            yield line
        yield from (f"# {_safe(remark)}" for remark in _remarks(seen))
    yield from _left_out("acceptor", [key for key in _CLAIMS if key not in written])


def _observed(answers: Answers, seen: Observed) -> Iterator[tuple[str, str]]:
    found = [name for name in seen.services if name != "verification" or seen.echo_status == 0]
    services = list(dict.fromkeys([*found, *answers.stated]))
    if services:
        stated = [name for name in answers.stated if name not in found]
        origin = "observed: presentation contexts were accepted" if found else ""
        origin += ("; " if found and stated else "") + (
            f"given: {', '.join(stated)}" if stated else ""
        )
        yield "services", _line("services", services, origin)
    if seen.refuses_called is not None:
        how = "rejected" if seen.refuses_called else "accepted"
        line = _line("checks_called_ae", seen.refuses_called, f"observed: a made-up one was {how}")
        yield "checks_called_ae", line
    if seen.max_pdu is not None:
        yield "max_pdu", _line("max_pdu", seen.max_pdu, "observed: announced by the device")
    if seen.transfer_syntaxes:
        origin = "observed: accepted for storage"
        yield "transfer_syntaxes", _line("transfer_syntaxes", list(seen.transfer_syntaxes), origin)


def _ae_title(answers: Answers, seen: Observed | None) -> str:
    origin = "given" if answers.ae_title else "assumed: nobody named one"
    if seen is not None and seen.refuses_called:
        origin += "; observed: it was accepted, and a made-up one was not"
    return _line("ae_title", answers.ae_title or ANY_AE_TITLE, origin)


def _remarks(seen: Observed) -> Iterator[str]:
    yield from seen.remarks
    if "verification" in seen.services and seen.echo_status != _SUCCESS:
        status = "no answer" if seen.echo_status is None else f"status {seen.echo_status:04X}H"
        yield f"verification is left out: an honest C-ECHO was not answered by success ({status})"
    if seen.outcome is not Outcome.ACCEPTED and seen.tls:
        yield "services behind TLS cannot be seen without an identity that the device trusts"


def _tls(seen: Observed) -> Iterator[str]:
    written = set()
    versions = list(reversed(seen.tls))
    yield _line("versions", versions, "observed: negotiated; others were not asked for")
    if seen.asks_for_certificate is not None:
        written.add("mutual")
        how = "asked for" if seen.asks_for_certificate else "not asked for"
        origin = f"observed: a client certificate was {how}"
        yield _line("mutual", seen.asks_for_certificate, origin)
    yield from _left_out("tls", [key for key in _TLS_CLAIMS if key not in written])


def _requestor(answers: Answers) -> Iterator[str]:
    yield _line("services", list(answers.asked), "given")
    yield _line("manual", True, "assumed: an operator makes the device call when asked")
    yield from _left_out("requestor", ["commands", "timeout_s", "tls"])


def _left_out(section: str, keys: Sequence[str]) -> Iterator[str]:
    if not keys:
        return
    yield "# Not observed, so not claimed; add what the device's documents claim:"
    for key in keys:
        yield f"#   {key}: {device_keys()[section][key]}"


def _hints() -> Iterator[str]:
    yield "# A [process] section would have the harness start and watch the device: without it, a"
    yield "# crash is seen only by its silence, and files, memory and logs are not judged."


def _line(key: str, value: str | int | bool | Sequence[str], origin: str) -> str:
    return f"{key} = {_value(value)}  # {origin}"


def _value(value: str | int | bool | Sequence[str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _string(value)
    return f"[{', '.join(_string(each) for each in value)}]"


def _string(text: str) -> str:
    """A TOML basic string; JSON escapes the same characters but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _safe(text: str) -> str:
    """Text for a comment: it cannot end the line."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)
