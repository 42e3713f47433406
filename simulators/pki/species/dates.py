"""When it is valid: too early, too late, never, or at a time that is not written as laid down."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from functools import partial

from simulators.pki import der
from simulators.pki.identity import Identity
from simulators.pki.specimen import Specimen
from simulators.pki.workshop import Workshop

_kind = partial(
    Specimen,
    theme="dates",
    source="RFC 5280 sections 4.1.2.5 and 6.1.3",
    requirements=("HOUSE/VALIDITY-TIME", "RFC5280/4.1.2.5"),
    lie="validity",
)
_form = partial(
    Specimen,
    theme="dates",
    source="RFC 5280 section 4.1.2.5",
    requirements=("HOUSE/WELL-FORMED-CERTIFICATE", "RFC5280/4.1.2.5"),
    rule="should",
    lie="validity",
)
_valid = partial(
    Specimen,
    theme="dates",
    source="RFC 5280 section 4.1.2.5",
    requirements=("HOUSE/HONEST-SERVICE", "RFC5280/4.1.2.5"),
    rule="accept",
    lie="validity",
)


def _between(bench: Workshop, begin: timedelta, end: timedelta) -> Identity:
    return bench.shown(
        bench.leaf(not_before=der.time(bench.now + begin), not_after=der.time(bench.now + end))
    )


def _until(bench: Workshop, end: bytes) -> Identity:
    return bench.shown(bench.leaf(not_after=end))


def _department(bench: Workshop, begin: timedelta, end: timedelta) -> Identity:
    drawn = bench.authority_below(
        not_before=der.time(bench.now + begin), not_after=der.time(bench.now + end)
    )
    department = bench.department(drawn)
    return bench.shown(bench.leaf(department), department)


def _expired_root_beside(bench: Workshop) -> Identity:
    root = bench.root
    old = bench.authority_below(
        subject=root.name, not_before=bench.at(days=-400), not_after=bench.at(days=-30)
    )
    return bench.shown(bench.leaf(), chain=(*root.chain, old.signed()))


def _next_month(bench: Workshop) -> datetime:
    return bench.now + timedelta(days=30)


def _leap_year(after: datetime, *, leap: bool) -> int:
    years = range(after.year + 1, after.year + 10)
    return next(year for year in years if calendar.isleap(year) is leap)


def _on_29_february(bench: Workshop, *, leap: bool) -> Identity:
    year = _leap_year(bench.now, leap=leap)
    return _until(bench, _written(year, "0229120000Z"))


def _written(year: int, rest: str) -> bytes:
    if year > 2049:
        return der.generalized_time(f"{year:04}{rest}")
    return der.utc_time(f"{year % 100:02}{rest}")


def _month_13(bench: Workshop) -> Identity:
    return _until(bench, _written(bench.now.year + 1, "1301120000Z"))


def _generalized(bench: Workshop) -> Identity:
    return _until(bench, der.generalized_time(f"{_next_month(bench):%Y%m%d%H%M%S}Z"))


def _fraction(bench: Workshop) -> Identity:
    return _until(bench, der.generalized_time(f"{_next_month(bench):%Y%m%d%H%M%S}.5Z"))


def _no_seconds(bench: Workshop) -> Identity:
    return _until(bench, der.utc_time(f"{_next_month(bench):%y%m%d%H%M}Z"))


def _offset(bench: Workshop) -> Identity:
    return _until(bench, der.utc_time(f"{_next_month(bench):%y%m%d%H%M%S}+0100"))


def _no_zone(bench: Workshop) -> Identity:
    return _until(bench, der.utc_time(f"{_next_month(bench):%y%m%d%H%M%S}"))


_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)

SPECIMENS = (
    _kind(
        name="expired yesterday",
        sentence="its time ended a day ago",
        build=partial(_between, begin=-30 * _DAY, end=-_DAY),
    ),
    _kind(
        name="expired ten minutes ago",
        sentence="its time ended ten minutes ago, which is more than clocks may differ",
        build=partial(_between, begin=-30 * _DAY, end=-10 * _MINUTE),
    ),
    _kind(
        name="expired ten years ago",
        sentence="its time ended ten years ago",
        build=partial(_between, begin=-4000 * _DAY, end=-3650 * _DAY),
    ),
    _kind(
        name="valid from tomorrow",
        sentence="its time begins in a day",
        build=partial(_between, begin=_DAY, end=30 * _DAY),
    ),
    _kind(
        name="valid in ten minutes",
        sentence="its time begins in ten minutes, which is more than clocks may differ",
        build=partial(_between, begin=10 * _MINUTE, end=30 * _DAY),
    ),
    _kind(
        name="valid never, around now",
        sentence="its time ended yesterday and begins tomorrow",
        build=partial(_between, begin=_DAY, end=-_DAY),
    ),
    _kind(
        name="valid never, before now",
        sentence="its time ended before it began, and both are past",
        build=partial(_between, begin=-_DAY, end=-2 * _DAY),
    ),
    _kind(
        name="expired in 1950",
        sentence="its end is written with the year 50, which stands for 1950 and not for 2050",
        build=partial(_until, end=der.utc_time("500101000000Z")),
    ),
    _kind(
        name="expired intermediate",
        sentence="it is in time itself, but its issuer's time ended a day ago",
        build=partial(_department, begin=-30 * _DAY, end=-_DAY),
        lie="",
    ),
    _kind(
        name="intermediate from tomorrow",
        sentence="it is in time itself, but its issuer's time begins in a day",
        build=partial(_department, begin=_DAY, end=30 * _DAY),
        lie="",
    ),
    _form(
        name="29 February of a common year",
        sentence="it ends on a day that does not exist",
        build=partial(_on_29_february, leap=False),
    ),
    _form(
        name="thirteenth month",
        sentence="it ends in a month that does not exist",
        build=_month_13,
    ),
    _form(
        name="time without seconds",
        sentence="its end is a UTCTime without seconds",
        build=_no_seconds,
    ),
    _form(
        name="time with an offset",
        sentence="its end is a UTCTime of another time zone",
        build=_offset,
    ),
    _form(
        name="time without a zone",
        sentence="its end is a UTCTime without the letter Z",
        build=_no_zone,
    ),
    _form(
        name="time with a fraction",
        sentence="its end is a GeneralizedTime with a fraction of a second",
        build=_fraction,
    ),
    _form(
        name="GeneralizedTime before 2050",
        sentence="its end is a GeneralizedTime in a year for which UTCTime is laid down",
        build=_generalized,
    ),
    _valid(
        name="29 February of a leap year",
        sentence="it ends on the next 29 February",
        build=partial(_on_29_february, leap=True),
    ),
    _valid(
        name="valid until 2049",
        sentence="it ends in the last second that a UTCTime can name",
        build=partial(_until, end=der.utc_time("491231235959Z")),
    ),
    _valid(
        name="valid until 2050",
        sentence="it ends in the first second for which GeneralizedTime is laid down",
        build=partial(_until, end=der.generalized_time("20500101000000Z")),
    ),
    _valid(
        name="valid until 9999",
        sentence="its end is the moment that stands for having none",
        build=partial(_until, end=der.generalized_time("99991231235959Z")),
    ),
    _valid(
        name="valid since 1960",
        sentence="its time began before the epoch of most clocks",
        build=lambda bench: bench.shown(bench.leaf(not_before=der.utc_time("600101000000Z"))),
    ),
    _valid(
        name="intermediate that ends earlier",
        sentence="its issuer's time ends before its own",
        build=partial(_department, begin=-_DAY, end=_DAY),
        lie="",
    ),
    _valid(
        name="expired root beside",
        sentence="an expired certificate of its trusted issuer is sent along, which no path needs",
        build=_expired_root_beside,
        lie="",
    ),
)
