"""WADO-RS (PS3.18 10.4): instances, metadata, frames and a rendered picture."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from simulators.devices.reference.errors import CannotDecodeError
from simulators.devices.reference.file_format import file_meta
from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import SERIES_UID, STUDY_UID, Instance
from simulators.devices.reference.options import MIB
from simulators.devices.reference.scanner import inflate
from simulators.devices.reference.transcode import decoder_for
from simulators.devices.reference.uids import DECODED, DEFLATED_LE, EXPLICIT_LE, IMPLICIT_LE, KEPT
from simulators.devices.reference.web_json import Attributes, encoded, of_data_set
from simulators.devices.reference.web_message import JSON_TYPE, Answer, RefusedError, Request
from simulators.devices.reference.web_picture import Picture, picture_of, png
from simulators.devices.reference.web_sinks import XML_TYPE, native_model
from simulators.wire.reading import read_elements

_LARGEST = 64 * MIB
_INFLATED = 64 * MIB
_PLAIN = (IMPLICIT_LE, EXPLICIT_LE, DEFLATED_LE)
_PLAINLY = f"transfer-syntax={EXPLICIT_LE.decode()}"


class Retrieve:
    """Answers retrievals."""

    def __init__(self, flaws: Flaws, base: str) -> None:
        self._flaws = flaws
        self._base = base

    def __call__(
        self,
        request: Request,
        rest: Sequence[str],
        found: Sequence[Instance],
        uids: Sequence[bytes],
    ) -> Answer:
        """Answer a retrieval.

        Args:
            request: It.
            rest: What is wanted: nothing for the objects themselves, or "metadata" ...
            found: The objects that the URL names, at least one.
            uids: Those of the URL; with three it is one object.

        Raises:
            RefusedError: There is no such thing, or not in a form that is accepted.
            OSError: An object cannot be read.
        """
        accepted = request.first("accept").lower()
        if not rest:
            _must_accept(accepted, "multipart/related", "application/dicom")
            plain = _PLAINLY in accepted
            return _related(
                "application/dicom", (_file(each, self._flaws, plain=plain) for each in found)
            )
        if list(rest) == ["metadata"] and XML_TYPE in accepted:
            models = (native_model(self._metadata(each), self._flaws) for each in found)
            return _related(XML_TYPE, models)
        if list(rest) == ["metadata"]:
            _must_accept(accepted, "application/dicom+json", "application/json")
            objects = [self._metadata(each) for each in found]
            return Answer(status=200, body=encoded(objects, self._flaws), kind=JSON_TYPE)
        if len(uids) == 3 and list(rest) in (["rendered"], ["thumbnail"]):
            _must_accept(accepted, "image/png", "image/*")
            return _rendered(found[0], self._flaws, thumbnail=rest[0] == "thumbnail")
        if len(uids) == 3 and len(rest) == 2 and rest[0] in ("frames", "bulkdata"):
            _must_accept(accepted, "multipart/related", "application/octet-stream")
            wanted = _frames if rest[0] == "frames" else _bulk
            return _related("application/octet-stream", wanted(found[0], rest[1], self._flaws))
        raise RefusedError(404, "no such resource")

    def _metadata(self, instance: Instance) -> Attributes:
        names = (instance.value(STUDY_UID), instance.value(SERIES_UID), instance.sop_instance)
        study, series, one = (quote((name or b"").rstrip(b"\0 "), safe="") for name in names)
        url = f"{self._base}/studies/{study}/series/{series}/instances/{one}/bulkdata"
        return of_data_set(
            _inflated(instance),
            implicit=instance.transfer_syntax == IMPLICIT_LE,
            bulk=lambda tag: f"{url}/{tag:08X}",
        )


def _must_accept(accepted: str, *kinds: str) -> None:
    if accepted and not any(kind in accepted for kind in (*kinds, "*/*")):
        raise RefusedError(406, "not in a form that is accepted")


def _file(instance: Instance, flaws: Flaws, *, plain: bool) -> bytes:
    """Return an object as a file: as it is stored, or with its pixels decoded."""
    data, syntax = instance.data_set(), instance.transfer_syntax
    if plain and syntax in KEPT:
        raise RefusedError(406, "no decoder for this transfer syntax")
    if plain and syntax in DECODED:
        try:
            data, syntax = decoder_for(flaws).decoded(data, syntax), EXPLICIT_LE
        except CannotDecodeError as error:
            raise RefusedError(406, str(error)) from None
    return file_meta(instance.sop_class, instance.sop_instance, syntax) + data


def _related(kind: str, parts: Iterator[bytes]) -> Answer:
    """Return a multipart body (RFC 2387), as far as it stays within a bound."""
    boundary = os.urandom(16).hex()
    out = bytearray()
    for part in parts:
        out += f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + part + b"\r\n"
        if len(out) > _LARGEST:
            raise RefusedError(413, "answer too long")
    out += f"--{boundary}--\r\n".encode()
    media = f'multipart/related; type="{kind}"; boundary={boundary}'
    return Answer(status=200, body=bytes(out), kind=media)


def _inflated(instance: Instance) -> bytes:
    data = instance.data_set()
    return inflate(data, _INFLATED) if instance.transfer_syntax == DEFLATED_LE else data


def _elements(instance: Instance) -> dict[int, bytes]:
    """Return the values of the top level; for a picture that is not compressed."""
    if instance.transfer_syntax not in _PLAIN:
        raise RefusedError(406, "picture is compressed")
    implicit = instance.transfer_syntax == IMPLICIT_LE
    syntax = (IMPLICIT_LE if implicit else EXPLICIT_LE).decode()
    return {each.tag: each.value for each in read_elements(_inflated(instance), syntax).elements}


def _bulk(instance: Instance, name: str, _flaws: Flaws) -> Iterator[bytes]:
    try:
        tag = int(name, 16) if len(name) == 8 else -1
    except ValueError:
        tag = -1
    value = _elements(instance).get(tag)
    if value is None:
        raise RefusedError(404, "no such value")
    yield value


def _picture(instance: Instance, flaws: Flaws) -> Picture:
    try:
        return picture_of(_inflated(instance), instance.transfer_syntax, flaws)
    except CannotDecodeError as error:
        raise RefusedError(406, str(error)) from None


def _frames(instance: Instance, numbers: str, flaws: Flaws) -> Iterator[bytes]:
    """Yield the frames of a picture by their numbers, which count from one."""
    wanted = numbers.split(",")
    if not all(one.isascii() and one.isdigit() and len(one) < 9 for one in wanted):
        raise RefusedError(400, "no frame numbers")
    picture = _picture(instance, flaws)
    for one in map(int, wanted):
        frame = picture.frame(one)
        if not frame:
            raise RefusedError(404, "no such frame")
        yield frame


def _rendered(instance: Instance, flaws: Flaws, *, thumbnail: bool) -> Answer:
    picture = _picture(instance, flaws)
    any_kind = flaws.has("reads_beyond_palette")
    image = png(picture, any_kind=any_kind, thumbnail=thumbnail)
    if image is None:
        raise RefusedError(406, "picture cannot be rendered")
    return Answer(status=200, body=image, kind="image/png")
