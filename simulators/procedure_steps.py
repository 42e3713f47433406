"""Modality Performed Procedure Steps as an honest modality tells of them (PS3.4 F.7.2)."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from harness.stage import Stage
from harness.verdict import Outcome
from simulators import wire
from simulators.objects import PATIENT_NAME, encoded, uid
from simulators.queries import UNCOMPRESSED
from simulators.requestor import ANSWER_S, Requestor
from simulators.wire import uids

STEP = wire.Context(1, uids.MODALITY_PERFORMED_PROCEDURE_STEP, UNCOMPRESSED)
"""The context of an honest N-CREATE or N-SET."""

IN_PROGRESS, COMPLETED, DISCONTINUED = "IN PROGRESS", "COMPLETED", "DISCONTINUED"

_CLASS = uids.MODALITY_PERFORMED_PROCEDURE_STEP


def begun(stage: Stage, *, patient: str = "", state: str = IN_PROGRESS) -> Dataset:
    """The attributes of a step that begins (PS3.4 Table F.7.2-1), of a synthetic patient."""
    scheduled = Dataset()
    scheduled.StudyInstanceUID = uid(stage, 2)
    scheduled.ReferencedStudySequence = Sequence()
    for keyword in (
        "AccessionNumber", "RequestedProcedureID", "RequestedProcedureDescription",
        "ScheduledProcedureStepID", "ScheduledProcedureStepDescription",
    ):  # fmt: skip
        setattr(scheduled, keyword, "")
    scheduled.ScheduledProtocolCodeSequence = Sequence()
    step = Dataset()
    step.ScheduledStepAttributesSequence = Sequence([scheduled])
    values = {
        "PatientName": PATIENT_NAME, "PatientID": patient or f"SYN{stage.token[:12]}",
        "PatientBirthDate": "", "PatientSex": "O", "PerformedProcedureStepID": "1",
        "PerformedStationAETitle": "ASSAY", "PerformedStationName": "", "PerformedLocation": "",
        "PerformedProcedureStepStartDate": "20200101", "PerformedProcedureStepStartTime": "120000",
        "PerformedProcedureStepStatus": state, "PerformedProcedureStepDescription": "",
        "PerformedProcedureTypeDescription": "", "PerformedProcedureStepEndDate": "",
        "PerformedProcedureStepEndTime": "", "Modality": "OT", "StudyID": "1",
    }  # fmt: skip
    for keyword, value in values.items():
        setattr(step, keyword, value)
    for keyword in ("ReferencedPatientSequence", "ProcedureCodeSequence"):
        setattr(step, keyword, Sequence())
    for keyword in ("PerformedProtocolCodeSequence", "PerformedSeriesSequence"):
        setattr(step, keyword, Sequence())
    return step


def ended(stage: Stage, state: str = COMPLETED) -> Dataset:
    """The attributes by which a step ends, or goes back to another state."""
    series = Dataset()
    for keyword in ("PerformingPhysicianName", "OperatorsName", "SeriesDescription"):
        setattr(series, keyword, "")
    series.ProtocolName = "SYNTHETIC"
    series.SeriesInstanceUID = uid(stage, 3)
    series.RetrieveAETitle = ""
    series.ReferencedImageSequence = Sequence()
    series.ReferencedNonImageCompositeSOPInstanceSequence = Sequence()
    step = Dataset()
    step.PerformedProcedureStepStatus = state
    step.PerformedProcedureStepEndDate = "20200101"
    step.PerformedProcedureStepEndTime = "121500"
    step.PerformedSeriesSequence = Sequence([series])
    return step


def create(peer: Requestor, step: str, attributes: Dataset, *, stimulus: bool = False) -> Outcome:
    """An N-CREATE; its answer is recorded as the outcome."""
    command = wire.n_create_rq(_CLASS, step, peer.next_message_id())
    peer.invoke(command, encoded(attributes, peer.contexts[STEP.id]), stimulus=stimulus)
    return peer.wait_for_ending(ANSWER_S)


def change(peer: Requestor, step: str, attributes: Dataset, *, stimulus: bool = False) -> Outcome:
    """An N-SET; its answer is recorded as the outcome."""
    command = wire.n_set_rq(_CLASS, step, peer.next_message_id())
    peer.invoke(command, encoded(attributes, peer.contexts[STEP.id]), stimulus=stimulus)
    return peer.wait_for_ending(ANSWER_S)


def tell_honestly(stage: Stage, step: str, *states: str) -> None:
    """Has a polite modality create a step and take it through these further states.

    Raises:
        PreconditionUnmetError: The device did not take it.
    """
    with Requestor(stage, actor="polite") as peer:
        peer.associate((STEP,))
        create(peer, step, begun(stage))
        stage.require(status(stage, "polite") == 0, "an honest procedure step was not created")
        for state in states:
            change(peer, step, ended(stage, state))
            stage.require(status(stage, "polite") == 0, f"an honest step did not become {state}")
        peer.release()


def look_back(stage: Stage, step: str, *, creates: bool, should_succeed: bool, why: str) -> None:
    """Witnesses ``aftermath``: whether an honest request ends as it must if nothing was changed.

    Args:
        stage: The play.
        step: SOP Instance UID of the step.
        creates: Ask by N-CREATE; otherwise N-SET to completed.
        should_succeed: Whether the device must carry it out.
        why: What it means when the device does otherwise.
    """
    with Requestor(stage, actor="polite") as peer:
        peer.associate((STEP,))
        ask = create if creates else change
        ask(peer, step, begun(stage) if creates else ended(stage))
        answer = status(stage, "polite")
        stage.require(isinstance(answer, int), "an honest request to look back was not answered")
        stage.observe("aftermath", "polite", unharmed=(answer == 0) is should_succeed, why=why)
        if peer.ended is None:
            peer.release()


def status(stage: Stage, actor: str) -> object:
    """The status of the last answer that an actor got; None without one."""
    seen = stage.record({}).last("outcome", actor)
    return seen.data.get("status") if seen else None
