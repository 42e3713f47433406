"""Questions that no honest peer asks, for C-FIND and QIDO-RS alike."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.inquiry import Question
from simulators.objects import PATIENT_NAME

_NO_MATCH = {
    "PatientID": "Z",
    "PatientName": "Z",
    "AccessionNumber": "Z",
    "StudyID": "Z",
    "ModalitiesInStudy": "Z",
    "StudyDate": "19000101",
    "StudyInstanceUID": "2.25.9",
}
_SIGNS = {
    "' OR '1'='1": "marker",
    "') OR ('1'='1": "marker",
    "' OR 1=1--": "marker",
    '" OR "1"="1': "marker",
    "'": "lone quote",
    "''": "two quotes",
    "X OR X1XYX1": "control",
}
"""What follows a value that matches nothing; the control has letters for every sign."""


def in_words_of_a_database(study: str, patient: str) -> Iterator[Question]:
    """Signs of SQL in every key, behind a value that matches nothing."""
    here = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": study}
    yield Question(name="StudyInstanceUID", form="honest", keys=here, stimulus=False)
    for name, nothing in _NO_MATCH.items():
        for signs, form in _SIGNS.items():
            if not (name == "StudyDate" and "--" in signs):  # a hyphen makes a range
                yield Question(name=name, form=form, keys={**here, name: nothing + signs})
    for name, value in (("PatientID", patient), ("PatientName", PATIENT_NAME)):
        for sign, form in (("%", "pattern"), ("Q", "letters")):
            yield Question(name=name, form=form, keys={**here, name: value[:5] + sign})


_LONG = 10_000
_FOUND = {
    "PatientID": ("*", "AAA*", "?AA*", "*A*A*"),
    "StudyDate": ("20200101-20200101", "20190101-", "-20201231"),
}
_NOT_FOUND = {
    "PatientID": ("AAA?", "[A]A*", "AA.*", "AA%*", "^AA*", "*B"),
    "StudyDate": ("20201231-20190101", "-20191231", "20200102-"),
}
_WHATEVER = {
    "PatientID": (
        "*A" * 31 + "*B", "?" * 64, "*" * 64, "*?" * 31 + "*B", "(A+)+$", "AAA(", "AA\\*", "\\",
        "*" * _LONG, "?" * _LONG, "*A" * (_LONG // 2), "A" * _LONG,
    ),
    "StudyDate": ("-", "--", "20200101-20200101-20200101", "99999999-00000000", "*", "2020*"),
}  # fmt: skip
"""What nothing lays down, or what is longer than its VR permits: any answer will do, soon."""


def with_wildcards(study: str, most: int = _LONG) -> Iterator[Question]:
    """Wildcards and ranges that no honest peer would send, none longer than that."""
    here = {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": study}
    yield Question(name="StudyInstanceUID", form="honest", keys=here, stimulus=False)
    for form, chosen in (("found", _FOUND), ("not found", _NOT_FOUND), ("whatever", _WHATEVER)):
        for name, texts in chosen.items():
            for text in texts:
                if len(text) > most:
                    continue
                yield Question(name=name, form=form, keys={**here, name: text})
