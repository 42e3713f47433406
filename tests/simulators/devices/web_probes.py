"""One probe per flaw of the web side: what a client is told by a sound and by a flawed device."""

import base64
import gzip
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from threading import Thread

from harness.specimens import Shelf
from simulators.corpus.documents import ACTIVE_DOCUMENTS, DOCUMENT_LENGTHS
from simulators.devices.web_profile import PATIENT_ID, token
from tests.simulators.devices.probes import Expectation, Probe
from tests.simulators.devices.running import Running
from tests.simulators.devices.web_client import (
    BASE,
    Thing,
    ask,
    forged,
    head,
    multipart,
    raw,
    stored,
    stow,
)

MIB = 1 << 20
MARK = "<script>mark</script>"


def status(path: str = BASE, bearer: str | None = "") -> Probe:
    return lambda it: str(ask(it, path, bearer=bearer).status)


def sent(octets: Callable[[], bytes], seconds: float = 3.0) -> Probe:
    return lambda it: raw(it, octets(), seconds)


def body(octets: Callable[[], bytes], **fields: str) -> Probe:
    def probe(it: Running) -> str:
        try:
            return str(stow(it, octets(), **fields).status)
        except (ConnectionError, TimeoutError, OSError) as error:
            return type(error).__name__ if it.alive() else "dead"

    return probe


def dead_or(probe: Probe) -> Probe:
    def judged(it: Running) -> str:
        said = probe(it)
        try:
            it.process.wait(1)
        except Exception:
            return said
        return "dead"

    return judged


def rendered_without_token(it: Running) -> str:
    return str(ask(it, f"{stored(it).path}/rendered", bearer=None).status)


def foreign_study(it: Running) -> str:
    thing = stored(it, patient="SOMEBODY")
    of_one = token(sub="patient", patient=PATIENT_ID)
    return str(ask(it, f"{BASE}/{thing.study}/metadata", bearer=of_one).status)


def file_beside(it: Running) -> str:
    (it.storage.parent / "beside").write_text("secret of the device")
    said = ask(it, f"{BASE}/..%2fbeside/metadata")
    return f"{said.status} {b'secret of the device' in said.body}"


def most_rows(it: Running) -> str:
    for _ in range(2):
        things = [Thing(patient="MANY").part10() for _ in range(60)]
        assert stow(it, multipart(*things)).status == 200
    return str(len(json.loads(ask(it, f"{BASE}?PatientID=MANY&limit=100000").body)))


def nested() -> bytes:
    inner = b""
    for level in range(80):
        inner = multipart(
            inner, kind=f"multipart/mixed; boundary=e{level}", boundary=f"e{level + 1}"
        )
    return multipart(inner, kind="multipart/mixed; boundary=e80")


def big_part_head() -> bytes:
    return multipart(Thing().part10(), kind="application/dicom\r\nX: " + "x" * 65536)


def declared_only(it: Running) -> str:
    before = it.peak_mib()
    with socket.create_connection(("127.0.0.1", it.web_port), timeout=3) as sock:
        sock.sendall(head(f"Content-Length: {180 * MIB}", method="POST") + b"x")
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65536):
            pass
    return "large" if it.peak_mib() - before > 100 else "small"


def document(shelf: Shelf, case: str, token: str) -> bytes:
    return multipart(shelf.only(case, token))


def document_said_to_be_long(it: Running) -> str:
    before = it.peak_mib()
    said = stow(it, document(DOCUMENT_LENGTHS, "pdf-of-4-gigabytes", "1234567890")).status
    return f"{said} {it.peak_mib() - before > 100}"


def document_with_a_path(it: Running) -> str:
    said = stow(it, document(ACTIVE_DOCUMENTS, "title-that-climbs", "9876543210")).status
    there = (it.storage / "../../assay-9876543210.pdf").exists()
    return f"{said} {there}"


def written_as(name: str, expected: bytes, kind: str, path: str = "") -> Probe:
    def probe(it: Running) -> str:
        thing = stored(it, name=name)
        said = ask(it, path or f"{thing.path}/metadata", Accept=kind)
        return f"{said.status} {expected in said.body}"

    return probe


def of_another_study(it: Running) -> str:
    return str(stow(it, multipart(Thing().part10()), f"{BASE}/2.25.999").status)


def overwritten(it: Running) -> str:
    other = replace(stored(it), name="Else^Bob")
    said = stow(it, multipart(other.part10())).status
    return f"{said} {b'Else^Bob' in ask(it, f'{other.path}/metadata').body}"


