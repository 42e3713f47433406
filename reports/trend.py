"""The trend of several runs as one page, or as one picture, that meet no network."""

from __future__ import annotations

from markupsafe import Markup

from harness.trends import Trend
from reports.page.trend import picture_of, view_of
from reports.walls import asset, environment, policy


def html(trend: Trend) -> bytes:
    """The page, in UTF-8: picture, families, flips and a table of the runs."""
    style = "".join(map(asset, ("report.css", "trend.css")))
    page = environment().get_template("trend.html.jinja")
    return page.render(
        style=Markup(style),  # our own files, admitted by digest
        policy=policy(style),
        view=view_of(trend),
    ).encode()


def svg(trend: Trend) -> bytes:
    """The picture alone, in UTF-8; its colours stand in it, so that it shows anywhere."""
    picture = environment().get_template("trend.svg.jinja")
    return picture.render(picture=picture_of(trend), alone=True).encode()
