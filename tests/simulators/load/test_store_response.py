"""What a store response says of one object, in JSON or XML, and in anything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.load.store_response import NOT_NAMED, PROCESSING_FAILURE, failure_reason

UID = "2.25.1.100003.1000000001"
OTHER = "2.25.1.100003.1000000002"
XML_FAILED = (
    '<NativeDicomModel><DicomAttribute tag="00081198" vr="SQ"><Item number="1">'
    f'<DicomAttribute tag="00081155" vr="UI"><Value number="1">{UID}</Value></DicomAttribute>'
    '<DicomAttribute tag="00081197" vr="US"><Value number="1">42752</Value></DicomAttribute>'
    "</Item></DicomAttribute></NativeDicomModel>"
)


def in_json(
    stored: list[str], failed: list[str], reason: object = None, *, empty: bool = False
) -> bytes:
    """A module; `empty` leaves an empty sequence of failures where there are none."""
    named = [{"00081155": {"vr": "UI", "Value": [uid]}} for uid in stored]
    refused = [
        {"00081155": {"vr": "UI", "Value": [uid]}, "00081197": {"vr": "US", "Value": [reason]}}
        for uid in failed
    ]
    document: dict[str, object] = {"00081199": {"vr": "SQ", "Value": named}}
    if refused or empty:
        document["00081198"] = {"vr": "SQ", "Value": refused} if refused else {"vr": "SQ"}
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (in_json([UID], []), 0),
        (in_json([UID], [], empty=True), 0),
        (in_json([UID], [OTHER], 0xA700), 0),
        (in_json([], [UID], 0xA700), 0xA700),
        (in_json([OTHER], [UID], 0xC000), 0xC000),
        (in_json([], [UID]), PROCESSING_FAILURE),
        (in_json([], [UID], 0), PROCESSING_FAILURE),
        (in_json([], [UID], 10**9), PROCESSING_FAILURE),
        (in_json([OTHER], []), NOT_NAMED),
        (in_json([OTHER], [], empty=True), NOT_NAMED),
        (XML_FAILED.encode(), 0xA700),
        (XML_FAILED.replace("42752", "many").encode(), PROCESSING_FAILURE),
        (XML_FAILED.replace("00081198", "00081199").encode(), 0),
        (XML_FAILED.replace(UID, OTHER).encode(), NOT_NAMED),
        (b"stored", NOT_NAMED),
        (b"", NOT_NAMED),
        (b"00081198" + b"[" * 100_000, NOT_NAMED),
    ],
)
def test_it_says_what_became_of_the_object(body: bytes, reason: int) -> None:
    assert failure_reason(body, UID) == reason


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5) | st.just(UID),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["00081198", "00081199", "00081155", "00081197", "Value"]), inner
            )
        ),
        max_leaves=12,
    )
)
def test_it_is_total(document: object) -> None:
    reason = failure_reason(json.dumps(document).encode(), UID)
    assert reason == NOT_NAMED or 0 <= reason <= 0xFFFF
