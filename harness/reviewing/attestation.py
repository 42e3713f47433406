"""One attestation: what a person answered, as it stands in the record, and whether it holds.

What is signed is the answer together with the run that it is about, so that an answer signed for
one run is worth nothing in another. Nothing is stored of how good a signature is: that is found
out anew whenever the record is read.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence

from harness import record
from harness.errors import SignatureError
from harness.model import JSON, Finding
from harness.proof import signing
from harness.proof.keys import keyid_of, parse_public
from harness.proof.signing import Signer
from harness.verdict import FailKind, Outcome, Verdict

ATTESTATION = "attestation"
"""Kind of the observation that holds an answer."""
QUESTION = "question"
"""Kind of the observation that holds what was asked."""
REVIEWER = "reviewer"
"""Who witnesses an answer and what is attached to it, in a run that may long be over."""
PAYLOAD_TYPE = "application/vnd.dicom-assay.attestation+json"
SCHEMA = "dicom-assay/attestation/1"

VALID, UNSIGNED, UNKNOWN_KEY, INVALID = "valid", "unsigned", "unknown key", "invalid"
ANSWERS = ("yes", "no", "n/a")

_SIGNED = (
    "run", "scenario", "question", "answer", "by", "role", "organisation", "at", "note",
    "attachments",
)  # fmt: skip
_BOUND = ("tool", "seed", "started", "device", "selected")
_MOST_SHOWN = 400


def binding(head: Mapping[str, JSON]) -> str:
    """A digest of what tells one run from all others: tool, device, time and selection."""
    whole = {key: head.get(key) for key in _BOUND}
    return f"sha256:{hashlib.sha256(_canonical(whole)).hexdigest()}"


def sealed(said: Mapping[str, JSON], signers: Sequence[Signer] = ()) -> dict[str, JSON]:
    """The answer as it goes into the record, signed by whoever is there to sign.

    Args:
        said: Every key of what is signed.
        signers: At most one; none leaves the answer unsigned.

    Raises:
        SignatureError: The key cannot sign now.
    """
    # The record writer redacts what it stores: what is signed is what will be read back.
    clean = record.redacted({key: said[key] for key in _SIGNED})
    assert isinstance(clean, Mapping)
    made = signing.envelope(PAYLOAD_TYPE, _payload(clean), signers)
    identity = signers[0].identity_pem.decode() if signers else ""
    return {**clean, "signatures": made["signatures"], "identity": identity}


def observed(data: Mapping[str, JSON]) -> list[tuple[str, dict[str, JSON]]]:
    """Kind and data of what an answer adds to the record: itself, and its attachments.

    The digest of an attachment stands where those of captures stand, so that it is verified alike.
    """
    listed = data.get("attachments")
    rows = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    files: list[tuple[str, dict[str, JSON]]] = [
        ("evidence", {"path": f"attachments/{one['name']}", "sha256": one["sha256"]})
        for one in rows
    ]
    return [(ATTESTATION, dict(data)), *files]


def signature(
    data: Mapping[str, JSON], run: str = "", known: Collection[str] = ()
) -> dict[str, JSON]:
    """How good the signature under an answer is: ``state`` and ``keyid``.

    Args:
        data: The answer, as in the record.
        run: The run that it must be about; empty for any.
        known: Ids of the keys that the profile trusts.
    """
    elsewhere = bool(run) and data.get("run") != run
    signatures = data.get("signatures")
    if not isinstance(signatures, list) or not signatures:
        return {"state": INVALID if elsewhere else UNSIGNED, "keyid": ""}
    envelope: dict[str, JSON] = {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(_payload(data)).decode(),
        "signatures": signatures,
    }
    try:
        key = parse_public(str(data.get("identity")).encode(), "the attestation's identity")
        signing.check(envelope, [key], PAYLOAD_TYPE)
    except SignatureError:
        return {"state": INVALID, "keyid": ""}
    keyid = keyid_of(key)
    state = VALID if keyid in known else UNKNOWN_KEY
    return {"state": INVALID if elsewhere else state, "keyid": keyid}


def holds(data: Mapping[str, JSON], run: str = "") -> bool:
    """False for an answer that was altered, or that is about another run."""
    answered = data.get("answer") in ANSWERS and bool(data.get("by"))
    return answered and signature(data, run)["state"] != INVALID


def finding(answers: Sequence[Mapping[str, JSON]], ask: str) -> Finding:
    """The opinion that follows: the last answer counts; without one a person still has to look."""
    if not answers:
        return Finding(verdict=Verdict.REVIEW, reason=f"waits for a person: {ask}")
    data = answers[-1]
    answer, who = str(data["answer"]), giver(data)
    note = " ".join(str(data.get("note") or "").split())
    said = f": {note[:_MOST_SHOWN]}{'...' if len(note) > _MOST_SHOWN else ''}" if note else ""
    if answer == "yes":
        reason, verdict, kind = f"attested by {who}{said}", Verdict.PASS, None
    elif answer == "no":
        reason = f"{who} attested that it does not hold{said}"
        verdict, kind = Verdict.FAIL, FailKind.ATTESTED
    else:
        reason = f"does not apply, as {who} attested{said}"
        verdict, kind = Verdict.NOT_APPLICABLE, None
    return Finding(verdict=verdict, reason=reason, kind=kind, outcome=Outcome.ATTESTED)


def giver(data: Mapping[str, JSON]) -> str:
    """Who gave an answer, and when, for a sentence."""
    said = (str(data.get(key) or "") for key in ("by", "role", "organisation"))
    return f"{', '.join(word for word in said if word)} on {str(data.get('at'))[:10]}"


def _payload(data: Mapping[str, JSON]) -> bytes:
    return _canonical({"schema": SCHEMA, **{key: data.get(key) for key in _SIGNED}})


def _canonical(value: Mapping[str, JSON]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
