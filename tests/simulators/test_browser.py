"""What stands between a run and its pictures, the stranger's ears, and addresses of pages."""

from __future__ import annotations

import http.client
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from harness.stage import Stage
from reports.page.screens import screens_of
from simulators.browser import screens
from simulators.browser.desk import Desk
from simulators.browser.marker import Marker
from simulators.browser.planting import link
from simulators.browser.stranger import Stranger
from simulators.lab import Lab

PNG = b"\x89PNG\r\n\x1a\nrest"


class Heard:
    """A stage that remembers what was observed."""

    play, token = "WEB-905.1/2", "123456789012345678"

    def __init__(self, *, withholds: bool = False) -> None:
        self.seen: list[tuple[str, dict[str, object]]] = []
        self.profile = SimpleNamespace(
            withholds_data_sets=withholds,
            web=SimpleNamespace(host="127.0.0.1"),
            secrets={"web.token": b"a-secret-token"},
        )

    def observe(self, kind: str, _actor: str, **data: object) -> None:
        self.seen.append((kind, data))

    def masked(self, data: bytes) -> bytes:
        return data.replace(b"a-secret-token", b"*" * 14)


def kept(stage: Heard, folder: Path, number: int = 1, size: int = 0, before: int = 0) -> str:
    desk, lab = SimpleNamespace(kept=before), SimpleNamespace(run_folder=folder)
    picture = PNG + bytes(size)
    screens.keep(cast(Stage, stage), cast(Lab, lab), cast(Desk, desk), number, picture)
    return stage.seen[-1][0]


def test_a_picture_lies_in_the_run_folder_with_its_digest_in_the_record(tmp_path: Path) -> None:
    stage = Heard()
    assert kept(stage, tmp_path) == "evidence"
    assert stage.seen[-1][1]["path"] == "screens/WEB-905.1_2-1.png"
    assert (tmp_path / "screens" / "WEB-905.1_2-1.png").read_bytes() == PNG


@pytest.mark.parametrize(
    ("withholds", "number", "size", "before"),
    [
        (True, 1, 0, 0),
        (False, screens.MOST_OF_PLAY + 1, 0, 0),
        (False, 1, screens.MOST_BYTES, 0),
        (False, 1, 0, screens.MOST_OF_RUN),
    ],
)
def test_a_picture_beyond_a_bound_is_left_out(
    withholds: bool, number: int, size: int, before: int, tmp_path: Path
) -> None:
    assert kept(Heard(withholds=withholds), tmp_path, number, size, before) == "screen"
    assert list(tmp_path.iterdir()) == []


def test_a_stranger_notes_credentials_and_keeps_none() -> None:
    stage = Heard()
    with Stranger(cast(Stage, stage), {"/": "<p>page"}) as stranger:
        assert stranger.url().startswith("http://localhost:")
        port = int(stranger.url().split(":")[2].rstrip("/"))
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        asking.request("GET", "/?t=a-secret-token", headers={"Cookie": "session=a-secret-token"})
        assert asking.getresponse().read() == b"<p>page"
        asking.close()
    kind, data = stage.seen[-1]
    assert (kind, data["ready"], data["count"]) == ("called", True, 1)
    assert "a-secret-token" not in str(data)
    assert "['cookie', 'secret in the address']" in str(data)


def test_a_near_stranger_stands_under_the_name_of_the_device() -> None:
    with Stranger(cast(Stage, Heard()), near=True) as stranger:
        assert stranger.url().startswith("http://127.0.0.1:")


def test_texts_of_a_marker_fit_into_a_value_and_links_are_quoted() -> None:
    marker = Marker.of(cast(Stage, Heard()))
    for text in (marker.picture(1), marker.script(1), marker.drawing(1), marker.quote(1)):
        assert len(text) <= 64
    assert link("/v?u={target}", "//a b/") == "/v?u=%2F%2Fa%20b%2F"


def test_a_report_shows_no_file_from_elsewhere(tmp_path: Path) -> None:
    run_folder = tmp_path / "run"
    (run_folder / "screens").mkdir(parents=True)
    (tmp_path / "outside.png").write_bytes(PNG)
    (run_folder / "screens" / "no.png").write_bytes(b"<svg>")
    (run_folder / "screens" / "yes.png").write_bytes(PNG)
    run = SimpleNamespace(folder=run_folder)
    rows = [
        SimpleNamespace(kind="evidence", data={"path": path})
        for path in ("screens/../../outside.png", "screens/no.png", "screens/yes.png")
    ]
    shown = screens_of(rows, run)  # type: ignore[arg-type]
    assert [screen.source[:22] for screen in shown] == ["data:image/png;base64,"]
