"""The agreement of a stay in words: the blocks of page and PDF, in Italian and in the language of who
signs it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from civic.housing.rules.living import HOUSE_RULES
from civic.housing.rules.stock import UnitKind
from civic.housing.words import euro, housing_name
from civic.kernel.i18n import N_
from civic.signatures import facing
from civic.signatures.facing import Block, apart, fact, heading, item, note, section, words
from civic.signatures.queries import Document
from civic.web.words import local_date

TITLE = N_("Agreement and house rules")


def typeset_agreement(document: Document) -> bytes:
    return facing.typeset(document, TITLE, agreement_blocks)


def typeset_to_print(content: Mapping[str, Any]) -> bytes:
    """The same for who has no account: with lines to sign on by hand."""
    return facing.typeset_by_hand(content, TITLE, agreement_blocks)


def sides(document: Document) -> list[facing.FacingSide]:
    return facing.sides(document, TITLE, agreement_blocks)


def agreement_blocks(content: Mapping[str, Any], _language: str) -> list[Block]:
    unit = content["unit"]
    return [
        note(
            _(
                "What the municipality and whoever comes to live here promise each other. Where there"
                " is a rent contract, this paper stands beside it and takes nothing away from it."
            )
        ),
        section(_("Who and where")),
        fact(_("Who lives here"), _(", ").join(map(apart, content["people"]))),
        fact(_("Municipality"), content["municipality"]),
        fact(_("Place"), f"{apart(unit['name'])} ({housing_name(UnitKind(unit['kind']))})"),
        fact(_("Address"), _address(unit)),
        fact(_("Room and bed"), _(", ").join(map(apart, content["beds"])) or "–"),
        section(_("How long")),
        fact(_("From"), _day(content["from"])),
        fact(_("Day of leaving"), _day(content["until"])),
        note(_how_long(content)),
        section(_("What it costs")),
        fact(_("You pay each month"), _money(content["pays_cents"])),
        fact(_("Deposit"), _money(content["deposit_cents"])),
        note(
            _(
                "The deposit comes back when you leave. Only what is broken or unpaid is taken from it,"
                " and you are told in writing what for."
            )
        ),
        section(_("Whom to call")),
        fact(_("By day"), content["call"]["day"] or "–"),
        fact(_("By night"), content["call"]["night"] or "–"),
        fact(_("In danger"), "112"),
        section(_("House rules")),
        *(item(_(each)) for each in HOUSE_RULES),
        *_own_rules(content),
        section(_("What the municipality promises")),
        item(_("The home is safe, warm and has water. What breaks is mended.")),
        item(_("If something goes wrong, we talk first, in a language you understand.")),
        item(
            _("You know in good time when the stay ends, and we look together for what comes next.")
        ),
    ]


def _how_long(content: Mapping[str, Any]) -> str:
    if content["is_open_ended"]:
        return _("No end was agreed. Before this day we look together at what comes next.")
    return _("If you need longer, say so in good time: we look at it together.")


def _own_rules(content: Mapping[str, Any]) -> list[Block]:
    own = content["own_rules"]
    return [heading(_("And in this house")), words(own, "it")] if own else []


def _address(unit: Mapping[str, Any]) -> str:
    if unit["is_hidden"]:
        return _("It is on no paper, so that nobody finds it. Keep it for yourself.")
    return str(unit["address"]) or "–"


def _money(cents: int) -> str:
    return euro(cents) if cents else _("nothing")


def _day(day: str) -> str:
    return apart(local_date(date.fromisoformat(day)))
