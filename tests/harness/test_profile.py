"""The profile: typed and closed; every error is one line that names the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import profile as profiles
from harness.errors import ProfileError
from harness.model import Claim, Role
from harness.profile import Profile

LEAST = """
schema = 1
[device]
manufacturer = "m"
model = "d"
[acceptor]
port = 104
"""


def parse(extra: str = "", *, of: str = LEAST) -> Profile:
    return profiles.parse(of + extra, "device.toml")


def problem(text: str) -> str:
    with pytest.raises(ProfileError) as caught:
        profiles.parse(text, "device.toml")
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("device.toml: ")
    return message.removeprefix("device.toml: ")


def test_the_least_profile_works() -> None:
    profile = parse('host = "127.0.0.1"\nae_title = "AE"\nservices = ["verification"]\n')
    assert profile.claims() == {
        Claim.ACCEPTOR,
        Claim.PLAIN_ACCEPTOR,
        Claim.VERIFICATION_SCP,
        Claim.CONCURRENT_ASSOCIATIONS,
    }
    assert profile.scope.networks == ("127.0.0.0/8", "::1/128")
    assert not profile.scope.destructive
    assert profile.artim_s == 30.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "missing key 'schema': add it"),
        ("schema = 1\n", "missing key 'device': add it"),
        ("schema = 2\n[device]\nmanufacturer='m'\nmodel='d'\n[acceptor]\nport=1", "'schema': "),
        ("schema = 1\n[device]\nmodel = 'd'", "missing key 'device.manufacturer': add it"),
        ("schema = 1\n[device]\nmanufacturer='m'\nmodel=''", "'device.model': string should have"),
        ("schema = 1\ndevice = 3", "'device': "),
        ("schema = 1\n[device]\nmanufacturer='m'\nmodel='d'", "'profile': nothing to test: add"),
        (LEAST + "prot = 1", "unknown key 'acceptor.prot': did you mean 'port'?"),
        (LEAST + "duplicates = 'maybe'", "'acceptor.duplicates': input should be 'keep', 'refuse'"),
        (LEAST + "hook_values = ['pixels']", "'acceptor.hook_values.0': input should be"),
        (LEAST + "hook_values = ['called_ae']", "'profile': acceptor.hook_values needs {hook}"),
        (LEAST + "zzz = 1", "unknown key 'acceptor.zzz': known keys here are "),
        (LEAST + "[acceptr]", "unknown key 'acceptr': did you mean 'acceptor'?"),
        ("source = 'x'\n" + LEAST, "unknown key 'source'"),
        (LEAST.replace("104", "'104'"), "'acceptor.port': input should be a valid integer (got '"),
        (LEAST.replace("104", "65536"), "'acceptor.port': input should be less than or equal"),
        (LEAST.replace("104", "-1"), "'acceptor.port': input should be greater than or equal"),
        (LEAST.replace("104", "true"), "'acceptor.port': input should be a valid integer (got T"),
        (LEAST.replace("port = 104", "host = 'h'"), "'acceptor': give port, tls_port or both"),
        (LEAST + "ae_title = 'seventeen letters'", "'acceptor.ae_title': string should have at m"),
        (LEAST + "services = ['fax']", "'acceptor.services.0': input should be 'verification', "),
        (LEAST + "services = 'storage'", "'acceptor.services': "),
        (LEAST + "artim_s = 0", "'acceptor.artim_s': input should be greater than 0 (got 0)"),
        (LEAST + "tls_port = 2762", "'profile': acceptor.tls_port needs a [tls] section"),
        (LEAST + "[tls]\nversions = ['1.1']", "'tls.versions.0': input should be '1.2' or '1.3'"),
        (LEAST + "[scope]\nnetworks = ['home']", "'scope.networks': 'home' does not appear"),
        (LEAST + "[scope]\ndestructive = 'no'", "'scope.destructive': input should be a valid b"),
        (LEAST + "[scope]\nuntil = 'soon'", "'scope.until': "),
        (LEAST + "[web]\nurl = '/dicom-web'", "'web.url': must be the base URL of DICOMweb"),
        (LEAST + "[web]\nurl = 'http://h/?a=b'", "'web.url': must be the base URL of DICOMweb"),
        (LEAST + "[web]\nurl = 'http://h:{port}/'", "'web.url': must be the base URL of DICOMweb"),
        (
            LEAST + "[web]\nurl = 'http://h/'\nroot = '/'",
            "unknown key 'web.root': known keys here are admin, admin_token, browser",
        ),
        (LEAST + "[hl7]\nport = '2575'", "'hl7.port': input should be a valid integer"),
        (LEAST + "[hl7]", "missing key 'hl7.port': add it"),
        (LEAST + "[requestor]\nservices = ['storage']", "'requestor': no command for storage: add"),
        (LEAST + "[requestor.commands]\nstorage = 'x'", "'requestor.commands.storage': "),
        (LEAST + "[requestor.commands]\nfax = []", "'requestor.commands.fax"),
        (LEAST + "[process]\nstrat = []", "unknown key 'process.strat': did you mean 'start'?"),
        (LEAST + "[[process.files]]\npath = 'a'", "missing key 'process.files.0.text': add it"),
    ],
)
def test_an_error_is_one_line_that_names_the_key(text: str, message: str) -> None:
    assert problem(text).startswith(message)


class TestFile:
    """Files that cannot be read."""

    def test_one_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ProfileError, match=r"x\.toml: cannot read the profile: No such file"):
            profiles.load(tmp_path / "x.toml")

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ProfileError, match="cannot read the profile: Is a directory"):
            profiles.load(tmp_path)

    def test_binary(self, tmp_path: Path) -> None:
        (tmp_path / "x.toml").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(ProfileError, match="cannot read the profile: not UTF-8 text"):
            profiles.load(tmp_path / "x.toml")

    def test_no_toml(self, tmp_path: Path) -> None:
        (tmp_path / "x.toml").write_text("schema = = 1")
        with pytest.raises(ProfileError, match=r"not valid TOML: .*line 1"):
            profiles.load(tmp_path / "x.toml")

    def test_relative_paths_are_meant_from_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "x.toml").write_text(LEAST)
        assert profiles.load(tmp_path / "x.toml").folder == tmp_path.resolve()


class TestScope:
    """Nothing beyond loopback without somebody who answers for it."""

    def test_another_network_needs_a_name(self) -> None:
        message = problem(LEAST + "[scope]\nnetworks = ['127.0.0.0/8', '10.0.0.0/8']")
        assert "networks ['10.0.0.0/8'] are not loopback: set authorised_by" in message

    def test_a_blank_is_no_name(self) -> None:
        text = "[scope]\nnetworks = ['10.0.0.0/8']\nauthorised_by = '  '"
        assert "set authorised_by" in problem(LEAST + text)

    def test_with_a_name_it_is_taken(self) -> None:
        text = "[scope]\nnetworks = ['10.0.0.0/8']\nauthorised_by = 'A. Roentgen'"
        assert parse(text).scope.networks == ("10.0.0.0/8",)

    def test_loopback_needs_none(self) -> None:
        assert parse("[scope]\nnetworks = ['127.0.0.1/32', '::1/128']").scope.networks


class TestClaims:
    """A claim left out is unset, which is not "no"."""

    def test_unset_and_false_are_not_the_same(self) -> None:
        unset, denied = parse().acceptor, parse("checks_called_ae = false").acceptor
        assert unset is not None
        assert denied is not None
        assert unset.checks_called_ae is None
        assert denied.checks_called_ae is False
        assert Claim.CHECKS_CALLED_AE not in parse().claims()
        assert Claim.CHECKS_CALLED_AE not in parse("checks_called_ae = false").claims()
        assert Claim.CHECKS_CALLED_AE in parse("checks_called_ae = true").claims()

    @pytest.mark.parametrize(
        ("line", "claim"),
        [
            ("services = ['storage']", Claim.STORAGE_SCP),
            ("services = ['query-retrieve']", Claim.QUERY_SCP),
            ("services = ['query-retrieve']", Claim.RETRIEVE_SCP),
            ("max_associations = 2", Claim.ASSOCIATION_LIMIT),
            ("duplicates = 'keep'", Claim.DUPLICATE_RULE),
            ("rejection_ae_titles = ['QC']", Claim.REJECTION_RIGHT),
            ("hook_values = ['called_ae']\n[process]\nstart = ['x', '{hook}']", Claim.RECEIVE_HOOK),
            ("[process]\nstart = ['x']\nstorage = 's'", Claim.STORAGE_FOLDER),
            ("idle_timeout_s = 3", Claim.IDLE_TIMEOUT),
            ("calling_ae_titles = ['A']", Claim.CHECKS_CALLING_AE),
            ("calling_hosts = { A = '127.0.0.1' }", Claim.CHECKS_CALLING_HOST),
            ("conceals_titles = true", Claim.CONCEALS_TITLES),
            ("guess_limit = 5", Claim.GUESS_LIMIT),
            ("minimum_query_characters = 3", Claim.MINIMUM_QUERY),
            ("transfer_syntaxes = ['1.2.840.10008.1.2.1.99']", Claim.DEFLATED),
            ("transfer_syntaxes = ['1.2.840.10008.1.2.5']", Claim.RLE_LOSSLESS),
            ("transfer_syntaxes = ['1.2.840.10008.1.2.4.70']", Claim.JPEG_LOSSLESS),
            ("transfer_syntaxes = ['1.2.840.10008.1.2.4.80']", Claim.JPEG_LS),
            ("transcodes = true", Claim.TRANSCODES),
            ("tls_port = 2762\n[tls]", Claim.TLS_ACCEPTOR),
            ("tls_port = 2762\n[tls]\nmutual = true", Claim.MUTUAL_TLS),
            ("[tls]\nversions = ['1.3']", Claim.TLS_1_3),
            ("[tls]\nchecks_host_name = true", Claim.CHECKS_HOST_NAME),
            ("[requestor]\nmanual = true\nservices = ['storage']", Claim.STORAGE_SCU),
            ("[requestor]\nmanual = true\ntls = true", Claim.TLS_REQUESTOR),
        ],
    )
    def test_one_line_is_one_claim(self, line: str, claim: Claim) -> None:
        assert claim not in parse().claims()
        assert claim in parse(line).claims()

    def test_one_association_at_a_time_means_no_company(self) -> None:
        assert Claim.CONCURRENT_ASSOCIATIONS not in parse("max_associations = 1").claims()

    def test_services_are_spelt_out(self) -> None:
        offered = parse("services = ['query-retrieve']").services(Role.ACCEPTOR)
        assert offered == {"query-retrieve", "query", "retrieve"}
        assert parse().services(Role.REQUESTOR) == frozenset()

    def test_facts_are_what_a_judge_may_use_years_later(self) -> None:
        facts = parse("artim_s = 2.0\nmax_pdu = 16384").facts()
        assert (facts["artim_s"], facts["artim_claimed"], facts["max_pdu"]) == (2.0, True, 16384)
        assert parse().facts()["artim_claimed"] is False
        assert facts["requestor_timeout_s"] is None


def test_a_mode_of_retrieving_is_a_service_of_its_own_to_whoever_calls() -> None:
    text = (
        "[requestor]\nservices = ['retrieve', 'query', 'move']\n"
        "max_matches = 7\nchecks_retrieved = true\nfailure_marks = ['E: ']\n"
        "[requestor.commands]\nretrieve = ['get']\nquery = ['find']\nmove = ['move']\n"
        "[requestor.retrieve_modes]\nper-study = ['sorted']\n"
    )
    profile = parse(text)
    assert profile.requestor is not None
    assert profile.requestor.commands_for(secure=False)["retrieve per-study"] == ["sorted"]
    claimed = {Claim.RETRIEVES_PER_STUDY, Claim.QUERY_SCU, Claim.MOVE_SCU, Claim.QUERY_LIMIT}
    assert claimed | {Claim.CHECKS_RETRIEVED, Claim.RETRIEVE_SCU} <= profile.claims()
    assert not profile.claims() & {Claim.RETRIEVES_NORMALLY, Claim.DELETES_COMMITTED}
    assert profile.facts()["max_matches"] == 7


def test_an_unknown_mode_of_retrieving_is_refused_by_its_key() -> None:
    with pytest.raises(ProfileError, match="retrieve_modes"):
        parse("[requestor]\nmanual = true\n[requestor.retrieve_modes]\nodd = ['get']\n")


def test_tls_commands_are_used_for_tls_only() -> None:
    text = (
        "[requestor]\nservices = ['verification']\n"
        "[requestor.commands]\nverification = ['plain']\n"
        "[requestor.tls_commands]\nverification = ['tls']\n"
    )
    requestor = parse(text).requestor
    assert requestor is not None
    assert requestor.commands_for(secure=False) == {"verification": ["plain"]}
    assert requestor.commands_for(secure=True) == {"verification": ["tls"]}
    assert requestor.calls_with_tls


_LISTENS = """
schema = 1
[device]
manufacturer = "A"
model = "B"
[acceptor]
host = "127.0.0.1"
port = 11112
ae_title = "A"
services = ["verification"]
"""


@pytest.mark.parametrize(
    ("more", "withheld"),
    [
        ("", True),
        ("[scope]\nreal_patients = false\n", False),
        ('[process]\nstart = ["serve"]\n', False),
        ('[process]\nstart = ["serve"]\n[scope]\nreal_patients = true\n', True),
    ],
)
def test_a_device_that_we_did_not_start_may_have_real_patients(more: str, withheld: bool) -> None:
    assert profiles.parse(_LISTENS + more, "device.toml").withholds_data_sets is withheld
