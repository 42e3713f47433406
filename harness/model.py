"""The nouns that everybody shares: values without behaviour, one small vocabulary.

An observation is one witnessed fact, a record is their ordered list, an oracle is a pure function
from a record to a finding, and a result is the worst finding. Nothing here does I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from harness.verdict import FailKind, InconclusiveReason, Outcome, Verdict

if TYPE_CHECKING:
    from harness.stage import Stage

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]
"""What may stand in an observation: everything that a JSON document can hold."""


class Role(StrEnum):
    """Which side of the association the *device* plays."""

    ACCEPTOR = "acceptor"
    REQUESTOR = "requestor"
    READER = "reader"
    """Neither: it is started for each file, and reads it."""
    USER_AGENT = "user-agent"
    """A client of DICOMweb (PS3.18 3): it asks a server, and believes what it answers or not."""
    DEVICE = "device"
    """None of them: a person looks at the device, and nothing is exchanged with it."""


class Severity(StrEnum):
    """How much a failure matters, by consequence for a hospital."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Safety(StrEnum):
    """What a scenario may do to the device."""

    NON_DESTRUCTIVE = "non-destructive"
    """Bounded stimuli; nothing is stored."""
    STORES_OBJECTS = "stores-objects"
    """Leaves synthetic, marked objects in the device."""
    DESTRUCTIVE = "destructive"
    """May take the device out of service; needs ``[scope] destructive = true``."""


