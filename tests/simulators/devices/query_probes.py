"""One probe per flaw of queries, cancels, titles and the log: what a peer is told, or can tell."""

import re
import time
from collections.abc import Callable

from simulators import wire
from simulators.wire.messages import c_cancel_rq, c_echo_rq, c_find_rq
from simulators.wire.transfer import p_data
from tests.simulators.devices.keeping import heard_of_query, image_query, stored_well
from tests.simulators.devices.peer import UID, Peer, associated, connected, dataset, request
from tests.simulators.devices.probes import ALLOW, Expectation, Probe, named, then
from tests.simulators.devices.running import Running

PATIENT = "A" * 50
GUARDED = (*ALLOW, "--guesses", "3")
TITLES_WRONG = 5


def with_patient(act: Callable[[Running], str]) -> Probe:
    """Do something where one object is stored, whose patient has a long number."""

    def probe(it: Running) -> str:
        data = dataset(f"{UID}.71", study=f"{UID}.7").replace(b"ID1 ", PATIENT.encode())
        data = data.replace(b"LO\4\0", b"LO" + len(PATIENT).to_bytes(2, "little"))
        with associated(it.port) as peer:
            assert peer.store(data, f"{UID}.71") == "RESPONDED 0000"
            assert peer.release() == "RELEASE-RP"
        return act(it)

    return probe


def asked_for(it: Running, seconds: float = 1.5, **keys: str) -> str:
    tags = {"patient": (0x00100020, "LO"), "name": (0x00100010, "PN")}
    elements = [wire.Element(tag=0x00080052, vr="CS", value="STUDY")]
    elements += [
        wire.Element(tag=tags[key][0], vr=tags[key][1], value=text)
        for key, text in sorted(keys.items(), key=lambda pair: tags[pair[0]][0])
    ]
    with associated(it.port) as peer:
        peer.send(*p_data(5, c_find_rq(), wire.encode_dataset(elements, "explicit")))
        matches = 0
        while (heard := peer.hear(seconds)) == "RESPONDED FF00":
            matches += 1
        return f"{'some' if matches else 'none'} then {heard}"


def whatever_is_true(it: Running) -> str:
    return asked_for(it, patient="Z' OR '1'='1")


def many_asterisks(it: Running) -> str:
    """Say whether a pattern of the worst kind is answered soon; its end is awaited."""
    began = time.monotonic()
    heard = asked_for(it, 30.0, patient="*A" * 31 + "*B")
    return f"{heard}, {'soon' if time.monotonic() - began < 1.5 else 'late'}"


def cancelled_by_another_number(it: Running) -> str:
    stored_well(it, 5)
    with associated(it.port) as peer:
        other = c_cancel_rq(99)
        peer.send(*p_data(5, c_find_rq(), image_query()), *p_data(5, other))
        return heard_of_query(peer).split()[-1]


def three_echoes_ahead(peer: Peer) -> str:
    peer.send(*(pdu for number in (1, 2, 3) for pdu in p_data(1, c_echo_rq(number))))
    answers = [peer.hear(0.5) for _ in range(3)]
    return f"{answers.count('RESPONDED 0000')} answered"


def second_wrong_title(called: str = "REFERENCE", calling: str = "ASSAY") -> Probe:
    return named(called, calling, source="127.0.0.9")


def many_wrong_titles(it: Running) -> str:
    """How often a wrong title is refused for good."""
    heard = []
    for number in range(TITLES_WRONG):
        with connected(it.port, "127.0.0.8") as peer:
            peer.send(request(calling=f"GUESS{number}"))
            heard.append(peer.hear())
    return f"{sum(each.startswith('RJ 1/') for each in heard)} judged"


def a_strangers_question(it: Running) -> str:
    with connected(it.port) as peer:
        peer.send(request(calling="STRANGER"))
        heard = peer.hear()
        if heard != "AC":
            return heard
        return peer.ask(5, c_find_rq(), image_query())


def directives_in_the_log(it: Running) -> str:
    with connected(it.port) as peer:
        peer.send(request(calling="MARK%x%d"))
        peer.hear()
    shown = re.search(r"MARK(\S*)", it.log)
    assert shown is not None
    return "literal" if shown[1] == "%x%d" else "formatted"


QUERY_PROBES: dict[str, Expectation] = {
    "concatenates_patient_id": Expectation(
        with_patient(whatever_is_true), "none then RESPONDED 0000", "some then RESPONDED 0000"
    ),
    "backtracks_without_limit": Expectation(
        with_patient(many_asterisks),
        "none then RESPONDED 0000, soon",
        "none then RESPONDED 0000, late",
        ("--idle", "40"),
    ),
    "cancels_whatever_runs": Expectation(cancelled_by_another_number, "0000", "FE00"),
    "drops_requests_sent_ahead": Expectation(then(three_echoes_ahead), "3 answered", "1 answered"),
    "answers_any_query": Expectation(
        with_patient(lambda it: asked_for(it, name="T*")),
        "none then RESPONDED A900",
        "some then RESPONDED 0000",
        ("--least-query", "3"),
    ),
    "tells_which_title": Expectation(
        second_wrong_title(calling="STRANGER"), "RJ 1/1/1", "RJ 1/1/3", GUARDED
    ),
    "never_throttles": Expectation(many_wrong_titles, "3 judged", "5 judged", GUARDED),
    "tells_what_exists": Expectation(a_strangers_question, "RJ 1/1/3", "RESPONDED 0000", ALLOW),
    "formats_peer_text": Expectation(directives_in_the_log, "literal", "formatted"),
}
