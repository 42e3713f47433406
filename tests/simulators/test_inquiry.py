"""Questions and requests of a tester: what is asked of the reference device, seen and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.errors import PreconditionUnmetError
from harness.model import JSON
from harness.profile import parse
from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.ahead import agree_on_window, send_ahead
from simulators.guesses import guess, other_address
from simulators.inquiry import Question, ask, identifier, inquire, watch_idle
from simulators.lab import Lab
from simulators.objects import synthetic_object
from simulators.process import PidTree, free_port
from simulators.queries import QUERY, STORAGE, store_honestly
from simulators.requestor import VERIFICATION, Requestor
from simulators.sentinel import sentinel_stage
from simulators.series import honest_question, store_series
from tests.simulators.devices.running import reference

PROFILE = """
schema = 1
[device]
manufacturer = "dicom-assay"
model = "reference device"
[acceptor]
host = "{host}"
port = {port}
ae_title = "REFERENCE"
calling_ae_titles = ["ASSAY"]
services = ["verification", "storage", "query-retrieve"]
"""
COMMAND_FIELDS = {"echo": (wire.c_echo_rq(), None)}

Open = Callable[..., Stage]


def a_stage(folder: Path, host: str, port: int, device: object = None) -> tuple[Stage, Lab]:
    profile = parse(PROFILE.format(host=host, port=port), "device.toml")
    lab = Lab.equip(profile, folder, lambda _text: None)
    bench = SimpleNamespace(lab=lab, device=device)
    return sentinel_stage(bench, lab.profile, "TXT-002"), lab


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens a stage whose device is the reference device with these arguments."""
    with ExitStack() as stack:

        def start(*arguments: str) -> Stage:
            port = free_port()
            told = ("--port", str(port), "--ae-title", "REFERENCE", "--calling", "ASSAY")
            running = stack.enter_context(reference(tmp_path, *told, *arguments, artim=2, idle=4))
            tree = PidTree(running.process.pid)
            stage, lab = a_stage(tmp_path / "run", "127.0.0.1", port, tree)
            stack.callback(lab.close)
            return stage

        yield start


def every(stage: Stage, kind: str) -> list[Mapping[str, JSON]]:
    return [seen.data for seen in stage.record({}).of(kind)]


def question(form: str = "marker", **keys: str) -> Question:
    return Question(name="PatientID", form=form, keys={"QueryRetrieveLevel": "STUDY", **keys})


class TestIdentifier:
    """Keys by keyword become elements."""

    def test_tags_ascend_and_lengths_are_even(self) -> None:
        keys = {"StudyInstanceUID": "1.2", "PatientID": "A", "QueryRetrieveLevel": "STUDY"}
        elements = identifier(keys)
        assert [each.tag for each in elements] == [0x00080052, 0x00100020, 0x0020000D]
        assert [each.value for each in elements] == [b"STUDY ", b"A ", b"1.2\0"]

    def test_further_elements_stand_among_them(self) -> None:
        more = (wire.Element(tag=0x00110010, vr="LO", value="X "),)
        tags = [each.tag for each in identifier({"PatientID": "", "StudyInstanceUID": ""}, more)]
        assert tags == [0x00100020, 0x00110010, 0x0020000D]