class Claim(StrEnum):
    """What a device may claim in its profile; a scenario names the claims that it needs."""

    ACCEPTOR = "acceptor"
    """It listens for associations."""
    VERIFICATION_SCP = "verification-scp"
    STORAGE_SCP = "storage-scp"
    QUERY_SCP = "query-scp"
    RETRIEVE_SCP = "retrieve-scp"
    PLAIN_ACCEPTOR = "plain-acceptor"
    """It has a port without TLS."""
    TLS_ACCEPTOR = "tls-acceptor"
    """It has a TLS port."""
    MUTUAL_TLS = "mutual-tls"
    """It authenticates TLS clients by certificate."""
    TLS_1_3 = "tls-1.3"
    TRUST_CONTROLLED = "trust-controlled"
    """The harness holds the authority that the device trusts, so that it can issue identities."""
    DUPLICATE_RULE = "duplicate-rule"
    """It says what it does with a second object of one SOP Instance UID."""
    REJECTION_RIGHT = "rejection-right"
    """Rejection notes of the callers that it names withdraw objects, and those of others do not."""
    RECEIVE_HOOK = "receive-hook"
    """It was set up to run a command of ours for each object that it receives."""
    STORAGE_FOLDER = "storage-folder"
    """The harness starts it, and knows the folder in which it stores."""
    CHECKS_CALLED_AE = "checks-called-ae"
    CHECKS_CALLING_AE = "checks-calling-ae"
    CHECKS_CALLING_HOST = "checks-calling-host"
    CONCEALS_TITLES = "conceals-titles"
    """Its refusal does not say which AE title was wrong."""
    GUESS_LIMIT = "guess-limit"
    """It stops to judge AE titles of a host that was wrong too often."""
    MINIMUM_QUERY = "minimum-query"
    """It answers only queries in which some key says enough."""
    ROLE_MATRIX = "role-matrix"
    """Its profile says which identity may do what: some cells are allowed, some are forbidden."""
    GRANTS_SERVICES = "grants-services"
    """A known caller is granted some services and not others."""
    GUARDS_OBJECTS = "guards-objects"
    """A caller that may query or retrieve may not have every object."""
    DECIDES_BY_OBJECT = "decides-by-object"
    """A caller may store, query or retrieve one object and not another."""
    USER_IDENTITY = "user-identity"
    """It serves some callers only when their user proves who he is (PS3.7 D.3.3.7)."""
    MOVE_POLICY = "move-policy"
    """It sends objects of a C-MOVE only where the requester may have them sent."""
    SUPPORTED_ROLES = "supported-roles"
    """Its profile says for which services it takes the SCU role on an association it accepts."""
    ASSOCIATION_LIMIT = "association-limit"
    IDLE_TIMEOUT = "idle-timeout"
    CONCURRENT_ASSOCIATIONS = "concurrent-associations"
    """It serves more than one association at a time."""
    DEFLATED = "deflated"
    """It accepts Deflated Explicit VR Little Endian for storage."""
    RLE_LOSSLESS = "rle-lossless"
    """It accepts RLE Lossless for storage."""
    JPEG_LOSSLESS = "jpeg-lossless"
    """It accepts JPEG Lossless (process 14, selection value 1) for storage."""
    JPEG_LS = "jpeg-ls"
    """It accepts JPEG-LS Lossless for storage."""
    TRANSCODES = "transcodes"
    """It decodes what was stored compressed for a peer that retrieves uncompressed objects only."""
    REQUESTOR = "requestor"
    """It calls others."""
    VERIFICATION_SCU = "verification-scu"
    STORAGE_SCU = "storage-scu"
    RETRIEVE_SCU = "retrieve-scu"
    """It retrieves by C-GET."""
    QUERY_SCU = "query-scu"
    MOVE_SCU = "move-scu"
    """It retrieves by C-MOVE to itself."""
    COMMITMENT_SCU = "storage-commitment-scu"
    DELETES_COMMITTED = "deletes-committed"
    """It deletes its local copy of what an archive has committed to keep."""
    QUERY_LIMIT = "query-limit"
    """It takes no more matches of one query than it names."""
    CHECKS_RETRIEVED = "checks-retrieved"
    """It takes by C-GET only objects that it asked for."""
    RETRIEVES_NORMALLY = "retrieves-normally"
    """It can be made to retrieve so that it reads what it stores."""
    RETRIEVES_PER_STUDY = "retrieves-per-study"
    """It can be made to retrieve into a folder for each study."""
    PLAIN_REQUESTOR = "plain-requestor"
    TLS_REQUESTOR = "tls-requestor"
    CHECKS_HOST_NAME = "checks-host-name"
    """It checks the server's identity (name or pinned certificate)."""
    CHECKS_CRL = "checks-crl"
    """It refuses certificates on the lists of revoked ones that it was given."""
    CHECKS_DISTRIBUTION_POINTS = "checks-crl-distribution-points"
    """It fetches the list of revoked certificates that a certificate names."""
    CHECKS_OCSP = "checks-ocsp"
    """It asks the OCSP responder that a certificate names."""
    BINDS_AE_TITLE = "binds-ae-title"
    """It admits an AE title only with the certificate that belongs to it."""
    OWN_IDENTITY = "own-identity"
    """It shows a certificate of its own, so that its key can be judged."""
    MOVES_WITH_TLS = "moves-with-tls"
    """It has a destination for C-MOVE that is set up for TLS, and that is us."""
    TLS_B_1 = "tls-profile-b.1"
    """It follows this secure transport profile of PS3.15 (retired ones for old devices)."""
    TLS_B_3 = "tls-profile-b.3"
    TLS_B_9 = "tls-profile-b.9"
    TLS_B_10 = "tls-profile-b.10"
    TLS_B_11 = "tls-profile-b.11"
    TLS_B_12 = "tls-profile-b.12"
    TLS_B_13 = "tls-profile-b.13"
    TLS_ITI_19 = "tls-profile-iti-19"
    """It follows IHE ITI-19 with a floor of TLS 1.2."""
    TLS_HOUSE_POLICY = "tls-house-policy"
    """Its profile names TLS policies of the house."""
    LOAD_RATE = "load-rate"
    """It keeps a rate of requests that it names."""
    LOAD_LATENCY = "load-latency"
    """It answers 99 of 100 requests within a time that it names, at the rate that it names."""
    FAIR_SERVICE = "fair-service"
    """A greedy peer leaves every other one a share of the service."""
    RECOVERS_FROM_LOAD = "recovers-from-load"
    """After a load it is as quick as before within a time that it names."""
    BOUNDED_GROWTH = "bounded-growth"
    """Its memory returns, after a load, to what it was but for a bound."""
    AE_ASSOCIATION_LIMIT = "ae-association-limit"
    """It limits how many associations one AE may hold."""
    RESULT_LIMIT = "result-limit"
    """It limits how many matches one query returns."""
    STORAGE_QUOTA = "storage-quota"
    """It limits how much it stores, and refuses in order what goes beyond."""
    STORAGE_COMMITMENT_SCP = "storage-commitment-scp"
    MPPS_SCP = "mpps-scp"
    """It keeps Modality Performed Procedure Steps."""
    BIT_PRESERVING = "bit-preserving"
    """It gives back the attribute values of an object exactly as they were stored."""
    CHECKS_STORED = "checks-stored"
    """It notices that a stored object was changed behind its back."""
    FOREIGN_STUDY_RULE = "foreign-study-rule"
    """It has a rule for objects of one patient that name the study of another."""
    RESTARTABLE = "restartable"
    """The harness starts it, and so may kill it and start it again."""
    OWN_PROCESS = "own-process"
    """The harness starts it, and hands it its TLS key, certificate and trust as files."""
    WEB_TLS = "web-tls"
    """Its web services are reached by TLS alone."""
    WEB_HSTS = "web-hsts"
    """Their answers name a strict transport policy."""
    WEB_QIDO = "web-qido"
    """It answers QIDO-RS searches (PS3.18 10.6)."""
    WEB_WADO = "web-wado"
    """It gives instances and metadata by WADO-RS (PS3.18 10.4)."""
    WEB_STOW = "web-stow"
    """It stores objects that come by STOW-RS (PS3.18 10.5)."""
    WEB_PAGE = "web-page"
    """It has a page for people that lists studies."""
    WEB_TOKEN = "web-token"
    """Its web services serve nobody without a bearer token."""
    WEB_PATIENT_TOKEN = "web-patient-token"
    """A bearer token may entitle to the objects of one patient only."""
    WEB_EXPIRED_TOKEN = "web-expired-token"
    """Its bearer tokens expire."""
    WEB_FOREIGN_TOKEN = "web-foreign-token"
    """Its bearer tokens are meant for it, and those that are meant for others are not taken."""
    WEB_RESULT_LIMIT = "web-result-limit"
    """It limits how many matches one QIDO-RS answer holds."""
    WEB_RENDERED = "web-rendered"
    """It renders pictures for clients that cannot read DICOM (PS3.18 10.4.1.1.3)."""
    WEB_XML_OUT = "web-xml-out"
    """It gives metadata as Native DICOM Model in XML too (PS3.18 8.7.3.2, PS3.19 A.1)."""
    WEB_CSV = "web-csv"
    """It exports its list of studies as a table of comma-separated values."""
    WEB_TIMEOUT = "web-timeout"
    """It gives up a request that does not come within a time that it names."""
    BROWSER_PAGES = "browser-pages"
    """It has pages for people that show studies in a browser."""
    BROWSER_DOCUMENT = "browser-document"
    """It shows encapsulated documents in a browser, or hands them out to it."""
    BROWSER_VIEWER = "browser-viewer"
    """It has a viewer that a link can tell where its data are."""
    BROWSER_LAUNCH = "browser-launch"
    """It has a link that can tell its viewer by what path to save."""
    BROWSER_ACTION = "browser-action"
    """Whoever is signed in can change something of it from a browser."""
    WEB_GUARDED = "web-guarded"
    """Its web services serve nobody without a bearer token or a password."""
    WEB_UPS = "web-ups"
    """It keeps workitems by UPS-RS (PS3.18 11)."""
    WEB_UPS_XML = "web-ups-xml"
    """It takes workitems in Native DICOM XML (PS3.19 A) too."""
    WEB_IMPORT = "web-import"
    """It stores the objects of a ZIP archive that is uploaded."""
    WEB_FILE_IMPORT = "web-file-import"
    """It stores the object of a file that is posted as it is."""
    WEB_LOGIN = "web-login"
    """It takes a password by HTTP basic authentication (RFC 7617)."""
    WEB_ADMIN = "web-admin"
    """It has administrative functions on the web, which are for administrators only."""
    WEB_DISABLED = "web-disabled"
    """It has administrative functions that are switched off for everybody."""
    READER = "reader"
    """It is a program that reads DICOM files."""
    MEDIA_READER = "media-reader"
    """It reads a folder with a DICOMDIR (PS3.10 8.6)."""
    WRITES_FILES = "writes-files"
    """It writes what it makes of a file to a folder that we name."""
    DEIDENTIFIER = "deidentifier"
    """It is a program that de-identifies DICOM files."""
    DEIDENTIFIES_BASIC = "deidentifies-basic"
    """It keeps to the Basic Application Level Confidentiality Profile (PS3.15 E.2)."""
    DEIDENTIFIES_UIDS = "deidentifies-uids"
    """It replaces UIDs (PS3.15 E.1.1): it claims no option to retain them."""
    DEIDENTIFIES_CONTENT = "deidentifies-content"
    """It keeps no structured content: it claims no option to clean it (PS3.15 E.3.4)."""
    DEIDENTIFIES_GRAPHICS = "deidentifies-graphics"
    """It keeps no graphics: it claims no option to clean them (PS3.15 E.3.3)."""
    MODIFIES_DATES = "modifies-dates"
    """It retains longitudinal temporal information by modified dates (PS3.15 E.3.6)."""
    RENDERS = "renders"
    """It writes the picture of a file, and nothing else that depends on the hour or on chance."""
    DECOMPRESSES = "decompresses"
    """It writes a compressed file without compression, sample by sample as it was."""
    DECOMPRESSES_RLE = "decompresses-rle"
    """It does so with RLE Lossless."""
    DECOMPRESSES_JPEG = "decompresses-jpeg"
    """It does so with JPEG Lossless."""
    ZIP_READER = "zip-reader"
    """It reads ZIP archives of DICOM files."""
    EXPORTER = "exporter"
    """It is a program that writes interchange media (PS3.10 8) of a folder with files."""
    ENCRYPTS_MEDIA = "encrypts-media"
    """The media that it writes are encrypted (PS3.15 D.1)."""
    ZEROES_PREAMBLE = "zeroes-preamble"
    """It writes no preamble of others to media: zeros, or the head of a TIFF file."""
    AUDIT = "audit"
    """It sends an audit trail to a repository (PS3.15 A.5)."""
    AUDIT_ACTIVITY = "audit-activity"
    """It reports that it starts and stops."""
    AUDIT_TRANSFERS = "audit-transfers"
    """It reports the objects that it took."""
    AUDIT_RETRIEVALS = "audit-retrievals"
    """It reports the objects that it begins to send."""
    AUDIT_QUERIES = "audit-queries"
    """It reports who asked for what."""
    AUDIT_ALERTS = "audit-alerts"
    """It reports whom it turned away."""
    AUDIT_LOGINS = "audit-logins"
    """It reports which user proved who he is, and who could not."""
    AUDIT_KEEPS = "audit-keeps"
    """It keeps its audit messages while the repository is away, and sends them later."""
    AUDIT_TLS = "audit-tls"
    """Its audit messages travel by TLS only."""
    USER_AGENT = "user-agent"
    """It is a client of DICOMweb services that can be made to ask ours."""
    AGENT_SEARCH = "agent-search"
    """It searches by QIDO-RS."""
    AGENT_RETRIEVE = "agent-retrieve"
    """It retrieves single instances by WADO-RS."""
    AGENT_STORE = "agent-store"
    """It stores by STOW-RS."""
    AGENT_TOKEN = "agent-token"
    """It shows a bearer token that it was given for one server."""
    AGENT_TIMEOUT = "agent-timeout"
    """It gives up an answer that is not whole within a time that it names."""
    AGENT_WRITES = "agent-writes"
    """It writes what it retrieves to a folder that we name."""
    REVIEWS = "reviews"
    """Somebody answers questions about it: its profile has ``[reviews]``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One witnessed fact.

    Attributes:
        at_s: Seconds since the play began, monotonic.
        actor: Who witnessed it: "attacker", "bystander", "sentinel", "process", "engine" ...
        kind: What it is: "connect", "emitted", "received", "outcome", "health", "memory", ...
        data: Its details; hostile bytes appear only as hexadecimal.
    """

    at_s: float
    actor: str
    kind: str
    data: Mapping[str, JSON]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The ordered observations of one play, with the facts that the judgement may use.

    Attributes:
        scenario: Its id.
        case: The parameters of this case; empty without ``vary``.
        facts: Claims and limits of the profile (``artim_s``, ``max_pdu`` ...), stored so that a run
            can be judged again years later without the profile.
        observations: In order of witnessing.
    """

    scenario: str
    case: Mapping[str, JSON]
    facts: Mapping[str, JSON]
    observations: tuple[Observation, ...]

    def of(self, kind: str, actor: str | None = None) -> Iterator[Observation]:
        """Observations of one kind, of one actor if named, in order."""
        for seen in self.observations:
            if seen.kind == kind and (actor is None or seen.actor == actor):
                yield seen

    def last(self, kind: str, actor: str | None = None) -> Observation | None:
        """The last observation of that kind, or None."""
        found = None
        for found in self.of(kind, actor):  # noqa: B007 - we want the last one
            pass
        return found

    def number(self, fact: str, default: float) -> float:
        """A numeric fact of the profile, or the default when the profile leaves it unset."""
        value = self.facts.get(fact)
        return float(value) if isinstance(value, int | float) else default


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An oracle's opinion, with its reason."""

    verdict: Verdict
    reason: str
    oracle: str = ""
    kind: FailKind | None = None
    code: InconclusiveReason | None = None
    preferred: bool = True
    """False for a lenient pass: tolerated, but not what the standard prefers."""
    outcome: Outcome | None = None
    cases: tuple[CaseResult, ...] = ()
    """What the oracle found in one play, one by one, where that was more than one thing."""