def forgotten(it: Running) -> str:
    return str(ask(it, f"{BASE}/{stored(it).study}/metadata").status)


def quoted(it: Running) -> str:
    stored(it, name='Ann"Quote', patient="QUOTE")
    try:
        (row,) = json.loads(ask(it, f"{BASE}?PatientID=QUOTE").body)
    except json.JSONDecodeError:
        return "broken"
    return str(row["00100010"]["Value"][0]["Alphabetic"])


def reflected(path: str) -> Probe:
    def probe(it: Running) -> str:
        said = ask(it, path)
        html = said.fields["Content-Type"].startswith("text/html")
        return f"{MARK.encode() in said.body} {html}"

    return probe


def split_answer(it: Running) -> str:
    said = ask(it, f"{BASE}?PatientName=a%0d%0aX-Mark:%20yes")
    return said.fields.get("X-Mark", "none")


def described(it: Running) -> str:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        heard: list[bytes] = []

        def listen() -> None:
            canary.settimeout(1.5)
            try:
                sock, _ = canary.accept()
            except TimeoutError:
                return
            heard.append(sock.recv(4096))
            sock.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
            sock.close()

        listener = Thread(target=listen)
        listener.start()
        uri = f"http://127.0.0.1:{canary.getsockname()[1]}/canary"
        part = json.dumps([{"7FE00010": {"vr": "OW", "BulkDataURI": uri}}]).encode()
        said = stow(it, multipart(part, kind="application/dicom+json")).status
        listener.join()
    return f"{said} {bool(heard)}"


def overridden(it: Running) -> str:
    thing = stored(it)
    ask(it, f"{BASE}/{thing.study}", "POST", X_HTTP_Method_Override="DELETE")
    return str(ask(it, f"{BASE}/{thing.study}/metadata").status)


def traced(it: Running) -> str:
    return str(token().encode() in ask(it, BASE, "TRACE").body)


def cors(it: Running) -> str:
    said = ask(it, BASE, Origin="http://elsewhere.example")
    return said.fields.get("Access-Control-Allow-Origin", "none")


def told(it: Running) -> str:
    return str(b"web_routes.py" in ask(it, f"{BASE}?limit=abc").body + ask(it, "/nowhere").body)


def deep_json() -> bytes:
    return multipart(b"[" * 5000 + b"]" * 5000, kind="application/dicom+json")


def with_header(signature: str, **header: str) -> str:
    said = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{said}.{token().split('.')[1]}.{signature}"


def names_a_key(it: Running) -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        heard: list[str] = []

        def wait() -> None:
            try:
                listener.accept()[0].close()
                heard.append("called")
            except TimeoutError:
                heard.append("quiet")

        thread = Thread(target=wait)
        thread.start()
        said = ask(it, BASE, bearer=with_header("AAAA", alg="RS256", jku=address)).status
        thread.join()
    return f"{said} {heard[0]}"


def nosniff(it: Running) -> str:
    return ask(it, "/").fields.get("X-Content-Type-Options", "none")


_RELATED = 'multipart/related; type="application/dicom"'
_MANY = "".join(f"X-{number}: {'x' * 400}\r\n" for number in range(200))

