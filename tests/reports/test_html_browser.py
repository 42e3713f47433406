"""The HTML report in a real browser: no script of others, filters, accessibility, small screens."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports import html
from reports.rows import rows_of
from tests.reports import concluding
from tests.reports.rows import VERDICTS, result

pytestmark = pytest.mark.interop

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=360, height=740)
PAGES = (
    "sample", "hostile", "secure", "hostile-secure", "loaded", "hostile-loaded", "granted",
    "hostile-granted", "concluded", "hostile-concluded", "packed",
)  # fmt: skip
HONEST = ("sample", "secure", "loaded", "granted", "concluded")
MANY = 10_000
OPEN_S = FILTER_S = 1.0
"""Bounds for opening and for one filtering of as many results."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("no chromium on the PATH; run scripts/install-real-devices")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def files(
    tmp_path_factory: pytest.TempPathFactory,
    sample: Run,
    hostile_run: Run,
    secure_run: Run,
    hostile_secure_run: Run,
    loaded_run: Run,
    hostile_loaded_run: Run,
    granted_run: Run,
    hostile_granted_run: Run,
    concluded_run: Run,
    hostile_concluded_run: Run,
) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, run in (
        ("sample", sample),
        ("hostile", hostile_run),
        ("secure", secure_run),
        ("hostile-secure", hostile_secure_run),
        ("loaded", loaded_run),
        ("hostile-loaded", hostile_loaded_run),
        ("granted", granted_run),
        ("hostile-granted", hostile_granted_run),
        ("concluded", _read_from_a_chair(concluded_run)),
        ("hostile-concluded", hostile_concluded_run),
        ("large", _large(sample)),
    ):
        (folder / f"{name}.html").write_bytes(html.render(run))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(html, "WHOLE", 3)
        for name, run in (("packed", sample), ("hostile-packed", hostile_run)):
            (folder / f"{name}.html").write_bytes(html.render(run))
    return folder


def _large(sample: Run) -> Run:
    """Ten thousand results; what a filter and an opening page meet needs no play of them."""
    rows: list[JSON] = [
        result(f"{('ASC', 'DIM', 'TLS', 'PAR')[n % 4]}-{n:05}", VERDICTS[n % 7], title=f"Case {n}")
        for n in range(MANY)
    ]
    return replace(concluding.told(sample, results=rows), plays={}, chosen={})


def _read_from_a_chair(run: Run) -> Run:
    deployment: JSON = {"id": "large-hospital", "title": "Hospital", "responsible": "shared"}
    return replace(concluding.told(run, deployment=deployment), chair="clinical-engineering")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport=DESKTOP)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    opened.close()
    assert errors == []


def _open(page: Page, files: Path, name: str, fragment: str = "") -> None:
    page.goto((files / f"{name}.html").as_uri() + fragment)


def _open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")


def _open_one_of_each(page: Page) -> None:
    """Opens whatever folds, but of findings and loads that look alike only the first."""
    page.evaluate(
        """() => {
          const seen = new Set();
          for (const one of document.querySelectorAll("details")) {
            const finding = one.closest(".finding, .one");
            const quiet = finding && finding.matches(".v-PASS, .v-NOT_APPLICABLE");
            const kind = quiet ? "quiet" : "loud";
            if (!finding || one !== finding || !seen.has(kind)) one.open = true;
            if (finding) seen.add(kind);
          }
        }"""
    )


def _shown(page: Page) -> list[str]:
    found = page.evaluate(
        "Array.from(document.querySelectorAll('details.finding:not([hidden])'), (d) => d.id)"
    )
    assert isinstance(found, list)
    return [str(name) for name in found]


