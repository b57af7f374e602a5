"""The personalised project and the document of transparency in words: the blocks of page and PDF.

The document follows what annex A of the decree of 5 January 2021 asks of one: who, with whom, in which
context, what was done, and which competences with what evidence.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from civic.catalogue.words import skill_name
from civic.kernel.i18n import N_
from civic.recognition.words import how_name, proof_name, rating_name, sector_name
from civic.signatures import facing
from civic.signatures.facing import Block, apart, fact, heading, item, note, section, words
from civic.signatures.queries import Document
from civic.signatures.rules import Kind
from civic.web.words import local_date, minutes_as_hours, shown_language

TITLES = {
    Kind.PROJECT: N_("Personalised project"),
    Kind.TRANSPARENCY: N_("Document of transparency"),
}


def typeset_paper(document: Document) -> bytes:
    return facing.typeset(document, TITLES[document.kind], BLOCKS[document.kind])


def sides(document: Document) -> list[facing.FacingSide]:
    return facing.sides(document, TITLES[document.kind], BLOCKS[document.kind])


def project_blocks(content: Mapping[str, Any], language: str) -> list[Block]:
    informed = content["informed"]
    said = [
        note(
            _(
                "For the recognition of competences of volunteers (Third-Sector Code, art. 19,"
                " paragraph 2; decree of 31 July 2025)."
            )
        ),
        *_who(content),
        fact(
            _("Information given"),
            _(
                "%(day)s, %(how)s, in %(language)s",
                day=_day(informed["given_on"]),
                how=how_name(informed["how"]),
                language=shown_language(informed["language"]),
            )
            if informed
            else _("not yet"),
        ),
        section(_("What is to be learnt")),
    ]
    for goal in content["goals"]:
        said += _goal(goal, language)
    said += [
        section(_("What both promise")),
        item(_("The tutor accompanies the whole way, gathers evidence and looks at it together.")),
        item(_("The person takes part as far as they can. Stopping costs nothing.")),
        item(_("At the end both read and sign a document that says what was practised.")),
    ]
    return said


def transparency_blocks(content: Mapping[str, Any], language: str) -> list[Block]:
    sessions = content["sessions"]
    said = [
        note(
            _(
                "Made by the association for the recognition of competences of volunteers"
                " (Third-Sector Code, art. 19, paragraph 2; decree of 31 July 2025), in the form of"
                " annex A of the decree of 5 January 2021. It says what was practised. It certifies"
                " nothing: whoever is entitled to can validate and certify it later."
            )
        ),
        *_who(content),
        fact(
            _("Personalised project"),
            _("number %(number)d", number=content["project"]["number"]),
        ),
        section(_("What was done")),
        fact(
            _("Hours"),
            ngettext(
                "%(time)s in %(num)d session",
                "%(time)s in %(num)d sessions",
                sessions,
                time=minutes_as_hours(content["minutes"]),
            ),
        ),
        fact(
            _("First and last day"),
            " – ".join(_day(content[each]) for each in ("first_day", "last_day")),
        ),
        section(_("Competences practised")),
        *(
            item(f"{skill_name(each['skill'])}: {rating_name(each['rating'])}")
            for each in content["skills"]
        ),
        section(_("Goals and what stands behind them")),
    ]
    for goal in content["goals"]:
        said += _goal(goal, language)
        for proof in goal["evidence"]:
            said.append(
                fact(
                    _(
                        "%(what)s, %(day)s",
                        what=proof_name(proof["kind"]),
                        day=_day(proof["day"]),
                    ),
                    proof["words"] or "–",
                )
            )
    said += [
        note(_("Fingerprint of the lines of the register of hours (SHA-256):")),
        note(content["ledger_hash"]),
    ]
    return said


BLOCKS = {Kind.PROJECT: project_blocks, Kind.TRANSPARENCY: transparency_blocks}


def _who(content: Mapping[str, Any]) -> list[Block]:
    person = content["person"]
    return [
        fact(_("Person"), _named(person)),
        fact(_("Association"), content["association"]),
        fact(_("Municipality"), content["municipality"]),
        fact(_("Tutor"), content["tutor"]),
        fact(
            _("From and to"), " – ".join(_day(content[each]) for each in ("starts_on", "ends_on"))
        ),
        fact(
            _("Hours planned"),
            ngettext("%(num)d hour", "%(num)d hours", content["hours_planned"]),
        ),
    ]


def _named(person: Mapping[str, Any]) -> str:
    """With the birth as far as it is known: a day, a year, or nothing."""
    name = apart(person["name"])
    if person["birth_date"]:
        return _("%(name)s, born on %(day)s", name=name, day=_day(person["birth_date"]))
    if person["birth_year"]:
        return _("%(name)s, born in %(year)s", name=name, year=person["birth_year"])
    return name


def _goal(goal: Mapping[str, Any], language: str) -> list[Block]:
    """In Italian on the Italian side, in the person's own language on theirs."""
    own = words(goal["words"], goal["language"])
    said = [
        heading(sector_name(goal["sector"])),
        words(goal["words_it"], "it") if language == "it" else own,
    ]
    if goal["skills"]:
        said.append(fact(_("Skills"), _(", ").join(map(skill_name, goal["skills"]))))
    return said


def _day(day: str | None) -> str:
    return apart(local_date(date.fromisoformat(day))) if day else ""
