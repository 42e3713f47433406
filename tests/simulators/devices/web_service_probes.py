"""One probe per flaw of uploads, XML, workitems, administration and passwords."""

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path

from simulators.corpus import archives
from simulators.devices.web_profile import PATIENT_ID, token
from tests.simulators.devices.probes import Expectation, Probe
from tests.simulators.devices.running import Running
from tests.simulators.devices.web_client import BASE, Thing, ask, multipart, stored, stow
from tests.simulators.devices.web_probes import MIB, dead_or

ADMIN = token(sub="administrator", admin=True)
OF_ONE = token(sub="patient", patient=PATIENT_ID)
ITEMS = "/dicom-web/workitems"
LOCK = "2.25.77"
_XML = "application/dicom+xml"


def upload(it: Running, content: bytes) -> str:
    return str(ask(it, "/instances", "POST", content, Content_Type="application/zip").status)


def uploads(content: Callable[[], bytes]) -> Probe:
    def probe(it: Running) -> str:
        try:
            return upload(it, content())
        except (ConnectionError, TimeoutError, OSError) as error:
            return type(error).__name__ if it.alive() else "dead"

    return probe


def grows(content: Callable[[], bytes]) -> Probe:
    def probe(it: Running) -> str:
        before = it.peak_mib()
        upload(it, content())
        return "large" if it.peak_mib() - before > 100 else "small"

    return probe


def kept(it: Running) -> str:
    thing = Thing()
    upload(it, archives.packed(("ONE", thing.part10())))
    return str(ask(it, thing.path).status)


def outside(name: str) -> Probe:
    def probe(it: Running) -> str:
        target = str(it.storage.parent)
        entries = [("LINK", target.encode())] if name.startswith("LINK") else []
        upload(it, archives.packed(*entries, (name, Thing().part10())))
        return str((it.storage.parent / Path(name).name).exists())

    return probe


def document(prolog: str, value: str) -> bytes:
    state = '<DicomAttribute tag="00741000" vr="CS"><Value>SCHEDULED</Value></DicomAttribute>'
    return f"{prolog}<NativeDicomModel>{state}{value}</NativeDicomModel>".encode()


def naming(it: Running) -> bytes:
    file = it.storage.parent / "beside"
    file.write_text("secret-of-the-device")
    entity = f'<!DOCTYPE a [<!ENTITY far SYSTEM "{file.as_uri()}">]>'
    label = '<DicomAttribute tag="00741204" vr="LO"><Value>&far;</Value></DicomAttribute>'
    return document(entity, label)


def stows_xml(it: Running) -> str:
    said = stow(it, multipart(naming(it), kind=_XML))
    return str("secret-of-the-device" in said.fields.get("Warning", ""))


def swells_xml(it: Running) -> str:
    entities = f'<!ENTITY a "{"x" * 1024}"><!ENTITY b "{"&a;" * 1000}"><!ENTITY c "{"&b;" * 200}">'
    before = it.peak_mib()
    stow(it, multipart(document(f"<!DOCTYPE a [{entities}]>", "&c;"), kind=_XML))
    return "large" if it.peak_mib() - before > 100 else "small"


def create(it: Running, uid: str, content: bytes = b"", kind: str = "application/json") -> str:
    scheduled = {
        "00741000": {"vr": "CS", "Value": ["SCHEDULED"]},
        "00100020": {"vr": "LO", "Value": [PATIENT_ID]},
    }
    content = content or json.dumps([scheduled]).encode()
    return str(ask(it, f"{ITEMS}?{uid}", "POST", content, Content_Type=kind).status)


def change(it: Running, uid: str, state: str, lock: str = "") -> str:
    wanted = {
        "00741000": {"vr": "CS", "Value": [state]},
        "00081195": {"vr": "UI", "Value": [lock]},
    }
    return str(ask(it, f"{ITEMS}/{uid}/state", "PUT", json.dumps([wanted]).encode()).status)


def creates_xml(it: Running) -> str:
    content = document("", "")
    return create(it, "2.25.901", content, _XML)


def creates_external(it: Running) -> str:
    create(it, "2.25.902", naming(it), _XML)
    return str(b"secret-of-the-device" in ask(it, f"{ITEMS}/2.25.902").body)


def states(it: Running) -> str:
    uid = "2.25.903"
    said = (create(it, uid), change(it, uid, "IN PROGRESS", LOCK))
    return f"{' '.join(said)} {b'IN PROGRESS' in ask(it, f'{ITEMS}/{uid}').body}"


def ends(it: Running) -> str:
    uid = "2.25.904"
    create(it, uid)
    change(it, uid, "IN PROGRESS", LOCK)
    return change(it, uid, "COMPLETED", "2.25.78")


def claims_again(it: Running) -> str:
    uid = "2.25.905"
    create(it, uid)
    change(it, uid, "IN PROGRESS", LOCK)
    return change(it, uid, "IN PROGRESS", "2.25.78")


def reopens(it: Running) -> str:
    uid = "2.25.908"
    create(it, uid)
    change(it, uid, "IN PROGRESS", LOCK)
    change(it, uid, "COMPLETED", LOCK)
    return change(it, uid, "IN PROGRESS", "2.25.78")


def cancels(it: Running) -> str:
    uid, of_another = "2.25.909", token(sub="patient", patient="SOMEBODY")
    create(it, uid)
    where = f"{ITEMS}/{uid}/cancelrequest"
    return str(ask(it, where, "POST", b"", bearer=of_another).status)