@pytest.mark.parametrize(
    "name", ["hostile", "hostile-secure", "hostile-loaded", "hostile-concluded", "hostile-packed"]
)
def test_hostile_names_run_no_script(page: Page, files: Path, name: str) -> None:
    requests: list[str] = []
    dialogs: list[str] = []
    console: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.on("console", lambda message: console.append(message.text))
    _open(page, files, name)
    _open_everything(page)
    for summary in page.locator("details.finding > summary").all():
        summary.hover()
    for link in page.locator('.aside a[href^="./"]').all()[:6]:
        assert link.evaluate("(a) => a.protocol") == "file:"
    assert page.evaluate("typeof window.pwned") == "undefined"
    assert (dialogs, console) == ([], [])
    assert requests == [(files / f"{name}.html").as_uri()]


def test_the_policy_stops_injected_script(page: Page, files: Path) -> None:
    _open(page, files, "sample")
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.pwned = 1";
          document.body.append(script);
          const box = document.createElement("div");
          box.innerHTML = '<img src="x" onerror="window.pwned=2">'
            + '<a id="j" href="javascript:window.pwned=3">x</a>';
          document.body.append(box);
          document.getElementById("j").click();
        }"""
    )
    expect(page.locator("img")).to_have_js_property("complete", True)
    assert page.evaluate("typeof window.pwned") == "undefined"


def test_filters_narrow_and_reset(page: Page, files: Path, sample: Run) -> None:
    _open(page, files, "sample")
    everything = _shown(page)
    assert len(everything) == len(sample.results)
    page.get_by_role("button", name="Fail").click()
    assert set(_shown(page)) == {row.id for row in rows_of(sample) if row.verdict is Verdict.FAIL}
    page.get_by_label("Family").select_option("ASC")
    assert _shown(page) == ["ASC-003", "ASC-005", "ASC-109"]
    page.get_by_label("Severity").select_option("critical")
    assert _shown(page) == ["ASC-003"]
    assert page.get_by_role("status").inner_text() == "1 of 25 shown"
    page.get_by_role("button", name="Show all").click()
    assert _shown(page) == everything
    page.get_by_label("Role").select_option("requestor")
    assert set(_shown(page)) == {row.id for row in rows_of(sample) if row.role == "requestor"}
    page.get_by_label("Search").fill("nothing like this")
    assert _shown(page) == []
    assert page.get_by_text("No result matches this filter.").is_visible()
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Search").fill("cwe-674  NESTED")
    assert _shown(page) == ["PAR-002"]


def test_the_fragment_holds_the_state(page: Page, files: Path) -> None:
    _open(page, files, "sample", "#verdict=FAIL,WARN&family=TLS&open=TLS-003")
    assert _shown(page) == ["TLS-003", "TLS-005"]
    assert page.locator("#TLS-003").get_attribute("open") is not None
    page.get_by_label("Search").fill("1.3")
    expect(page).to_have_url(re.compile(r"#.*q=1\.3.*verdict=FAIL,WARN"))
    page.reload()
    assert _shown(page) == ["TLS-005"]
    assert page.get_by_label("Search").input_value() == "1.3"


def test_links_of_the_picture_filter_and_open(page: Page, files: Path) -> None:
    _open(page, files, "sample")
    page.get_by_role("link", name="1 Warn in TLS negotiation").click()
    assert _shown(page) == ["TLS-005"]
    page.get_by_role("link", name="PAR-002").click()
    assert "PAR-002" in _shown(page)
    assert page.locator("#PAR-002 .dump").first.is_visible()


def test_a_fragment_of_nonsense_is_harmless(page: Page, files: Path) -> None:
    _open(page, files, "sample", "#verdict=%00<script>&family='\"]&open=..&q=")
    assert len(_shown(page)) == 25
    _open(page, files, "sample", "#%E0%A4%A")
    assert len(_shown(page)) == 25


def test_the_keyboard_is_enough(page: Page, files: Path) -> None:
    _open(page, files, "sample")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Fail").focus()
    page.keyboard.press("Space")
    assert len(_shown(page)) == 5
    summary = page.locator("#ASC-003 > summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#ASC-003").get_attribute("open") is not None
    outline = summary.evaluate("(node) => getComputedStyle(node).outlineStyle")
    assert outline != "none"


def test_print_opens_what_needs_attention(page: Page, files: Path) -> None:
    _open(page, files, "sample")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#PAR-002").get_attribute("open") is not None
    assert page.locator("#ASC-001").get_attribute("open") is None
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#PAR-002").get_attribute("open") is None


def test_ten_thousand_results_open_and_filter_at_once(page: Page, files: Path) -> None:
    # Of a machine that does other work besides, the quicker of a few tries tells about the page.
    assert min(_opened(page, files) for _ in range(3)) < OPEN_S
    fitting = sum("99" in f"{number:05}" for number in range(MANY))
    for words, count in (("case 99", fitting), ("", MANY)):
        took = page.evaluate(
            """(words) => {
              const box = document.getElementById("q");
              const begun = performance.now();
              box.value = words;
              box.dispatchEvent(new Event("input", { bubbles: true }));
              document.body.offsetHeight;
              return performance.now() - begun;
            }""",
            words,
        )
        assert isinstance(took, int | float)
        told = page.get_by_role("status").inner_text()
        assert told == f"{count} of {MANY} shown, the first 100 are listed"
        assert len(_shown(page)) == 100
        assert took / 1000 < FILTER_S


def _opened(page: Page, files: Path) -> float:
    """Seconds until everything is loaded, and the first rows are there."""
    page.goto("about:blank")
    _open(page, files, "large")
    assert len(_shown(page)) == 100
    took = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert isinstance(took, int | float)
    return took / 1000


def test_a_long_list_goes_on_and_a_link_into_it_leads_there(page: Page, files: Path) -> None:
    _open(page, files, "large", "#PAR-09995")
    expect(page.locator("#PAR-09995")).to_have_attribute("open", "")
    expect(page.locator("#PAR-09995 .body")).to_contain_text("How to mend it")
    assert _shown(page)[0] == "PAR-09995"
    page.get_by_role("button", name="Show 100 more").click()
    assert len(_shown(page)) == 200
    assert page.evaluate("document.activeElement.closest('details').id") == _shown(page)[100]
    page.get_by_label("Search").fill("par-09995")
    assert _shown(page) == ["PAR-09995"]
    assert not page.locator("#more").is_visible()


def test_a_packed_story_unfolds_once_and_is_printed(page: Page, files: Path) -> None:
    _open(page, files, "packed", "#verdict=FAIL&open=PAR-002")
    expect(page.locator("#PAR-002 .dump").first).to_be_visible()
    summary = page.locator("#ASC-003 > summary")
    for _ in range(3):
        summary.click()
    expect(page.locator("#ASC-003 .body")).to_have_count(1)
    expect(page.locator("#ASC-003 .body")).to_contain_text("runs/20260301-aurora ASC-003")
    summary.click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#ASC-003").get_attribute("open") is not None
    assert page.locator("#TLS-003").get_attribute("open") is None


def test_a_long_run_is_a_list_without_script(browser: Browser, files: Path, sample: Run) -> None:
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    _open(bare, files, "packed")
    for row in rows_of(sample):
        assert bare.get_by_text(row.id, exact=True).last.is_visible()
    context.close()


def test_a_cell_of_the_certificate_matrix_leads_to_its_finding(page: Page, files: Path) -> None:
    _open(page, files, "secure")
    row = page.get_by_role("row", name="SHA-1")
    row.get_by_role("link", name="Fail, responded").first.click()
    expect(page.locator("#CRT-012")).to_have_attribute("open", "")


def test_the_matrix_fits_one_screen_each_for_suites_and_certificates(
    page: Page, files: Path
) -> None:
    _open(page, files, "secure")
    for part in (".zoo", ".surface >> nth=0"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["height"] < DESKTOP["height"]


def test_print_opens_the_folded_parts_of_tls(page: Page, files: Path) -> None:
    _open(page, files, "secure")
    folded = page.locator(".tls details").first
    assert folded.get_attribute("open") is None
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.get_attribute("open") is not None


def test_a_load_in_the_overview_leads_to_its_pictures(page: Page, files: Path) -> None:
    _open(page, files, "loaded")
    picture = page.locator('svg[aria-labelledby="load-1-memory-title"]')
    assert not picture.is_visible()
    page.get_by_role("table").get_by_role("link", name="LOAD-001").click()
    expect(picture).to_be_visible()
    page.get_by_role("link", name="The whole finding LOAD-001").click()
    expect(page.locator("#LOAD-001")).to_have_attribute("open", "")


def test_print_unfolds_the_loads_but_not_their_tables(page: Page, files: Path) -> None:
    _open(page, files, "loaded")
    folded = page.locator(".one").first
    assert folded.get_attribute("open") is None
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.get_attribute("open") is not None
    assert folded.locator(".chart details").first.get_attribute("open") is None
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.get_attribute("open") is None


def test_pictures_need_no_script(browser: Browser, files: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=DESKTOP)
    bare = context.new_page()
    _open(bare, files, "loaded")
    folded = bare.locator(".one:not([open]) > summary")
    while folded.count():
        folded.first.click()
    pictures = bare.locator(".chart > svg")
    assert pictures.count() == 27
    for picture in pictures.all():
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] > 300
    context.close()


@pytest.mark.parametrize("width", [DESKTOP["width"], PHONE["width"]])
def test_the_texts_of_a_picture_stay_legible_inside_and_apart(
    page: Page, files: Path, width: int
) -> None:
    page.set_viewport_size(ViewportSize(width=width, height=800))
    _open(page, files, "loaded")
    page.evaluate("document.querySelectorAll('.one').forEach((d) => { d.open = true; })")
    problems = page.evaluate(
        """() => {
          const found = [];
          for (const svg of document.querySelectorAll(".chart > svg")) {
            const name = svg.querySelector("title").textContent;
            const card = svg.closest(".card").getBoundingClientRect();
            const boxes = Array.from(svg.querySelectorAll("text"))
              .filter((t) => getComputedStyle(t).display !== "none")
              .map((t) => [t.textContent, t.getBoundingClientRect()]);
            for (const [text, box] of boxes) {
              if (box.left < card.left || box.right > card.right) found.push([name, text, "out"]);
              if (box.height < 9) found.push([name, text, "small"]);
            }
            for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
              const [a, b] = [boxes[i][1], boxes[j][1]];
              const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
              const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
              if (wide > 1 && high > 5) found.push([name, boxes[i][0], boxes[j][0]]);
            }
          }
          return found;
        }"""
    )
    assert problems == []


@pytest.mark.parametrize("name", [*HONEST, "hostile"])
def test_axe_finds_no_serious_violation(page: Page, files: Path, name: str) -> None:
    _open(page, files, name)
    _open_one_of_each(page)
    assert _serious(page, name) == []


@pytest.mark.parametrize("name", HONEST)
def test_the_dark_has_contrast_enough(page: Page, files: Path, name: str) -> None:
    page.emulate_media(color_scheme="dark")
    _open(page, files, name)
    _open_one_of_each(page)
    assert _serious(page, name, "color-contrast") == []


def _serious(page: Page, name: str, *rules: str) -> list[tuple[str, str, str]]:
    # Findings look alike on every page and take the longest: two pages stand for all.
    context = {} if name in ("sample", "hostile") else {"exclude": [["#list"]]}
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    violations = Axe().run(page, context or None, options or None).response["violations"]
    return [
        (v["id"], v["nodes"][0]["html"], v["nodes"][0]["failureSummary"])
        for v in violations
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_needs_no_sideways_scroll(page: Page, files: Path, name: str) -> None:
    page.set_viewport_size(PHONE)
    _open(page, files, name)
    for _ in range(2):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
        _open_everything(page)
