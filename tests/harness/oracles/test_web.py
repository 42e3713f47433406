"""Oracles on web services: who is served, what answers tell, how messages are read."""

from __future__ import annotations

import pytest

from harness.model import JSON, Observation
from harness.oracles.web import (
    admits_no_origin,
    answers_alike,
    answers_with,
    escapes_markup,
    gives_away_nothing,
    says_what_it_sends,
    splits_no_header,
    turns_away,
)
from harness.oracles.web_service import (
    acknowledges_nothing,
    changes_nothing,
    fetches_nothing,
    gives_up_slow_requests,
    limits_web_results,
    reads_one_message,
    serves_the_web,
)
from harness.verdict import Outcome
from tests.harness.fakes import a_record, outcome, seen
from tests.harness.oracles.table import (
    ACCEPTED,
    HANG,
    LEAK,
    LENIENT,
    LOSS,
    PASS,
    RESOURCE,
    SLOW,
    UNSEEN,
    WARN,
    WRONG,
    Row,
    check,
)


def answer(code: int, *marks: str, after_s: float = 0.1, **more: JSON) -> Observation:
    data: dict[str, JSON] = {
        "code": code, "marks": [*marks], "detail": f"HTTP {code}", "octets": 10, **more
    }  # fmt: skip
    return outcome(Outcome.RESPONDED, after_s=after_s, **data)


SILENT = outcome(Outcome.TIMEOUT)
CLOSED = outcome(Outcome.CLOSED)
NOBODY = a_record()
HTML: JSON = {"content-type": "text/html"}
STRANGER = "https://stranger.invalid"


def cors(**more: JSON) -> Observation:
    return answer(200, fields={"access-control-allow-origin": STRANGER, **more})


def read(*codes: int, still_open: bool = False) -> Observation:
    return seen("responses", "attacker", codes=[*codes], open=still_open, what="a message")


WHO = [
    Row(turns_away(401), a_record(answer(401)), PASS),
    Row(turns_away(401), a_record(answer(404)), LENIENT),
    Row(turns_away(401), a_record(answer(401), CLOSED), LENIENT, "2 requests"),
    Row(turns_away(401), a_record(answer(401), answer(200)), ACCEPTED),
    Row(turns_away(401), a_record(answer(500)), WARN, "error of its own"),
    Row(turns_away(401), a_record(SILENT), HANG),
    Row(turns_away(401), a_record(outcome(Outcome.GARBAGE)), WRONG),
    Row(turns_away(), a_record(answer(400)), PASS),
    Row(turns_away(), NOBODY, UNSEEN),
    Row(answers_with("pixels"), a_record(answer(200, "pixels")), PASS),
    Row(answers_with("pixels"), a_record(answer(200)), LOSS),
    Row(answers_with("pixels"), a_record(answer(404, "pixels")), WRONG),
    Row(answers_with(), NOBODY, UNSEEN),
    Row(answers_alike(), a_record(answer(404), answer(404)), PASS),
    Row(answers_alike(), a_record(answer(403), answer(404)), LEAK),
    Row(answers_alike(), a_record(answer(404), answer(404, octets=11)), LEAK),
    Row(answers_alike(), a_record(answer(200), answer(404)), ACCEPTED),
    Row(answers_alike(), a_record(answer(404), SILENT), UNSEEN),
]

