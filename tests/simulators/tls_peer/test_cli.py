from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness import terminal
from harness.errors import HarnessError
from harness.verdict import ExitCode
from simulators import tls
from simulators.honest import HonestAcceptor, independent_echo
from simulators.pki import Authority
from simulators.pki.zoo import specimens
from simulators.tls_peer import main, meeting
from tests.simulators.tls_peer import samples

_ADDRESS = re.compile(r"listening 127\.0\.0\.1:(\d+)")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("Test authority")


@pytest.fixture(scope="module")
def limbo(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(samples.write(tmp_path_factory.mktemp("limbo"), authority))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    said = Lines()
    monkeypatch.setattr(terminal, "say", said.add)
    return said


class Lines:
    """What the command has said so far."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._said: list[str] = []

    def add(self, text: str = "") -> None:
        with self._changed:
            self._said.append(text)
            self._changed.notify_all()

    @property
    def text(self) -> str:
        return "\n".join(self._said)

    def port(self) -> int:
        with self._changed:
            assert self._changed.wait_for(lambda: _ADDRESS.search(self.text), 10)
        found = _ADDRESS.search(self.text)
        assert found
        return int(found[1])


@contextmanager
def serving(*arguments: str) -> Iterator[list[int]]:
    """The command in a thread; its exit code is there when the block ends."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(main([*arguments, "--once"])))
    thread.start()
    yield codes
    thread.join(10)
    assert not thread.is_alive()


def call(port: int, authority: Authority, *, verify: bool) -> bool:
    """A client that verifies, or one that takes everything."""
    policy = tls.TlsPolicy(
        trust=authority.certificate_pem, verify=verify, server_name="localhost" if verify else None
    )
    served, _ = independent_echo(
        ("127.0.0.1", port), called="ANY-SCP", calling="TEST", policy=policy, timeout_s=10
    )
    return served


def test_a_valid_case_is_served_to_a_strict_client(
    limbo: str, authority: Authority, lines: Lines
) -> None:
    with serving("--limbo", limbo, samples.VALID) as codes:
        context = _strict(authority)
        with socket.create_connection(("127.0.0.1", lines.port())) as plain:
            ending = _echo_over(plain, context)
    assert ending.accepted
    assert codes == [ExitCode.EXPECTED]
    assert "seen      accepted: A-ASSOCIATE-RQ arrived, 1 C-ECHO answered" in lines.text


def test_a_lax_client_is_told_of(limbo: str, authority: Authority, lines: Lines) -> None:
    with serving("--limbo", limbo, samples.EXPIRED) as codes:
        assert call(lines.port(), authority, verify=False)
    assert codes == [ExitCode.UNEXPECTED_RESULT]
    assert "NOT as expected" in lines.text


def test_a_strict_client_refuses_what_is_to_be_refused(
    limbo: str, authority: Authority, lines: Lines
) -> None:
    with (
        serving("--limbo", limbo, samples.EXPIRED) as codes,
        socket.create_connection(("127.0.0.1", lines.port())) as plain,
    ):
        _echo_over(plain, _strict(authority))
    assert codes == [ExitCode.EXPECTED]
    assert "seen      refused: alert certificate_expired" in lines.text


def test_it_comes_as_a_client_too(limbo: str, authority: Authority, lines: Lines) -> None:
    policy = tls.TlsPolicy(identity=authority.issue(), trust=authority.certificate_pem, verify=True)
    device = HonestAcceptor(policy, [])
    try:
        where = f"127.0.0.1:{device.port}"
        assert main(["--limbo", limbo, samples.VALID, "--connect", where]) == ExitCode.EXPECTED
        assert "C-ECHO was answered" in lines.text
        assert main(["--limbo", limbo, samples.EXPIRED, "--connect", where]) == ExitCode.EXPECTED
        assert "alert certificate_expired" in lines.text
    finally:
        device.close()


def test_a_device_that_asks_for_no_certificate_proves_nothing(
    limbo: str, authority: Authority, lines: Lines
) -> None:
    device = HonestAcceptor(tls.TlsPolicy(identity=authority.issue()), [])
    try:
        where = f"127.0.0.1:{device.port}"
        code = main(["--limbo", limbo, samples.EXPIRED, "--connect", where])
    finally:
        device.close()
    assert code == ExitCode.NOTHING_CONCLUSIVE
    assert "it did not ask for one" in lines.text


@pytest.mark.parametrize("name", ["expired yesterday", "bytes after the certificate"])
def test_a_specimen_is_shown_and_its_trust_written(name: str, tmp_path: Path, lines: Lines) -> None:
    trust = tmp_path / "ca.pem"
    with serving("--specimen", name, "--trust-to", str(trust)) as codes:
        port = lines.port()
        with socket.create_connection(("127.0.0.1", port)) as plain:
            _echo_over(plain, _strict_pem(trust.read_bytes()))
    assert codes == [ExitCode.EXPECTED]
    assert "refused" in lines.text


def test_it_lists_and_counts(limbo: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--limbo", limbo]) == ExitCode.EXPECTED
    assert "4 cases, 3 with the private key that TLS needs" in capsys.readouterr().out
    assert main(["--specimens"]) == ExitCode.EXPECTED
    assert len(capsys.readouterr().out.splitlines()) == len(specimens())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--limbo", "{limbo}", samples.KEYLESS], "has no private key"),
        (["--limbo", "{limbo}", samples.VALID, "--connect", "nowhere"], "not HOST:PORT"),
        (["--limbo", "{limbo}", samples.VALID, "--connect", "127.0.0.1:99999"], "127.0.0.1:99999"),
        (["--limbo", "{limbo}", samples.VALID, "--host", "192.0.2.1"], "192.0.2.1:0"),
        (["--limbo", "{limbo}", samples.VALID, "--trust-to", "/nowhere/ca.pem"], "No such file"),
        (["--specimen", "expired yesterdy"], "near: expired yesterday"),
        (["--specimen", "P-384", "--authority", "/nowhere/a", "/nowhere/b"], "No such file"),
    ],
)
def test_what_cannot_be_says_why(limbo: str, arguments: list[str], said: str) -> None:
    with pytest.raises(HarnessError, match=re.escape(said)):
        main([one.replace("{limbo}", limbo) for one in arguments])


def test_usage_is_an_exit_code() -> None:
    assert main([]) == ExitCode.USAGE
    assert main(["--limbo", "x", "--port", "65536"]) == ExitCode.USAGE
    assert main(["--help"]) == ExitCode.EXPECTED


def _strict(authority: Authority) -> tls.TlsPolicy:
    return _strict_pem(authority.certificate_pem)


def _strict_pem(trust: bytes) -> tls.TlsPolicy:
    return tls.TlsPolicy(trust=trust, verify=True, server_name="localhost")


def _echo_over(plain: socket.socket, policy: tls.TlsPolicy) -> meeting.Ending:
    """A client that verifies the name, over a socket of the test."""
    channel = tls.open_channel(meeting.Plug(plain), policy, False)
    done = channel.handshake(meeting.HANDSHAKE_S)
    if not done.completed:
        return meeting.Ending(accepted=False, words=done.error)
    ending = meeting.Talk(channel).as_client("ANY-SCP", "TEST")
    channel.close()
    return ending
