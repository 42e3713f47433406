"""One probe per flaw of the pages: what a client is told by a sound and by a flawed device."""

from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from simulators.devices.reference.file_format import file_meta
from simulators.devices.web_profile import token
from simulators.wire import Element, uids
from simulators.wire.dataset import encode_dataset
from tests.simulators.devices.probes import Expectation, Probe
from tests.simulators.devices.running import Running
from tests.simulators.devices.web_client import Thing, ask, multipart, stored, stow

_TAG = '<b id="m">'
_PAGE = b"<p>document"


def page_has(text: str, **of: str) -> Probe:
    def probe(it: Running) -> str:
        thing = stored(it, **of)
        return str(text in ask(it, f"/viewer/studies/{thing.study}").body.decode())

    return probe


def object_of(thing: Thing, *more: Element) -> bytes:
    texts = (
        (0x00080016, "UI", uids.SECONDARY_CAPTURE), (0x00080018, "UI", thing.instance),
        (0x00100020, "LO", thing.patient), (0x0020000D, "UI", thing.study),
        (0x0020000E, "UI", f"{thing.study}.1"),
    )  # fmt: skip
    rows = [Element(tag=tag, vr=vr, value=_even(text.encode(), vr)) for tag, vr, text in texts]
    rows = sorted([*rows, *more], key=lambda one: one.tag)
    meta = file_meta(
        uids.SECONDARY_CAPTURE.encode(), thing.instance.encode(), uids.EXPLICIT_LE.encode()
    )
    return meta + encode_dataset(rows, uids.EXPLICIT_LE)


def shown(name: str, *more: Element) -> Probe:
    """Store an object with these elements, and say what its page or document looks like."""

    def probe(it: Running) -> str:
        thing = Thing()
        assert stow(it, multipart(object_of(thing, *more))).status == 200
        answer = ask(it, f"/viewer/{name}/{thing.study}")
        policy = answer.fields["Content-Security-Policy"]
        return f"{answer.fields['Content-Type']} {len(answer.body)} {'img-src' in policy}"

    return probe


def tag_in(name: str, *more: Element) -> Probe:
    def probe(it: Running) -> str:
        thing = Thing()
        assert stow(it, multipart(object_of(thing, *more))).status == 200
        return str(_TAG in ask(it, f"/viewer/{name}/{thing.study}").body.decode())

    return probe


def viewer(target: str) -> Probe:
    return lambda it: str(ask(it, f"/viewer?url={quote(target, safe='')}").status)


def own_data(it: Running) -> str:
    return str(ask(it, "/viewer?url=/dicom-web/studies").status)


def other_study(it: Running) -> str:
    first, second = stored(it), stored(it)
    assert first.study != second.study
    return str(second.instance in ask(it, f"/viewer/studies/{second.study}").body.decode())


def saved(it: Running) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "state"
        status = ask(it, f"/viewer/launch?path={quote(str(path), safe='')}").status
        return f"{status} {path.exists()}"


def posted(**fields: str) -> Probe:
    def probe(it: Running) -> str:
        cookie = f"session={token()}"
        answer = ask(it, "/viewer/settings", "POST", b"banner=x", None, Cookie=cookie, **fields)
        return f"{answer.status} {'x' in ask(it, '/viewer/settings').body.decode()}"

    return probe


def read_across(it: Running) -> str:
    answer = ask(
        it, "/", bearer=None, Cookie=f"session={token()}", Origin="http://stranger.invalid",
        Sec_Fetch_Site="same-site",
    )  # fmt: skip
    return f"{answer.status} {answer.fields.get('Access-Control-Allow-Origin', '-')}"


def frames(it: Running) -> str:
    answer = ask(it, f"/viewer/studies/{stored(it).study}")
    return str("frame-ancestors" in answer.fields["Content-Security-Policy"])


def _even(value: bytes, vr: str) -> bytes:
    return value + (b"\0" if vr == "UI" else b" ") * (len(value) % 2)


_HTML = (
    Element(tag=0x00420011, vr="OB", value=_PAGE + b"\0"),
    Element(tag=0x00420012, vr="LO", value=b"text/html "),
)
_FILE = "application/octet-stream 11 False"
_NAMED = Element(tag=0x00080080, vr="LO", value=_TAG.encode())
_REPORT = Element(tag=0x0040A160, vr="UT", value=_TAG.encode())
_QUOTE = Element(tag=0x00081030, vr="LO", value=b'" id=quoted ')

VIEWER_PROBES = {
    "viewer_shows_first_study": Expectation(other_study, "True", "False"),
    "viewer_cuts_documents": Expectation(
        shown("documents", *_HTML), _FILE, "application/octet-stream 5 False"
    ),
    "viewer_serves_documents_as_pages": Expectation(
        shown("documents", *_HTML), _FILE, "text/html; charset=utf-8 11 False"
    ),
    "viewer_documents_may_fetch": Expectation(
        shown("documents", *_HTML), _FILE, "text/html; charset=utf-8 11 True"
    ),
    "viewer_knows_no_data": Expectation(own_data, "200", "403"),
    "viewer_forgets_settings": Expectation(
        posted(Sec_Fetch_Site="same-origin"), "200 True", "200 False"
    ),
    "viewer_unescaped_names": Expectation(tag_in("studies", _NAMED), "False", "True"),
    "viewer_unescaped_report": Expectation(tag_in("studies", _REPORT), "False", "True"),
    "viewer_unquoted_hint": Expectation(
        lambda it: str('title="" id=quoted' in _page_of(it, _QUOTE)), "False", "True"
    ),
    "viewer_sends_token_anywhere": Expectation(viewer("http://stranger.invalid/"), "403", "200"),
    "viewer_follows_any_scheme": Expectation(viewer("javascript:mark(1)"), "403", "200"),
    "viewer_opens_local_files": Expectation(viewer(Path(__file__).as_uri()), "403", "200"),
    "viewer_saves_where_told": Expectation(saved, "403 False", "200 True"),
    "viewer_takes_foreign_posts": Expectation(
        posted(Sec_Fetch_Site="cross-site", Origin="null"), "401 False", "200 True"
    ),
    "viewer_shares_session": Expectation(read_across, "401 -", "200 http://stranger.invalid"),
    "viewer_may_be_framed": Expectation(frames, "True", "False"),
}


def _page_of(it: Running, *more: Element) -> str:
    thing = Thing()
    assert stow(it, multipart(object_of(thing, *more))).status == 200
    return ask(it, f"/viewer/studies/{thing.study}").body.decode()
