"""PAR-01 by STOW-RS: a length that goes beyond the file."""

from harness.model import Role, Safety, Severity
from harness.oracles import peak_memory_below
from harness.oracles.web_keeping import keeps_or_refuses
from harness.registry import scenario
from harness.stage import Stage
from simulators.datasets.lengths import BEYOND_THE_END
from simulators.web.depositing import GIVES_BACK, leaves_built


@scenario(
    id="PAR-301",
    verifies=["HOUSE/BOUNDED-MEMORY", "HOUSE/STAYS-IN-SERVICE", "PS3.5/7.1"],
    threats=["T-AVAIL-03", "T-AVAIL-05"],
    weakness=["CWE-789", "CWE-130"],
    references=["CVE-2026-3650"],
    role=Role.ACCEPTOR,
    needs=GIVES_BACK,
    severity=Severity.HIGH,
    twin="WEB-901",
    control="allocates_value_length",
    oracles=[keeps_or_refuses(), peak_memory_below(128)],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
    alone=True,
    vary=[{"file": name} for name in BEYOND_THE_END],
)
def promises_beyond_the_file(stage: Stage) -> None:
    """A length inside a posted file costs the web server no memory beyond the octets that came.

    What checks the length of a request does not see the lengths inside: a file of a kilobyte
    declares gigabytes, and the parser behind the web server makes room for them. A browser can
    send many of them at a time.

    Remedy: Compare each length with what is left of the part before making room for it.
    """
    leaves_built(stage, BEYOND_THE_END)