def tells_lock(it: Running) -> str:
    uid = "2.25.906"
    create(it, uid)
    change(it, uid, "IN PROGRESS", LOCK)
    return str(LOCK.encode() in ask(it, f"{ITEMS}/{uid}").body)


def subscribes(it: Running) -> str:
    uid = "2.25.907"
    create(it, uid)
    where = f"{ITEMS}/{uid}/subscribers/STRANGER"
    return str(ask(it, where, "POST", b"", bearer=OF_ONE).status)


def administers(path: str, bearer: str | None) -> Probe:
    return lambda it: str(ask(it, path, "POST", b"os", bearer=bearer).status)


def login(it: Running, password: str, user: str = "rita") -> int:
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return ask(it, BASE, bearer=None, Authorization=f"Basic {pair}").status


def guesses(it: Running) -> str:
    return str({login(it, f"wrong-{number}") for number in range(12)})


def unknown(it: Running) -> str:
    return str(login(it, "wrong", user="nobody-here"))


def mistake(it: Running) -> str:
    time.sleep(2.1)  # an earlier probe may have guessed too often
    login(it, "passcode-of-rita")
    return f"{login(it, 'wrong')} {login(it, 'passcode-of-rita')}"


def foreign(it: Running) -> str:
    time.sleep(2.1)
    pair = base64.b64encode(b"rita:passcode-of-rita").decode()
    fields = {"Authorization": f"Basic {pair}", "Origin": "http://elsewhere.example"}
    content = Thing().part10()
    return str(ask(it, "/instances", "POST", content, bearer=None, **fields).status)


def ranges(it: Running) -> str:
    return str(ask(it, stored(it).path, Range=f"bytes={','.join(['0-99'] * 50)}").status)


def accepts(it: Running) -> str:
    path, began = f"{BASE}/{stored(it).study}/metadata", time.monotonic()
    ask(it, path, Accept="application/dicom+json," * 300)
    return "late" if time.monotonic() - began > 4 else "soon"


def syntax(it: Running) -> str:
    accepted = 'multipart/related; type="application/dicom"; transfer-syntax=2.25.9'
    return str("2.25.9" in ask(it, stored(it).path, Accept=accepted).fields["Content-Type"])


def parts(it: Running) -> str:
    return str(stow(it, multipart(*[b""] * 200)).status)


def mistyped(it: Running) -> str:
    part = json.dumps([{"00080060": {"vr": "CS", "Value": 7}}]).encode()
    try:
        return str(stow(it, multipart(part, kind="application/dicom+json")).status)
    except (ConnectionError, TimeoutError, OSError) as error:
        return type(error).__name__


def styled(it: Running) -> str:
    content = document('<?xml-stylesheet href="http://127.0.0.1:9/"?>', "")
    return str("Warning" in stow(it, multipart(content, kind=_XML)).fields)


WEB_SERVICE_PROBES = {
    "web_import_forgets": Expectation(kept, "200", "404"),
    "web_unzips_without_limit": Expectation(
        grows(lambda: archives.packed(("ONE", bytes(130 * MIB)))), "small", "large"
    ),
    "web_believes_zip_size": Expectation(
        grows(lambda: archives.SWELLING.makers["larger-than-it-says"]("1")[archives.NAME]),
        "small",
        "large",
    ),
    "web_unzips_outside": Expectation(outside("../beside-1"), "False", "True"),
    "web_unzips_links": Expectation(outside("LINK/beside-2"), "False", "True"),
    "web_unzips_nested": Expectation(
        uploads(lambda: archives.packed(("A", archives.packed(("B", Thing().part10()))))),
        "409",
        "200",
    ),
    "web_dies_of_broken_archives": Expectation(
        dead_or(uploads(lambda: b"PK\3\4nothing")), "400", "dead"
    ),
    "web_xml_external": Expectation(stows_xml, "False", "True"),
    "web_xml_expands": Expectation(swells_xml, "small", "large"),
    "web_xml_stylesheet": Expectation(styled, "False", "True"),
    "web_json_trusts": Expectation(dead_or(mistyped), "415", "dead"),
    "web_parts_unbounded": Expectation(parts, "413", "409"),
    "web_serves_every_range": Expectation(ranges, "200", "206"),
    "web_accept_backtracks": Expectation(accepts, "soon", "late"),
    "web_repeats_transfer_syntax": Expectation(syntax, "False", "True"),
    "web_ups_forgets": Expectation(states, "201 200 True", "201 200 False"),
    "web_ups_ignores_lock": Expectation(ends, "409", "200"),
    "web_ups_claims_again": Expectation(claims_again, "409", "200"),
    "web_ups_reopens": Expectation(reopens, "409", "200"),
    "web_ups_cancels_for_anybody": Expectation(cancels, "404", "202"),
    "web_ups_tells_lock": Expectation(tells_lock, "False", "True"),
    "web_ups_subscribes_anybody": Expectation(subscribes, "403", "201"),
    "web_ups_xml_external": Expectation(creates_external, "False", "True"),
    "web_ups_xml_refused": Expectation(creates_xml, "201", "415"),
    "web_admin_unguarded": Expectation(administers("/admin/reset", None), "401", "200"),
    "web_admin_for_all": Expectation(administers("/admin/reset", OF_ONE), "403", "200"),
    "web_admin_enabled": Expectation(administers("/admin/script", ADMIN), "404", "200"),
    "web_guesses_unlimited": Expectation(guesses, "{401, 429}", "{401}"),
    "web_login_tells_users": Expectation(unknown, "401", "404"),
    "web_locks_out_at_once": Expectation(mistake, "401 200", "401 429"),
    "web_ignores_origin": Expectation(foreign, "403", "200"),
}
