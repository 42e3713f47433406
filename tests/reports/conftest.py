"""Runs that several tests read; built once, never changed."""

from __future__ import annotations

import pytest

from harness.run import Run
from tests.reports import builder, concluding, granting, hostile, loads, secure


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return builder.sample(tmp_path_factory.mktemp("sample") / "runs" / "20260301-aurora")


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return builder.hostile_run(tmp_path_factory.mktemp("hostile") / "runs" / "20260301-hostile")


@pytest.fixture(scope="session")
def incomplete(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("incomplete") / "runs" / "20260301-incomplete"
    return builder.sample(folder, complete=False)


@pytest.fixture(scope="session")
def secure_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return secure.secure(tmp_path_factory.mktemp("secure") / "runs" / "20260301-secure")


@pytest.fixture(scope="session")
def hostile_secure_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("hostile-secure") / "runs" / "20260301-hostile-secure"
    return secure.hostile_secure(folder)


@pytest.fixture(scope="session")
def loaded_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return loads.loaded(tmp_path_factory.mktemp("loaded") / "runs" / "20260301-loaded")


@pytest.fixture(scope="session")
def hostile_loaded_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("hostile-loaded") / "runs" / "20260301-hostile-loaded"
    return loads.hostile_loaded(folder)


@pytest.fixture(scope="session")
def granted_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return granting.granted(tmp_path_factory.mktemp("granted") / "runs" / "20260301-granted")


@pytest.fixture(scope="session")
def hostile_granted_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("hostile-granted") / "runs" / "20260301-hostile-granted"
    return granting.hostile_granted(folder)


@pytest.fixture(scope="session")
def concluded_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("concluded") / "runs" / "20260301-concluded"
    return concluding.concluded(folder)


@pytest.fixture(scope="session")
def hostile_concluded_run(hostile_run: Run) -> Run:
    return concluding.hostile(hostile_run, hostile.EVERYTHING)