class Oracle(Protocol):
    """A pure, named function from a record to a finding."""

    @property
    def name(self) -> str:
        """Short name with its parameters, as shown in the catalogue."""
        ...

    @property
    def refusal(self) -> bool:
        """True when a PASS means that the device refused something."""
        ...

    def __call__(self, record: Record) -> Finding:
        """Judges the record; never raises for anything a device can cause."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person is asked, because no exchange on the network can tell.

    Attributes:
        ask: The question; "yes" means that the requirement holds.
        look: What to do and what to look at.
        attach: What proves it to others: a photo, a page of a document, a log.
        who: Who should answer, by function.
    """

    ask: str
    look: str
    attach: str
    who: str


Body = Callable[["Stage"], None]
"""What a scenario does; it acts only, judgement is data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One thing done to the device, with its judgement (ISO 9646: test case).

    Attributes:
        id: Opaque, never reused or renumbered.
        title: First docstring line: a requirement on the device.
        rationale: The rest of the docstring: why an attacker would, what good and bad devices do.
        remediation: How to mend a device that fails.
        verifies: Requirement ids; must resolve in ``harness/catalogue/requirements``.
        threats: Threat ids; must resolve in ``harness/catalogue/threats.toml``.
        weakness: CWE ids.
        references: CVE ids and public issues that showed the weakness, shown as provenance.
        twin: Id of the positive case without the deviation; None for a positive case.
        control: The seeded flaw that makes it FAIL.
        alone: Played with nothing else in flight (memory, CPU and slot measurements).
        bystander: A second, honest association must be served during the play.
        vary: Cases; each is played and judged on its own, the worst is the scenario's verdict.
        question: What a person is asked in place of an exchange; None for what is measured.
    """

    id: str
    title: str
    rationale: str
    remediation: str
    role: Role
    severity: Severity
    verifies: tuple[str, ...]
    threats: tuple[str, ...]
    weakness: tuple[str, ...]
    references: tuple[str, ...]
    needs: frozenset[Claim]
    twin: str | None
    control: str
    oracles: tuple[Oracle, ...]
    budget_s: float
    safety: Safety
    alone: bool
    bystander: bool
    vary: tuple[Mapping[str, JSON], ...]
    body: Body
    source: str
    question: Question | None = None

    @property
    def family(self) -> str:
        """The letters before the first hyphen: ASC, DIM, TLS ..."""
        return self.id.split("-", 1)[0]

    @property
    def positive(self) -> bool:
        """True for a twin: an honest exchange that must succeed."""
        return self.twin is None and self.question is None

    @property
    def judges_refusal(self) -> bool:
        """True when a PASS means that the device refused something: no null device may earn it."""
        return not self.positive and any(oracle.refusal for oracle in self.oracles)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """The verdict on one case of a scenario."""

    vary: Mapping[str, JSON]
    verdict: Verdict
    outcome: Outcome | None
    reason: str
    kind: FailKind | None = None
    code: InconclusiveReason | None = None
    preferred: bool = True
    duration_s: float = 0.0
    findings: tuple[Finding, ...] = ()
    evidence: tuple[str, ...] = ()
    parts: tuple[CaseResult, ...] = ()
    """Distinct findings of one play, shown as cases of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The verdict on one scenario: the worst of its cases."""

    scenario: Scenario
    cases: tuple[CaseResult, ...]
    notes: tuple[str, ...] = ()

    @property
    def worst(self) -> CaseResult:
        """The first case with the worst verdict; a lenient pass counts as worse than a strict."""
        return max(self.cases, key=lambda case: (case.verdict, not case.preferred))

    @property
    def verdict(self) -> Verdict:
        """The verdict of the worst case."""
        return self.worst.verdict

    @property
    def duration_s(self) -> float:
        """Wall seconds of the longest case (cases overlap their waits)."""
        return max((case.duration_s for case in self.cases), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the sentinel saw of the device.

    Attributes:
        ok: In service: an honest C-ECHO was answered (or, for a requestor, completed).
        alive: The process lives, None when the harness did not start it.
        detail: What was seen, for people.
        evidence: Facts of a crash: exit status, signal, core file.
        lost_worker: A log line since the last look that reveals a lost worker, or nothing.
    """

    ok: bool
    alive: bool | None
    detail: str
    latency_s: float = 0.0
    evidence: Mapping[str, JSON] = field(default_factory=dict)
    lost_worker: str = ""
