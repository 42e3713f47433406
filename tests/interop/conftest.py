"""The runs of the session: begun before the first test, a few side by side, since most wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.interop.runner import RECIPES, Ended, run

SIDE_BY_SIDE = 4
_LONGEST = (
    "dcmtk-dcmqrscp",
    "orthanc",
    "pynetdicom-scu-tls",
    "pynetdicom-scu",
    "pixelmed-storage",
    "pynetdicom-qrscp",
    "dcmjs-dimse",
    "dcmtk-wlmscpfs",
    "dcmtk-storescp",
    "odil-scp",
    "dcmtk-scu",
    "dcmjs-scu",
    "dcmtk-scu-tls",
    "dcmjs-scu-tls",
    "orthanc-tls",
)
Runs = Mapping[str, Future[Ended]]
_SECONDS: pytest.StashKey[dict[str, float]] = pytest.StashKey()
_SLOWEST = 20


@pytest.fixture(scope="session")
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runs]:
    """The run of each recipe that a selected test asks for."""
    wanted = {name for item in request.session.items if (name := _recipe_of(item)) is not None}
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="recipe") as pool:
        begun = {
            name: pool.submit(run, RECIPES[name], tmp_path_factory.mktemp(name))
            for name in sorted(wanted, key=_longest_first)
        }
        yield begun
        for one in begun.values():
            one.cancel()
    ended = {name: one for name, one in begun.items() if one.done() and not one.cancelled()}
    request.config.stash[_SECONDS] = {
        name: one.result().seconds for name, one in ended.items() if one.exception() is None
    }


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Says which runs took longest."""
    took = config.stash.get(_SECONDS, {})
    if took:
        terminalreporter.section("slowest runs")
    for name in sorted(took, key=took.__getitem__, reverse=True)[:_SLOWEST]:
        terminalreporter.write_line(f"{took[name]:6.1f} s {name}")


@pytest.fixture
def ended(runs: Runs, recipe: str) -> Ended:
    """The run of the test's recipe, once it has ended."""
    return runs[recipe].result()


def _recipe_of(item: pytest.Item) -> str | None:
    """The recipe by which a test is parametrised."""
    parameters: object = getattr(getattr(item, "callspec", None), "params", {})
    chosen = parameters.get("recipe") if isinstance(parameters, dict) else None
    return chosen if isinstance(chosen, str) and chosen in RECIPES else None


def _longest_first(name: str) -> tuple[int, str]:
    """By what the summary said of earlier sessions, so that the last ones to end end together."""
    return (_LONGEST.index(name) if name in _LONGEST else len(_LONGEST)), name
