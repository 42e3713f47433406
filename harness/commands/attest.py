"""``assay attest``: answers the questions of a stored run, as a person who has looked."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from harness import run as runs
from harness import terminal
from harness.errors import RequestError
from harness.proof import signing
from harness.proof.signing import Signer
from harness.reviewing import answers, asking, attesting
from harness.reviewing.answers import Answer
from harness.reviewing.reviews import Asked
from harness.run import Run
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay attest RUN                       asks what is open, one question after the other
  assay attest RUN --list                what waits for a person
  assay attest RUN REV-004 --answer yes --by 'Ada Example' --role 'clinical engineering' \\
        --note 'case locked, ports closed' --attach case.jpg --key ada.pem
  assay attest RUN --from answers.toml   each [[answer]]: scenario, answer, by, at, note ...
"""


@click.command("attest", epilog=_EXAMPLES)
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--list", "only_list", is_flag=True, help="Show the open questions; answer nothing.")
@click.option("--from", "source", type=click.Path(path_type=Path), help="Answers from a TOML file.")
@click.option("--answer", type=click.Choice(["yes", "no", "n/a"]), help="yes: the title holds.")
@click.option("--by", metavar="NAME", help="Who looked; an answer without a name is refused.")
@click.option("--role", default="", help="Their function.")
@click.option("--organisation", default="", help="For whom they work.")
@click.option("--note", default="", help="What they saw; for n/a, why it does not apply.")
@click.option("--attach", multiple=True, metavar="FILE", help="Evidence; repeatable.")
@click.option("--key", help="Sign with this PEM file or pkcs11: URI.")
@click.option("--chain", type=click.Path(path_type=Path), help="Certificates of the key (PEM).")
def command(
    run: Path,
    ids: tuple[str, ...],
    only_list: bool,
    source: Path | None,
    answer: str | None,
    by: str | None,
    role: str,
    organisation: str,
    note: str,
    attach: tuple[str, ...],
    key: str | None,
    chain: Path | None,
) -> int:
    """Answer the questions of a stored RUN that only a person can answer.

    An answer is added to the record and stays there; a later one supersedes it. The verdict
    follows: yes is PASS, no is FAIL, n/a is NOT_APPLICABLE, each marked as attested.
    """
    if source and (answer or by):
        raise RequestError("--from: cannot go with --answer or --by; use the one or the other")
    if not answer and (by or note or attach):
        raise RequestError("--answer: is missing; say yes, no or n/a")
    stored = runs.load(run)
    asked = attesting.questions(stored, ids)
    if only_list:
        return _list(asked)
    signer = signing.load_signer(key, chain) if key else None
    if source:
        return _told(stored, _from_file(stored, source, ids, signer))
    if answer:
        data = {
            "answer": answer, "by": by or "", "role": role, "organisation": organisation,
            "note": note, "attachments": attach, "at": datetime.datetime.now(datetime.UTC),
        }  # fmt: skip
        return _told(stored, _by_flags(stored, asked if ids else [], data, signer))
    if not asked:
        click.echo("no question waits for an answer", err=True)
        return ExitCode.EXPECTED
    asking.refuse_without_terminal("assay attest")
    return _told(stored, asking.ask_all(stored, asked, signer))


def _from_file(stored: Run, source: Path, ids: tuple[str, ...], signer: Signer | None) -> int:
    """Records the answers of a file, all of them checked before the first is recorded."""
    found = answers.read(source)
    wanted = [name.upper() for name in ids] or list(found)
    if missing := [name for name in wanted if name not in found]:
        raise RequestError(f"{source}: has no answer to {missing[0]}")
    asked = attesting.questions(stored, wanted)
    with attesting.giving(stored, signer, source.parent) as give:
        for one in asked:
            give(one, found[one.scenario])
    return len(asked)


def _by_flags(
    stored: Run, asked: list[Asked], data: dict[str, object], signer: Signer | None
) -> int:
    """Records one answer for each of the named questions."""
    if not asked:
        raise RequestError("ID: --answer needs the ids that it answers, such as REV-004")
    if not data["by"]:
        raise RequestError("--by: an answer needs the name of the person who looked")
    given: list[tuple[Asked, Answer]] = [
        (one, answers.of({**data, "scenario": one.scenario}, one.scenario)) for one in asked
    ]
    with attesting.giving(stored, signer) as give:
        for one, answer in given:
            give(one, answer)
    return len(given)


def _list(asked: list[Asked]) -> int:
    for one in asked:
        terminal.heading(f"{one.scenario}  {asking.plain(one.title)}")
        for label, text in (
            ("", one.question.ask),
            ("Look: ", one.question.look),
            ("Attach: ", one.question.attach),
            ("Who: ", one.question.who),
        ):
            terminal.paragraph(asking.plain(text), first=f"  {label}", indent="    ")
    count = sum(one.open for one in asked)
    click.echo(f"{count} question(s) wait for a person", err=True)
    return ExitCode.EXPECTED


def _told(before: Run, given: int) -> int:
    """Says what came of the answers; a new failure is an unexpected result."""
    after = runs.load(before.folder)
    old = {row["id"]: row["verdict"] for row in before.results}
    failed = False
    for row in after.results:
        if row["verdict"] != old[row["id"]]:
            failed |= row["verdict"] == "FAIL"
            reason = asking.plain(str(row["reason"]))
            click.echo(f"{row['id']}: {old[row['id']]} -> {row['verdict']}: {reason}", err=True)
    left = len([one for one in attesting.questions(after) if one.open])
    click.echo(f"{given} answer(s) recorded, {left} question(s) wait for a person", err=True)
    return ExitCode.UNEXPECTED_RESULT if failed else ExitCode.EXPECTED
