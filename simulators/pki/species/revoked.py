"""What was taken back: on a list, by a responder, in a stapled answer, or nobody knows.

Specimens of rule "should" leave a device in the dark: what it does then is for its own claim to
say. They are about a certificate that *was* revoked, so that taking it is never right by luck.

An answer about another certificate, or garbage, is not stapled by any library of ours; a flight
of our own making takes it (``ServerOffer.staple``).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from simulators.pki import der, extensions
from simulators.pki.answers import MadeAnswer
from simulators.pki.identity import Identity
from simulators.pki.lists import REVOKED_DEPARTMENT, REVOKED_DEPARTMENT_NUMBER, REVOKED_LEAF
from simulators.pki.revocation import AnswerKind, ListKind
from simulators.pki.specimen import SERVER, Rule, Specimen
from simulators.pki.workshop import Workshop

_SERIAL = der.integer(REVOKED_LEAF)

_kind = partial(
    Specimen,
    theme="revocation",
    source="RFC 5280 section 6.3",
    requirements=("HOUSE/REVOCATION", "RFC5280/5"),
)


def _listed(bench: Workshop) -> Identity:
    return bench.shown(bench.leaf(serial=_SERIAL))


def _listed_department(bench: Workshop, url: str = "") -> Identity:
    number = REVOKED_DEPARTMENT_NUMBER
    drawn = bench.authority_below(number=number, serial=der.integer(REVOKED_DEPARTMENT))
    if url:
        drawn = drawn.with_extension(extensions.answered_at(url))
    department = bench.department(drawn, number=number)
    return bench.shown(bench.leaf(department), department)


def _listed_at(bench: Workshop, kind: ListKind) -> Identity:
    place = extensions.listed_at(bench.published.lists_at(kind))
    return bench.shown(bench.leaf(serial=_SERIAL).with_extension(place))


def _answered(bench: Workshop, kind: AnswerKind) -> Identity:
    place = extensions.answered_at(bench.published.answers_at(kind))
    serial = _SERIAL if kind != "good" else bench.leaf().serial
    return bench.shown(bench.leaf(serial=serial).with_extension(place))


def _answered_for_department(bench: Workshop) -> Identity:
    return _listed_department(bench, bench.published.answers_at("revoked"))


def _stapled(bench: Workshop, kind: MadeAnswer | None) -> Identity:
    leaf = bench.leaf(serial=_SERIAL).with_extension(extensions.must_staple())
    staple = bench.published.staple(kind, REVOKED_LEAF) if kind else b""
    return replace(bench.shown(leaf), staple=staple)


def _on_a_list(name: str, sentence: str, kind: ListKind, rule: Rule = "should") -> Specimen:
    return _kind(
        name=name,
        sentence=sentence,
        build=partial(_listed_at, kind=kind),
        lie="extensions.crl_distribution_points",
        needs="cdp",
        rule=rule,
    )


def _by_ocsp(name: str, sentence: str, kind: AnswerKind, rule: Rule = "should") -> Specimen:
    good = kind == "good"
    return _kind(
        name=name,
        sentence=sentence,
        build=partial(_answered, kind=kind),
        source="RFC 6960 section 3.2",
        requirements=("HOUSE/REVOCATION", "RFC6960/4.2") if not good else ("HOUSE/HONEST-SERVICE",),
        lie="extensions.authority_information_access",
        needs="ocsp",
        rule=rule,
    )


def _by_staple(
    name: str,
    sentence: str,
    kind: MadeAnswer | None,
    rule: Rule = "must",
) -> Specimen:
    good = rule == "accept"
    return _kind(
        name=name,
        sentence=sentence,
        build=partial(_stapled, kind=kind),
        source="RFC 6960 section 3.2 and RFC 7633 section 4.2",
        requirements=("HOUSE/HONEST-SERVICE",) if good else ("HOUSE/REVOCATION", "RFC7633/4"),
        lie="extensions.tls_feature",
        shown_by=SERVER,
        needs="staple",
        rule=rule,
    )


SPECIMENS = (
    _kind(
        name="on the revocation list",
        sentence="its serial number is on the list that the device was given",
        build=_listed,
        lie="serial_number",
        needs="crl",
    ),
    _kind(
        name="intermediate on the revocation list",
        sentence="its issuer's serial number is on the list that the device was given",
        build=_listed_department,
        needs="crl",
    ),
    _on_a_list("on a published list", "its list, at the place it names, has it", "current", "must"),
    _on_a_list("list out of date", "its list should have been renewed yesterday", "expired"),
    _on_a_list("list of another issuer", "its list is of another issuer", "of another issuer"),
    _on_a_list("list badly signed", "a stranger has signed its list", "badly signed"),
    _on_a_list("list of garbage", "what is found in place of its list is none", "garbage"),
    _on_a_list("list out of reach", "nobody listens where its list should be", "unreachable"),
    _by_ocsp("revoked by OCSP", "its responder says that it was revoked", "revoked", "must"),
    _kind(
        name="intermediate revoked by OCSP",
        sentence="the responder of its issuer says that the issuer was revoked",
        build=_answered_for_department,
        source="RFC 6960 section 3.2",
        requirements=("HOUSE/REVOCATION", "RFC6960/4.2"),
        needs="ocsp",
    ),
    _by_ocsp("unknown by OCSP", "its responder does not know it", "unknown"),
    _by_ocsp("OCSP answer out of date", "the good answer about it is a month old", "expired"),
    _by_ocsp("OCSP answer of the future", "the good answer begins tomorrow", "not yet valid"),
    _by_ocsp("OCSP answer of a stranger", "a stranger has signed that it is good", "by a stranger"),
    _by_ocsp(
        "OCSP answer of no delegate",
        "an end entity without the purpose of OCSP has signed that it is good",
        "by no delegate",
    ),
    _by_ocsp("OCSP responder busy", "its responder asks to come again later", "try later"),
    _by_ocsp("OCSP answer of garbage", "its responder does not answer in OCSP", "garbage"),
    _by_ocsp("OCSP responder slow", "its responder answers after half a minute", "slow"),
    _by_ocsp("OCSP responder out of reach", "nobody listens at its responder", "unreachable"),
    _by_ocsp("good by OCSP", "its responder says that it is good", "good", "accept"),
    _by_staple("staple says revoked", "the stapled answer says that it was revoked", "revoked"),
    _by_staple("staple missing", "it demands a stapled answer, and none is sent", None),
    _by_staple("staple out of date", "the stapled answer is a month old", "expired"),
    _by_staple("staple of a stranger", "a stranger has signed the stapled answer", "by a stranger"),
    _by_staple("staple says unknown", "the stapled answer does not know it", "unknown"),
    _by_staple("staple says good", "the stapled answer says that it is good", "good", "accept"),
    _by_staple(
        "staple of a delegate",
        "a responder with a certificate of its own has signed the stapled answer",
        "by a delegate",
        "accept",
    ),
)
