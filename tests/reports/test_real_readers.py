"""Reports in the programs that they are for: Allure in a browser, validators of SARIF and OSCAL."""

from __future__ import annotations

import functools
import http.server
import io
import os
import shutil
import subprocess
import sysconfig
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from harness.run import Run
from reports import allure, oscal, sarif
from reports.rows import rows_of

pytestmark = pytest.mark.interop

MODULES = Path(__file__).parents[2] / ".real-devices" / "node_modules"
SCRIPTS = Path(sysconfig.get_path("scripts"))
RUNS = ("sample", "concluded_run", "hostile_concluded_run")
KNOWN = ("SARIF2005",)
"""Warnings of the validator that we live with: this project has no address on the web yet."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """A test prints nothing for each file that a browser fetches."""


def _said(*command: str | Path, **options: Path) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        timeout=120,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        cwd=options.get("cwd"),
    )
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 0, said[-2000:]
    return said


def _rendered(run: Run, folder: Path) -> Path:
    """The report that Allure itself makes of our results."""
    program = MODULES / "allure" / "cli.js"
    assert program.is_file(), "allure is missing: scripts/install-real-devices"
    zipfile.ZipFile(io.BytesIO(allure.render(run))).extractall(folder / "results")
    config = folder / "results" / "allurerc.json"
    _said(
        "node", program, "generate", "results", "--config", config, "--output", "report", cwd=folder
    )
    return folder / "report"


@pytest.fixture
def page() -> Iterator[Page]:
    path = shutil.which("chromium")
    assert path is not None, "chromium is missing: scripts/install-real-devices"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1440, "height": 1000})
        problems: list[str] = []
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("dialog", lambda dialog: problems.append(dialog.message))
        yield opened
        pwned = [frame.evaluate("typeof window.pwned") for frame in opened.frames]
        browser.close()
    assert (problems, set(pwned)) == ([], {"undefined"})


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Allure's page fetches its data, so it needs a server; ours sees this folder and no other."""
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/report/"
        server.shutdown()


def test_allure_shows_every_result(sample: Run, page: Page, served: str, tmp_path: Path) -> None:
    _rendered(sample, tmp_path)
    page.goto(served)
    expect(page.get_by_text("Northwind Imaging")).to_be_visible()
    expect(page.get_by_text("pre-certification, not a certificate").first).to_be_visible()
    page.get_by_text("ASC-003 A PDU that declares 4 GiB").click()
    expect(page.get_by_text("resource: peak memory grew by 512.0 MiB").first).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("To mend it.")).to_be_visible()
    expect(page.get_by_role("link", name="CWE-789")).to_have_attribute(
        "href", "https://cwe.mitre.org/data/definitions/789.html"
    )
    data = "".join(
        path.read_text("utf-8") for path in (tmp_path / "report" / "data").rglob("*.json")
    )
    assert [row.id for row in rows_of(sample) if f'"{row.id} ' not in data] == []
    page.goto(served)
    page.get_by_text("Categories").first.click()
    expect(page.get_by_text("The device crashed")).to_be_visible()


def test_hostile_words_run_nothing_in_allure(
    hostile_concluded_run: Run, page: Page, served: str, tmp_path: Path
) -> None:
    _rendered(hostile_concluded_run, tmp_path)
    page.goto(served)
    page.get_by_text("ASC-006 A device is not believed").first.click()
    expect(page.frame_locator("iframe").get_by_text("To mend it.")).to_be_visible()
    for step in page.get_by_text("Test body").all():
        step.click()
    assert page.locator("img[src=x], svg[onload], a[href^='javascript:']").count() == 0


@pytest.mark.parametrize("name", RUNS)
def test_the_validator_of_sarif_has_nothing_to_say(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    program = MODULES / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
    assert program.is_file(), "sarif-multitool is missing: scripts/install-real-devices"
    program.chmod(0o755)  # npm was told to run no scripts, and leaves it without this
    path = tmp_path / "assay.sarif"
    path.write_bytes(sarif.render(request.getfixturevalue(name)))
    said = _said(program, "validate", path, "--level", "Error;Warning", "--kind", "Fail")
    assert "Analysis completed successfully." in said
    told = [line for line in said.splitlines() if ": error " in line or ": warning " in line]
    assert [line for line in told if not any(rule in line for rule in KNOWN)] == []


def test_the_validator_of_sarif_finds_what_is_wrong(sample: Run, tmp_path: Path) -> None:
    program = MODULES / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
    program.chmod(0o755)
    path = tmp_path / "assay.sarif"
    path.write_bytes(sarif.render(sample).replace(b'"ruleIndex": 3', b'"ruleIndex": 300'))
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(
        [program, "validate", path], capture_output=True, timeout=120, env=environment
    )
    assert b": error " in done.stdout


@pytest.mark.parametrize("command", ["summary", "html", "csv", "codeclimate"])
def test_sarif_tools_read_it(command: str, concluded_run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "assay.sarif", tmp_path / "out"
    path.write_bytes(sarif.render(concluded_run))
    _said(SCRIPTS / "sarif", command, "--output", out, path)
    assert "ASC-003" in out.read_text("utf-8")


def test_trestle_validates_it(concluded_run: Run, tmp_path: Path) -> None:
    path, space = tmp_path / "assay.json", tmp_path / "space"
    path.write_bytes(oscal.render(concluded_run))
    space.mkdir()
    trestle = SCRIPTS / "trestle"
    _said(trestle, "init", "--local", cwd=space)
    _said(trestle, "import", "-f", path, "-o", "assay", cwd=space)
    said = _said(trestle, "validate", "-t", "assessment-results", "-n", "assay", cwd=space)
    assert "VALID" in said
