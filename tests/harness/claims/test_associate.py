"""What an A-ASSOCIATE-AC says; the encoder of the wire codec is the other side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.claims.associate import Acceptance, acceptance
from simulators import wire

_RAW = wire.encode(
    wire.AssociateAC(
        items=(
            wire.ApplicationContext(),
            wire.PresentationContextAC(id=1, result=0, transfer_syntax=b"1.2.840.10008.1.2.1"),
            wire.PresentationContextAC(id=3, result=3, transfer_syntax=b"1.2.840.10008.1.2"),
            wire.UserInformation(
                items=(
                    wire.MaximumLength(value=16384),
                    wire.ImplementationClassUID(uid=b"1.2.3"),
                    wire.ImplementationVersionName(name=b"NAME_1"),
                )
            ),
        )
    )
)


def test_only_accepted_contexts_count() -> None:
    assert acceptance(_RAW) == Acceptance(
        transfer_syntaxes=("1.2.840.10008.1.2.1",),
        max_pdu=16384,
        implementation_class="1.2.3",
        implementation_version="NAME_1",
    )


def test_another_pdu_says_nothing() -> None:
    assert acceptance(wire.encode(wire.AssociateRQ())) is None
    assert acceptance(b"") is None


@given(st.integers(0, len(_RAW)))
def test_what_is_cut_off_is_left_out(length: int) -> None:
    read = acceptance(_RAW[:length])
    assert read is None or read.max_pdu in (None, 16384)


@given(st.binary(max_size=200))
def test_reading_is_total(raw: bytes) -> None:
    acceptance(b"\x02" + raw)
