"""On the way to a lease of one's own: papers that owners ask for, and flats that were looked at."""

from collections.abc import Collection
from enum import StrEnum

from civic.kernel.i18n import N_

SESSIONS_OF_COURSE = 3
MOST_SESSIONS = 50
MOST_ROOMS = 12


class Paper(StrEnum):
    IDENTITY = "identity"
    PERMIT = "permit"
    TAX_CODE = "tax_code"
    WORK_CONTRACT = "work_contract"
    PAYSLIPS = "payslips"
    ISEE = "isee"
    """What a household has, as the welfare office reckons it (decree 159 of 2013)."""
    GUARANTOR = "guarantor"
    BANK_ACCOUNT = "bank_account"


class FlatState(StrEnum):
    TO_VIEW = "to_view"
    VIEWED = "viewed"
    ASKED = "asked"
    """The owner thinks about it."""
    AGREED = "agreed"
    NO = "no"


PAPER_NAMES = {
    Paper.IDENTITY: N_("identity document or passport"),
    Paper.PERMIT: N_("permit of stay"),
    Paper.TAX_CODE: N_("tax code"),
    Paper.WORK_CONTRACT: N_("contract of work"),
    Paper.PAYSLIPS: N_("last three payslips"),
    Paper.ISEE: N_("ISEE"),
    Paper.GUARANTOR: N_("somebody who guarantees"),
    Paper.BANK_ACCOUNT: N_("bank account"),
}
FLAT_NAMES = {
    FlatState.TO_VIEW: N_("to be looked at"),
    FlatState.VIEWED: N_("looked at"),
    FlatState.ASKED: N_("the owner thinks about it"),
    FlatState.AGREED: N_("the owner says yes"),
    FlatState.NO: N_("not this one"),
}
SEEN = (FlatState.VIEWED, FlatState.ASKED, FlatState.AGREED)
NEEDED = (Paper.IDENTITY, Paper.TAX_CODE)
"""Without these two no lease can be registered."""
INCOME = (Paper.WORK_CONTRACT, Paper.PAYSLIPS, Paper.ISEE, Paper.GUARANTOR)
"""One of them shows an owner where the rent comes from."""


def papers_are_ready(papers: Collection[Paper]) -> bool:
    """Enough to sign: who somebody is, their tax code, and one paper on where the rent comes from."""
    return set(NEEDED) <= set(papers) and any(each in papers for each in INCOME)
