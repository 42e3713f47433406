"""TXT-08: names that begin as formulas, in an exported table."""

from harness.model import Claim, Role, Safety, Severity
from harness.oracles.web_sinks import exports_no_formula
from harness.registry import scenario
from harness.stage import Stage
from simulators.corpus.files import changed, file_of, valued
from simulators.texts import PATIENT_NAME
from simulators.web.honest import ask_politely, stow
from simulators.web.sinks import reads_table

_SIGNS = ("", "=", "+", "-", "@", "\t", "\r")
"""The first is honest: a table that does not even hold that says nothing of the others."""
_STUDY = 0x0020000D
_INSTANCE = 0x00080018


@scenario(
    id="TXT-308",
    verifies=["HOUSE/WEB-TEXT-IS-NO-MARKUP"],
    threats=["T-CONF-42"],
    weakness=["CWE-1236"],
    role=Role.ACCEPTOR,
    needs={Claim.WEB_STOW, Claim.WEB_QIDO, Claim.WEB_CSV},
    severity=Severity.MEDIUM,
    twin="WEB-900",
    control="web_csv_formulas",
    oracles=[exports_no_formula()],
    budget_s=40,
    safety=Safety.STORES_OBJECTS,
)
def exports_formulas(stage: Stage) -> None:
    """A text that begins as a formula is none in the table that is exported.

    Lists of studies are exported and opened in a program that computes. A patient called =...
    is computed on the desk of whoever opens the list, with what that desk may reach.

    Remedy: Put an apostrophe before what begins with =, +, -, @, a tab or a return.
    """
    mark = f"K{stage.token}"
    for number, sign in enumerate(_SIGNS, 1):
        changes = {
            PATIENT_NAME: valued(PATIENT_NAME, "PN", f"{sign}{mark}"),
            _STUDY: valued(_STUDY, "UI", f"2.25.{stage.token}.2.{number}"),
            _INSTANCE: valued(_INSTANCE, "UI", f"2.25.{stage.token}.1.{number}"),
        }
        ask_politely(stage, stow(stage, [file_of(changed(changes, stage.token), stage.token)]))
    reads_table(stage, mark)