TELLS = [
    Row(gives_away_nothing("why"), a_record(answer(404)), PASS),
    Row(gives_away_nothing("why"), a_record(answer(200, "a file"), answer(404)), LEAK, "why"),
    Row(gives_away_nothing("why"), a_record(answer(404), SILENT), HANG),
    Row(gives_away_nothing("why"), NOBODY, UNSEEN),
    Row(escapes_markup(), a_record(answer(404, "markup", fields=HTML)), LEAK),
    Row(escapes_markup(), a_record(answer(404, "markup", tagged=True)), LEAK),
    Row(escapes_markup(), a_record(answer(404, "markup")), PASS),
    Row(escapes_markup(), a_record(answer(404, fields=HTML)), PASS),
    Row(escapes_markup(), a_record(SILENT), UNSEEN),
    Row(splits_no_header(), a_record(answer(200, "line in the head")), LEAK),
    Row(splits_no_header(), a_record(answer(200, "line")), PASS),
    Row(splits_no_header(), NOBODY, UNSEEN),
    Row(admits_no_origin(), a_record(cors()), WARN),
    Row(
        admits_no_origin(),
        a_record(cors(**{"access-control-allow-credentials": "true"})),
        ACCEPTED,
    ),
    Row(admits_no_origin(), a_record(answer(200)), PASS),
    Row(admits_no_origin(), NOBODY, UNSEEN),
    Row(says_what_it_sends(), a_record(answer(200)), WRONG, "no Content-Type"),
    Row(says_what_it_sends(), a_record(answer(200, fields=HTML)), WRONG, "no nosniff"),
    Row(
        says_what_it_sends(),
        a_record(answer(200, fields={"content-type": "a/b", "x-content-type-options": "nosniff"})),
        PASS,
    ),
    Row(says_what_it_sends(), a_record(answer(204, octets=0)), UNSEEN),
]

DOES = [
    Row(reads_one_message(), a_record(read(400), read(400)), PASS),
    Row(reads_one_message(), a_record(read(415), read(200)), LENIENT),
    Row(reads_one_message(), a_record(read(415), read(415, 200)), ACCEPTED, "read as 2"),
    Row(reads_one_message(), a_record(read(415), read(still_open=True)), HANG),
    Row(reads_one_message(), a_record(read(415), read()), LENIENT),
    Row(reads_one_message(), a_record(read(415)), UNSEEN),
    Row(acknowledges_nothing(), a_record(answer(400)), PASS),
    Row(acknowledges_nothing(), a_record(answer(200)), LENIENT),
    Row(acknowledges_nothing(), a_record(answer(200), seen("listed", "polite", count=1)), ACCEPTED),
    Row(acknowledges_nothing(), a_record(SILENT), HANG),
    Row(acknowledges_nothing(), NOBODY, UNSEEN),
    Row(fetches_nothing(), a_record(seen("fetched", "canary", ready=True, calls=0)), PASS),
    Row(fetches_nothing(), a_record(seen("fetched", "canary", ready=True, calls=1)), ACCEPTED),
    Row(fetches_nothing(), a_record(seen("fetched", "canary", ready=False, calls=0)), UNSEEN),
    Row(changes_nothing(), a_record(seen("effect", "polite", what="x", changed=False)), PASS),
    Row(changes_nothing(), a_record(seen("effect", "polite", what="x", changed=True)), ACCEPTED),
    Row(changes_nothing(), NOBODY, UNSEEN),
    Row(serves_the_web(), a_record(seen("served", "polite", ok=True)), PASS),
    Row(serves_the_web(), a_record(seen("served", "polite", ok=False, detail="no")), HANG),
    Row(serves_the_web(), NOBODY, UNSEEN),
]

_LIMIT: dict[str, JSON] = {"web_max_results": 100, "web_request_timeout_s": 5.0}


def counted(count: int, held: int = 120) -> Observation:
    return seen("matches", "attacker", count=count, held=held)


CLAIMED = [
    Row(limits_web_results(), a_record(counted(100), facts=_LIMIT), PASS),
    Row(limits_web_results(), a_record(counted(120), facts=_LIMIT), RESOURCE),
    Row(limits_web_results(), a_record(counted(50, 50), facts=_LIMIT), UNSEEN),
    Row(limits_web_results(), a_record(counted(100)), UNSEEN),
    Row(gives_up_slow_requests(), a_record(answer(408, after_s=5.1), facts=_LIMIT), PASS),
    Row(gives_up_slow_requests(), a_record(CLOSED, facts=_LIMIT), LENIENT),
    Row(gives_up_slow_requests(), a_record(answer(408, after_s=9.0), facts=_LIMIT), SLOW),
    Row(gives_up_slow_requests(), a_record(answer(200), facts=_LIMIT), ACCEPTED),
    Row(gives_up_slow_requests(), a_record(SILENT, facts=_LIMIT), HANG),
    Row(gives_up_slow_requests(), a_record(SILENT), UNSEEN),
]


@pytest.mark.parametrize("row", [*WHO, *TELLS, *DOES, *CLAIMED], ids=str)
def test_web(row: Row) -> None:
    check(row)
