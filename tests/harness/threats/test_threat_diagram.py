"""The data-flow diagram: every flow once, inside of its page, and readable without colours."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from harness import registry
from harness.threats import model as threats
from harness.threats import pages as threat_pages
from harness.threats.diagram import Share, diagram

_SVG = "{http://www.w3.org/2000/svg}"
_SHARES = {
    "calls-in": [Share("v-FAIL", 1, "got through"), Share("v-PASS", 3, "held off")],
    "orders": [Share("v-PASS", 2, "held off")],
}


@pytest.fixture(name="drawn", params=[False, True], ids=["wide", "narrow"])
def _drawn(request: pytest.FixtureRequest) -> ElementTree.Element:
    return ElementTree.fromstring(diagram(_SHARES, 'A "picture" & <more>', narrow=request.param))


def _texts(drawn: ElementTree.Element, css: str) -> list[str]:
    return [one.text or "" for one in drawn.iter(f"{_SVG}text") if one.get("class") == css]


def test_it_has_a_text_alternative_and_no_inline_style(drawn: ElementTree.Element) -> None:
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == 'A "picture" & <more>'
    assert not [one for one in drawn.iter() if one.get("style")]


def test_every_zone_element_and_flow_is_drawn_once(drawn: ElementTree.Element) -> None:
    model = threats.model()
    outside = [one for one in model.zones.values() if one.id != "device"]
    assert sorted(_texts(drawn, "zone-title")) == sorted(one.title for one in outside)
    words = " ".join(_texts(drawn, "element-title"))
    assert all(one.title in words for one in model.elements.values() if one.id != "device")
    flows = " ".join(_texts(drawn, "flow-title"))
    assert all(one.title in flows for one in model.conduits.values())
    heads = [one for one in drawn.iter(f"{_SVG}path") if one.get("class") == "head"]
    assert len(heads) == len(model.conduits) == len(_texts(drawn, "boundary-name"))


def test_a_bar_says_in_words_and_widths_how_threats_stand(drawn: ElementTree.Element) -> None:
    assert sorted(_texts(drawn, "flow-count")) == ["1 of 4 got through", "2 of 2 held off"]
    widths = [
        float(one.get("width", "0"))
        for one in drawn.iter(f"{_SVG}rect")
        if str(one.get("class")).startswith("share")
    ]
    assert widths[1] == pytest.approx(3 * widths[0], abs=0.05)
    assert widths[2] == pytest.approx(widths[0] + widths[1], abs=0.05)
    worst = [one for one in drawn.iter(f"{_SVG}g") if one.get("class") == "flow v-FAIL"]
    assert len(worst) == 1


def test_everything_stands_inside_the_picture(drawn: ElementTree.Element) -> None:
    _, _, width, height = map(float, str(drawn.get("viewBox")).split())
    for one in drawn.iter(f"{_SVG}rect"):
        place = [float(one.get(key, "nan")) for key in ("x", "y", "width", "height")]
        assert 0 <= place[0] <= place[0] + place[2] <= width
        assert 0 <= place[1] <= place[1] + place[3] <= height


def test_the_picture_of_the_docs_counts_every_threat_of_a_flow() -> None:
    catalogue = registry.load()
    whole = ElementTree.fromstring(threat_pages.picture(catalogue))
    counts = _texts(whole, "flow-count")
    assert len(counts) == len(threats.model().conduits)
    calls_in = sum("calls-in" in one.conduits for one in threats.load().values())
    assert any(f" of {calls_in} exercised" in one for one in counts)


def test_the_page_of_the_docs_names_every_threat_and_assumption() -> None:
    page = threat_pages.page(registry.load(), "notice")
    model = threats.model()
    assert all(f"\n### {name}\n" in page for name in model.threats)
    assert all(f"| {one.title} |" in page for one in model.assumptions.values())
    assert page.count("Not exercised:") == sum(
        bool(one.untested or one.partly) for one in model.threats.values()
    )
