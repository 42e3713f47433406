"""Who trusts whom on the bench: the authority, both sides' identities, honest TLS policies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from harness.errors import ProfileError
from harness.profile import Profile
from simulators.pki import Authority, Identity
from simulators.pki.keys import made_once
from simulators.tls import TlsPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The keys of one run.

    Attributes:
        authority: What the device trusts, and what we trust.
        ours: Our honest identity, as client and as server on loopback.
        ca: File with the authority's certificate, ``{ca}`` in templates.
        cert: File with the device's certificate, ``{cert}``.
        key: File with the device's key, ``{key}``.
        peer: File with our honest certificate, ``{peer}``: for devices that pin it.
    """

    authority: Authority
    ours: Identity
    ca: Path
    cert: Path
    key: Path
    peer: Path

    @classmethod
    def establish(cls, profile: Profile, folder: Path) -> Self:
        """Makes the authority of this process, or reads the profile's test authority.

        A process plays one run as a rule, and calibration hundreds against devices of its own: to
        make three RSA keys for each of them would take longer than most of those runs.

        Raises:
            ProfileError: ``tls.authority_cert`` or ``tls.authority_key`` cannot be read.
        """
        given = _given(profile)
        authority = given or _authority()
        names = _names(profile)
        device = given.issue(names=names) if given else _issued("device", names)
        ours = given.issue() if given else _issued("peer")
        files = device.write(folder, "device")
        return cls(
            authority=authority,
            ours=ours,
            ca=authority.write(folder, "ca"),
            cert=files.cert,
            key=files.key,
            peer=ours.write(folder, "peer").cert,
        )

    @property
    def client(self) -> TlsPolicy:
        """How an honest client of ours speaks to the device."""
        return TlsPolicy(identity=self.ours, trust=self.authority.certificate_pem)

    @property
    def server(self) -> TlsPolicy:
        """How an honest server of ours speaks to the device; it asks for a certificate."""
        return TlsPolicy(
            identity=self.ours, trust=self.authority.certificate_pem, request_certificate=True
        )

    def shown(self, identity: Identity | None, policy: TlsPolicy) -> TlsPolicy:
        """The policy with another identity shown."""
        return replace(policy, identity=identity)


@made_once
def _authority() -> Authority:
    return Authority.new("dicom-assay test authority")


@made_once
def _issued(owner: str, names: tuple[str, ...] = ()) -> Identity:
    """The honest identity of one side; each owner has a key of its own."""
    del owner
    return _authority().issue(names=names) if names else _authority().issue()


def _names(profile: Profile) -> tuple[str, ...]:
    host = profile.acceptor.host if profile.acceptor else "127.0.0.1"
    return tuple(dict.fromkeys(("localhost", "127.0.0.1", host)))


def _given(profile: Profile) -> Authority | None:
    if profile.tls is None or profile.tls.authority_cert is None:
        return None
    if profile.tls.authority_key is None:
        raise ProfileError("'tls.authority_cert' needs 'tls.authority_key' beside it")
    paths = [
        profile.folder / profile.tls.authority_cert,
        profile.folder / profile.tls.authority_key,
    ]
    try:
        cert, key = (path.read_bytes() for path in paths)
        return Authority.from_pem(cert, key)
    except (OSError, ValueError, TypeError) as error:
        raise ProfileError(f"'tls.authority_cert'/'tls.authority_key': {error}") from error