WEB_PROBES = {
    "web_ignores_token": Expectation(status(bearer=None), "401", "200"),
    "web_rendered_unguarded": Expectation(rendered_without_token, "401", "200"),
    "web_token_unverified": Expectation(status(bearer=forged()), "401", "200"),
    "web_token_never_expires": Expectation(status(bearer=token(exp=1)), "401", "200"),
    "web_token_without_signature": Expectation(
        status(bearer=with_header("", alg="None")), "401", "200"
    ),
    "web_token_fetches_key": Expectation(names_a_key, "401 quiet", "401 called"),
    "web_token_any_audience": Expectation(status(bearer=token(aud="else")), "401", "200"),
    "web_token_in_url": Expectation(
        status(f"{BASE}?access_token={token()}", bearer=None), "401", "200"
    ),
    "web_ignores_owner": Expectation(foreign_study, "404", "200"),
    "web_tells_what_exists": Expectation(foreign_study, "404", "403"),
    "web_path_from_url": Expectation(file_beside, "400 False", "200 True"),
    "web_answers_unbounded": Expectation(most_rows, "100", "120"),
    "web_multipart_without_boundary": Expectation(
        body(lambda: multipart(Thing().part10()), Content_Type=_RELATED), "400", "200"
    ),
    "web_multipart_any_type": Expectation(
        body(lambda: multipart(Thing().part10(), kind="text/html")), "415", "200"
    ),
    "web_multipart_recurses": Expectation(dead_or(body(nested)), "400", "dead"),
    "web_dies_on_multipart": Expectation(
        dead_or(body(lambda: b"--edge\r\nContent-Type: x\r\n--edge--\r\n")), "400", "dead"
    ),
    "web_part_header_unbounded": Expectation(body(big_part_head), "400", "200"),
    "web_both_lengths": Expectation(
        sent(
            lambda: (
                head("Content-Length: 5", "Transfer-Encoding: chunked")
                + b"0\r\n\r\n"
                + head("Connection: close")
            )
        ),
        "400",
        "200 200",
    ),
    "web_two_lengths": Expectation(
        sent(lambda: head("Content-Length: 5", "Content-Length: 0", "Connection: close")),
        "400",
        "200",
    ),
    "web_obs_fold": Expectation(
        sent(lambda: head("X-Folded: a", " b", "Connection: close")), "400", "200"
    ),
    "web_lenient_chunks": Expectation(
        sent(lambda: head("Transfer-Encoding: chunked", "Connection: close") + b"0x0\r\n\r\n"),
        "400",
        "200",
    ),
    "web_no_request_timeout": Expectation(sent(lambda: b"GET / HT", 6.5), "408", "nothing"),
    "web_headers_unbounded": Expectation(
        sent(lambda: head(_MANY.removesuffix("\r\n"), "Connection: close")), "431", "200"
    ),
    "web_body_unbounded": Expectation(
        sent(lambda: head(f"Content-Length: {17 * MIB}", "Connection: close") + bytes(17 * MIB)),
        "413",
        "200",
    ),
    "web_allocates_content_length": Expectation(declared_only, "small", "large"),
    "web_refuses_gzip": Expectation(
        body(lambda: gzip.compress(multipart(Thing().part10())), Content_Encoding="gzip"),
        "200",
        "415",
    ),
    "web_inflates_without_limit": Expectation(
        body(
            lambda: gzip.compress(multipart(bytes(20 * MIB))),
            Content_Encoding="gzip",
        ),
        "413",
        "409",
    ),
    "web_takes_other_study": Expectation(of_another_study, "409", "200"),
    "web_overwrites_silently": Expectation(overwritten, "409 False", "200 True"),
    "web_stow_says_success": Expectation(forgotten, "200", "404"),
    "web_joins_json": Expectation(quoted, 'Ann"Quote', "broken"),
    "web_reflects_error": Expectation(
        reflected(f"{BASE}/%3Cscript%3Emark%3C/script%3E"), "False False", "True True"
    ),
    "web_unescaped_list": Expectation(
        reflected("/?PatientName=%3Cscript%3Emark%3C/script%3E"), "False True", "True True"
    ),
    "web_header_injection": Expectation(split_answer, "none", "yes"),
    "web_fetches_bulk_data": Expectation(described, "415 False", "415 True"),
    "web_method_override": Expectation(overridden, "200", "404"),
    "web_trace": Expectation(traced, "False", "True"),
    "web_cors_any": Expectation(cors, "none", "http://elsewhere.example"),
    "web_shows_traceback": Expectation(told, "False", "True"),
    "web_json_recurses": Expectation(dead_or(body(deep_json)), "415", "dead"),
    "web_no_safe_headers": Expectation(nosniff, "nosniff", "none"),
    "web_ignores_meta_length": Expectation(
        dead_or(body(lambda: multipart(b"no object"))), "409", "dead"
    ),
    "web_trusts_document_length": Expectation(document_said_to_be_long, "200 False", "200 True"),
    "web_unpacks_documents": Expectation(document_with_a_path, "200 False", "200 True"),
    "web_json_floats": Expectation(
        written_as("Example", b'"00280010":{"vr":"US","Value":[4]}', "application/dicom+json"),
        "200 True",
        "200 False",
    ),
    "web_xml_unescaped": Expectation(
        written_as("A&B", b"A&amp;B", 'multipart/related; type="application/dicom+xml"'),
        "200 True",
        "200 False",
    ),
    "web_csv_formulas": Expectation(
        written_as("=1+1", b"'=1+1", "text/csv", "/studies.csv"), "200 True", "200 False"
    ),
}