class TestInquire:
    """A series of questions."""

    def test_what_is_found_is_told_apart(self, opened: Open) -> None:
        stage = opened()
        study = store_honestly(stage).study
        here = {"StudyInstanceUID": study}
        first, second = inquire(stage, [question(**here), question(**here, PatientID="Z")])
        assert (first.found, first.status, second.found) == ((study,), 0, ())
        one, other = every(stage, "search")
        assert (one["found"], other["found"], other["text"]) == (1, 0, "Z")
        assert one["answer"] != other["answer"]

    def test_a_refusal_does_not_hide_the_rest(self, opened: Open) -> None:
        stage = opened()
        more = (wire.Element(tag=0x00100020, vr="LO", value=b"Z", length=500),)
        broken = Question(name="PatientID", form="marker", keys={}, more=more)
        answers = inquire(stage, [broken, question(StudyInstanceUID="1.2")])
        assert answers[0].status == 0xC000
        assert answers[1].status == 0

    def test_stops_at_a_device_that_hangs(
        self, opened: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage = opened("--flaw", "backtracks_without_limit")
        monkeypatch.setattr("simulators.inquiry.ANSWER_S", 0.3)
        with Requestor(stage) as peer:
            peer.associate((STORAGE,))
            syntax = peer.contexts[STORAGE.id]
            peer.store(synthetic_object(stage, transfer_syntax=syntax, PatientID="A" * 60))
        patient = Question(
            name="PatientID", form="whatever",
            keys={"QueryRetrieveLevel": "STUDY", "PatientID": "*" + "*?" * 29 + "Z"},
        )  # fmt: skip
        answers = inquire(stage, [patient, question(StudyInstanceUID="1.2")])
        assert [each.outcome for each in answers] == [Outcome.TIMEOUT]

    def test_an_idle_device_is_seen_as_idle(self, opened: Open) -> None:
        stage = opened()
        watch_idle(stage)
        (seen,) = every(stage, "idle")
        assert float(str(seen["share"])) < 0.25


class TestCancel:
    """C-CANCELs around a question for a series."""

    def test_its_own_number_ends_it(self, opened: Open) -> None:
        stage = opened()
        keys = store_series(stage, 30)
        with Requestor(stage) as peer:
            peer.associate((QUERY,))
            whole = ask(peer, honest_question(keys))
            cancelled = ask(peer, honest_question(keys), message_id=9, cancels=(9,))
            other = ask(peer, honest_question(keys), message_id=9, cancels=(8,))
        assert (len(whole.found), whole.status) == (30, 0)
        assert (len(cancelled.found), cancelled.status) == (0, 0xFE00)
        assert other.found == whole.found

    def test_things_happen_beside_and_at_the_first_match(self, opened: Open) -> None:
        stage = opened()
        keys = store_series(stage, 3)
        happened: list[str] = []
        with Requestor(stage) as peer:
            peer.associate((QUERY,))
            answer = ask(
                peer,
                honest_question(keys),
                beside=lambda: happened.append("beside"),
                at_first=lambda: happened.append("first"),
            )
        assert happened == ["beside", "first"]
        assert 0 < answer.rest_s < answer.seconds


class TestAhead:
    """Requests that do not wait."""

    @pytest.mark.parametrize(("asked", "agreed"), [(None, 1), (4, 4), (0, 64)])
    def test_windows(self, opened: Open, asked: int | None, agreed: int) -> None:
        with Requestor(opened()) as peer:
            assert agree_on_window(peer, (VERIFICATION,), asked) == agreed

    def test_answers_are_counted_by_number(self, opened: Open) -> None:
        stage = opened()
        with Requestor(stage) as peer:
            agree_on_window(peer, (VERIFICATION,), None)
            send_ahead(peer, [COMMAND_FIELDS["echo"]] * 4, [1, 2, 2, 3])
        (tally,) = every(stage, "tally")
        assert tally["sent"] == tally["answered"] == [[1, 1], [2, 2], [3, 1]]
        assert (tally["strange"], tally["outcome"]) == (0, "RESPONDED")

    def test_what_is_lost_is_missing(self, opened: Open) -> None:
        stage = opened("--flaw", "drops_requests_sent_ahead")
        with Requestor(stage) as peer:
            agree_on_window(peer, (VERIFICATION,), None)
            send_ahead(peer, [COMMAND_FIELDS["echo"]] * 3, [1, 2, 3])
        (tally,) = every(stage, "tally")
        assert (tally["answered"], tally["outcome"]) == ([[1, 1]], "ABORTED")
        assert float(str(tally["quiet_s"])) > 2


class TestGuesses:
    """AE titles from an address of their own."""

    def test_codes_of_the_rejection_are_told(self, opened: Open) -> None:
        stage = opened()
        source = other_address(stage)
        assert guess(stage, source, calling="NOBODY") == "1/1/3"
        assert guess(stage, source, called="NOBODY") == "1/1/7"
        assert guess(stage, source, calling="ASSAY") == "ACCEPTED"
        assert [seen["wrong"] for seen in every(stage, "guess")] == ["calling", "called", "calling"]

    def test_each_play_has_an_address_of_its_own(self, tmp_path: Path) -> None:
        one, lab = a_stage(tmp_path / "one", "127.0.0.1", 1)
        with ExitStack() as stack:
            stack.callback(lab.close)
            other = sentinel_stage(one.bench, one.profile, "TXT-002/replay1")
            addresses = {other_address(one), other_address(other)}
        assert len(addresses) == 2
        assert all(address.startswith("127.") for address in addresses)

    def test_a_remote_device_needs_more_addresses(self, tmp_path: Path) -> None:
        stage, lab = a_stage(tmp_path / "one", "127.0.0.1", 1)
        acceptor = stage.profile.acceptor
        assert acceptor is not None
        far = stage.profile.model_copy(
            update={"acceptor": acceptor.model_copy(update={"host": "pacs.example"})}
        )
        with ExitStack() as stack:
            stack.callback(lab.close)
            with pytest.raises(PreconditionUnmetError, match="second address"):
                other_address(sentinel_stage(stage.bench, far, "AUT-005"))
