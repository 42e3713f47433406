"""Scenarios as pytest items: ``pytest --device device.toml -k tls``.

One path for both fronts: ``assay run`` starts pytest with this plugin. The engine plays in the
background; an item merely waits for its own verdict, so pytest's order, reports, ``-x`` and junit
work while many timers run out together.

FAIL is a failure; ERROR and INCONCLUSIVE are errors (broken, in allure's words), raised in setup;
NOT_APPLICABLE and REVIEW are skipped with their reason; WARN passes with a warning.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from harness import profile as profiles
from harness import registry
from harness.allure import attach_evidence
from harness.errors import HarnessError
from harness.front import Front, QuietListener
from harness.fuzzing import Fuzzing, selected
from harness.listener import Listener, Row
from harness.model import Role, Safety, Scenario, Severity
from harness.session import Choice, Session, choose, open_session
from harness.verdict import Verdict

_SESSION = pytest.StashKey[Session]()
_BROKEN = frozenset({Verdict.ERROR.name, Verdict.INCONCLUSIVE.name})
_SKIPPED = frozenset({Verdict.NOT_APPLICABLE.name, Verdict.REVIEW.name})


class ScenarioFailed(AssertionError):  # noqa: N818 - a verdict on the device, not an error of ours
    """The device broke the requirement."""


class ScenarioBroken(RuntimeError):  # noqa: N818 - as above
    """Nothing may be concluded, or we are at fault."""


class ScenarioWarning(UserWarning):
    """The device broke a SHOULD."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of this plugin; inert without ``--device``."""
    group = parser.getgroup("dicom-assay", "scenarios against a DICOM device")
    group.addoption("--device", metavar="DEVICE.toml", help="play scenarios against this device")
    group.addoption("--assay-out", metavar="DIR", help="run folder (default: runs/<utc>-<device>)")
    group.addoption("--assay-seed", type=int, default=0, help="seed of every play (default: 0)")
    group.addoption("--assay-fuzz", type=int, help="play so many mutants as well")
    group.addoption("--assay-lanes", type=int, help="most plays at a time")
    group.addoption("--assay-select", action="append", default=[], help="glob on scenario ids")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Keeps xdist from splitting one device among processes: lanes overlap the waits already."""
    wanted = [getattr(config.option, name, None) for name in ("numprocesses", "tx", "distload")]
    if config.getoption("device", None) and any(wanted):
        config.option.numprocesses = None
        config.option.distload = False
        config.option.dist = "no"
        config.option.tx = []
        _warn("-n is ignored with --device: lanes overlap")


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers that ``-m`` may select."""
    _register_markers(config, [*Role, *Severity, *Safety, *registry.FAMILIES])


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> object:
    """With ``--device``, collects scenarios instead of test files."""
    front = _front(session.config)
    if front is None:
        return None
    try:
        chosen = choose(registry.load(), front.choice)
    except HarnessError as error:
        raise pytest.UsageError(str(error)) from error
    _register_markers(session.config, {one.family for one in chosen})
    items: list[pytest.Item] = [
        ScenarioItem.from_parent(
            session, name=one.id, nodeid=f"dicom-assay::{one.id}", scenario=one
        )
        for one in chosen
    ]
    hook = session.config.hook
    hook.pytest_collectreport(
        report=pytest.CollectReport(nodeid="", outcome="passed", longrepr=None, result=[*items])
    )
    hook.pytest_collection_modifyitems(session=session, config=session.config, items=items)
    session.items = items
    session.testscollected = len(items)
    hook.pytest_collection_finish(session=session)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Opens the run before the first item and closes it after the last, whatever happens."""
    front = _front(session.config)
    if front is None or not session.items or session.config.option.collectonly:
        return (yield)
    chosen = [item.scenario for item in session.items if isinstance(item, ScenarioItem)]
    try:
        run = open_session(
            front.profile, registry.load(), chosen, front.choice, front.listener, front.announce
        )
    except HarnessError as error:
        front.error = error
        # Not a UsageError: pytest would print that even where `assay run` says it already.
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
    session.config.stash[_SESSION] = run
    run.start()
    complete = False
    try:
        result = yield
        complete = not session.shouldstop
        return result
    finally:
        if not complete:
            run.cancel()
        try:
            front.finished = run.finish(complete=complete)
        except HarnessError as error:
            _remember(session.config, error)
            session.shouldfail = str(error)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Words what is broken as what failed: pytest asks the item about failed calls only."""
    report = yield
    if isinstance(item, ScenarioItem) and call.excinfo is not None and report.failed:
        report.longrepr = item.repr_failure(call.excinfo)
    return report


