"""Certificates for the device tests, made once."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from simulators.pki import Authority, Identity, IdentityFiles

HOST = ("127.0.0.1", "localhost")
DAY = timedelta(days=1)


class Lab:
    """One authority and the identities that the tests show."""

    def __init__(self, folder: Path) -> None:
        authority = Authority.new("device tests")
        self.ca = authority.write(folder)
        stranger = authority.lookalike()
        made: Mapping[str, Identity] = {
            "device": authority.issue(names=HOST),
            "client": authority.issue(names=("client.example",)),
            "self_signed": authority.issue(names=HOST, self_signed=True),
            "lookalike": stranger.issue(names=HOST),
            "lookalike_same_id": authority.lookalike(same_key_identifier=True).issue(names=HOST),
            "expired": authority.issue(names=HOST, not_before=-9 * DAY, not_after=-DAY),
            "early": authority.issue(names=HOST, not_before=DAY, not_after=9 * DAY),
            "other_host": authority.issue(names=("elsewhere.example",)),
            "server_only": authority.issue(names=HOST, eku=("server",)),
            "client_only": authority.issue(names=HOST, eku=("client",)),
        }
        self.files: dict[str, IdentityFiles] = {
            name: identity.write(folder, name) for name, identity in made.items()
        }

    def arguments(self, name: str) -> tuple[str, ...]:
        """Return --key, --cert and --ca of one identity."""
        files = self.files[name]
        return ("--key", str(files.key), "--cert", str(files.cert), "--ca", str(self.ca))


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("pki"))