class ScenarioItem(pytest.Item):
    """One scenario as a pytest item."""

    def __init__(self, *, scenario: Scenario, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.scenario = scenario
        self.row: Row = {}
        for word in (scenario.family, scenario.role, scenario.severity, scenario.safety):
            self.add_marker(_marker(word))

    def setup(self) -> None:
        """Waits for the verdict; what is no verdict on the device ends here."""
        run = self.config.stash[_SESSION]
        try:
            self.row = run.row(self.scenario.id)
        except CancelledError:
            raise ScenarioBroken("the run ended before this scenario was judged") from None
        except HarnessError as error:
            _remember(self.config, error)
            self.session.shouldstop = str(error)
            raise ScenarioBroken(str(error)) from None
        self.user_properties += [
            (key, str(self.row[key])) for key in ("verdict", "kind", "code", "outcome", "severity")
        ]
        words = f"{self.row['verdict']}: {self.row['reason']}"
        if self.row["verdict"] in _SKIPPED:
            pytest.skip(words)
        if self.row["verdict"] in _BROKEN:
            raise ScenarioBroken(f"{self.row['code'] or 'ERROR'}: {self.row['reason']}")

    def runtest(self) -> None:
        """Turns the verdict on the device into the item's result."""
        verdict = self.row["verdict"]
        if verdict == Verdict.FAIL.name:
            raise ScenarioFailed(f"{self.row['kind']}: {self.row['reason']}")
        if verdict == Verdict.WARN.name:
            _warn(f"{self.name}: {self.row['reason']}")

    def teardown(self) -> None:
        """Attaches the evidence: only now, because allure forgets what it is told in setup."""
        if self.row:
            folder = self.config.stash[_SESSION].folder
            attach_evidence(self.config, self.row, folder.path, folder.stimuli(self.scenario.id))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """Reason, title and remedy instead of a traceback of ours."""
        if not isinstance(excinfo.value, ScenarioFailed | ScenarioBroken):
            return str(super().repr_failure(excinfo))
        lines = [str(excinfo.value), f"{self.name}  {self.scenario.title}"]
        if isinstance(excinfo.value, ScenarioFailed):
            lines.append(f"Mend: {self.scenario.remediation}")
        evidence = self.row.get("evidence")
        if isinstance(evidence, list) and evidence:
            lines.append(f"Evidence: {', '.join(map(str, evidence))}")
        return "\n".join(lines)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the scenario stands."""
        return Path(self.scenario.source), None, f"{self.name} {self.scenario.title}"


def _front(config: pytest.Config) -> Front | None:
    """What ``assay run`` handed over, or what the options say; None without a device."""
    given = config.pluginmanager.get_plugin(Front.NAME)
    if isinstance(given, Front):
        return given
    device = config.getoption("device", None)
    if not device:
        return None
    try:
        profile = profiles.load(Path(device))
    except HarnessError as error:
        raise pytest.UsageError(str(error)) from error
    out = config.getoption("assay_out")
    asked = Fuzzing(mutants=config.getoption("assay_fuzz"))
    try:
        globs = config.getoption("assay_select") or ()
        select, fuzzing = selected(globs, asked, registry.load())
    except HarnessError as error:
        raise pytest.UsageError(str(error)) from error
    choice = Choice(
        select=select,
        fuzzing=fuzzing,
        seed=config.getoption("assay_seed") or 0,
        lanes=config.getoption("assay_lanes"),
        out=Path(out) if out else None,
    )
    listener: Listener = QuietListener()
    front = Front(profile=profile, choice=choice, listener=listener)
    config.pluginmanager.register(front, Front.NAME)
    return front


def _remember(config: pytest.Config, error: HarnessError) -> None:
    front = config.pluginmanager.get_plugin(Front.NAME)
    if isinstance(front, Front) and front.error is None:
        front.error = error


def _warn(text: str) -> None:
    """Warns, even where a project turns warnings into errors: that changes no verdict."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", ScenarioWarning)
        warnings.warn(ScenarioWarning(text), stacklevel=2)


def _register_markers(config: pytest.Config, words: Iterable[str]) -> None:
    for word in words:
        config.addinivalue_line("markers", f"{_marker(word)}: dicom-assay {word}")


def _marker(word: str) -> str:
    return str(word).lower().replace("-", "_")
