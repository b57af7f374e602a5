"""CAMT.053, the statement of an account in ISO 20022, in any of its versions.

Read as a stream by the standard library's expat, keeping the few fields that are wanted of one
entry at a time. Not `xml.etree`, which would build a tree of whatever somebody sends, and not
`defusedxml`: all that it adds is the handlers below, which refuse a document type (and with it
entities and everything outside the file) before expat acts on one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NoReturn
from xml.parsers import expat

from civic.housing.bank_errors import (
    BankFileOfOtherKind,
    BankFileTooLong,
    BankFileUnreadable,
    UnsafeBankFile,
)
from civic.housing.bank_lines import MOST_LINES, BankFile, Found, Gathering, Reason
from civic.kernel.clock import rome_day

DEEPEST = 40
"""A statement has about fifteen levels, and an envelope around it a few more."""
NOT_BOOKED = {"PDNG", "INFO", "FUTR"}
SIGNS = {"CRDT": 1, "DBIT": -1}
AMOUNT = re.compile(r"\+?(\d{0,15})(?:\.(\d*))?", re.ASCII)

Path = tuple[str, ...]
Fields = dict[Path, list[str]]

CURRENCY = "@Ccy"
BATCH_AMOUNTS: tuple[Path, ...] = (("Amt",), ("AmtDtls", "TxAmt", "Amt"))
"""Of one payment in a batch: since version 4, and before."""
PARTIES = {
    side: tuple(
        ("RltdPties", role, *rest, "Nm")
        for role in (side, f"Ultmt{side}")
        for rest in ((), ("Pty",), ("Agt", "FinInstnId"))
    )
    for side in ("Dbtr", "Cdtr")
}
"""Where a name stands: straight below the role, or below `Pty` since version 8."""
UNSTRUCTURED: Path = ("RmtInf", "Ustrd")
STRUCTURED: Path = ("RmtInf", "Strd", "CdtrRefInf", "Ref")
BOOKED: tuple[Path, ...] = (
    ("BookgDt", "Dt"),
    ("BookgDt", "DtTm"),
    ("ValDt", "Dt"),
    ("ValDt", "DtTm"),
)
OF_STATEMENT = {("Acct", "Id", "IBAN"), ("Acct", "Id", "Othr", "Id"), ("Acct", "Ccy")}
OF_ENTRY = {
    ("Amt",), ("Amt", CURRENCY), ("CdtDbtInd",), ("RvslInd",), ("Sts",), ("Sts", "Cd"),
    ("AcctSvcrRef",), ("AddtlNtryInf",), *BOOKED,
}  # fmt: skip
OF_PAYMENT = {
    *BATCH_AMOUNTS, *((*path, CURRENCY) for path in BATCH_AMOUNTS),
    ("CdtDbtInd",), ("Refs", "AcctSvcrRef"), ("Refs", "TxId"), ("AddtlTxInf",),
    *PARTIES["Dbtr"], *PARTIES["Cdtr"], UNSTRUCTURED, STRUCTURED,
}  # fmt: skip


def read_camt(text: str) -> BankFile:
    """The booked entries of every statement in it; one line per payment of a batch that gives
    the amounts of all of them, else one for the entry.

    UnsafeBankFile, BankFileUnreadable, BankFileOfOtherKind, BankFileTooLong.
    """
    reader = _Reader()
    # Our bytes are UTF-8 whatever the declaration says: an encoding given here overrides it.
    parser = expat.ParserCreate("utf-8", " ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = _unsafe
    parser.EntityDeclHandler = _unsafe
    parser.ExternalEntityRefHandler = _unsafe
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        # In one piece: in many, older versions of expat read a long token again for each of them.
        parser.Parse(text.encode(), True)
    except expat.ExpatError:
        raise BankFileUnreadable from None
    if not reader.is_statement:
        raise BankFileOfOtherKind
    return reader.gathering.file(reader.account)


def _unsafe(*_: object) -> NoReturn:
    raise UnsafeBankFile


@dataclass
class _Part:
    """A statement, an entry or a payment of a batch while it is open."""

    depth: int
    wanted: set[Path]
    fields: Fields = field(default_factory=dict)
    payments: list[Fields] = field(default_factory=list)
    """Of an entry."""

    def first(self, *paths: Path) -> str:
        return _first(self.fields, *paths)


class _Reader:
    """Follows the parser, and keeps what is wanted of the part that is open."""

    def __init__(self) -> None:
        self.gathering = Gathering()
        self.account = ""
        self.is_statement = False
        self._path: list[str] = []
        self._open: list[_Part] = []
        self._text: list[str] = []
        self._entries = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._path) >= DEEPEST:
            raise UnsafeBankFile
        self._path.append(name.rpartition(" ")[2])
        self._text.clear()
        match self._path[-2:]:
            case [*_, "BkToCstmrStmt"]:
                self.is_statement = True
            case ["BkToCstmrStmt", "Stmt"]:
                self._begin(0, OF_STATEMENT)
            case ["Stmt", "Ntry"]:
                self._begin(1, OF_ENTRY)
                self._entries += 1
            case ["NtryDtls", "TxDtls"]:
                self._begin(2, OF_PAYMENT)
        if "Ccy" in attributes:
            self._store((CURRENCY,), attributes["Ccy"])

    def text(self, some: str) -> None:
        self._text.append(some)

    def end(self, name: str) -> None:
        self._store((), "".join(self._text).strip())
        self._text.clear()
        if self._open and self._open[-1].depth == len(self._path):
            self._close(self._open.pop())
        self._path.pop()

    def _begin(self, level: int, wanted: set[Path]) -> None:
        if len(self._open) > level:
            raise BankFileUnreadable  # an entry within another
        if len(self._open) == level:  # below it, a message of another kind: nothing to keep
            self._open.append(_Part(len(self._path), wanted))

    def _store(self, below: Path, text: str) -> None:
        if not self._open or not text:
            return
        path = (*self._path[self._open[-1].depth :], *below)
        if path in self._open[-1].wanted:
            self._open[-1].fields.setdefault(path, []).append(text)

    def _close(self, part: _Part) -> None:
        if part.wanted is OF_PAYMENT:
            payments = self._open[-1].payments
            payments.append(part.fields)
            if len(payments) > MOST_LINES:
                raise BankFileTooLong(most=MOST_LINES)
        elif part.wanted is OF_ENTRY:
            statement = self._open[-1]
            account = statement.first(("Acct", "Id", "IBAN"), ("Acct", "Id", "Othr", "Id"))
            self.account = self.account or account
            currency = statement.first(("Acct", "Ccy"))
            _read_entry(self._entries, part, account, currency, self.gathering)


def _read_entry(
    number: int, entry: _Part, account: str, account_currency: str, gathering: Gathering
) -> None:
    if entry.first(("Sts", "Cd"), ("Sts",)) in NOT_BOOKED:
        return  # it comes again once it is booked
    sign, cents = SIGNS.get(entry.first(("CdtDbtInd",))), _cents(entry.first(("Amt",)))
    day = _day(entry.first(*BOOKED))
    if (entry.first(("Amt", CURRENCY)) or account_currency) != "EUR":
        gathering.refuse(number, Reason.CURRENCY)
    elif sign is None:
        gathering.refuse(number, Reason.DIRECTION)
    elif cents is None:
        gathering.refuse(number, Reason.AMOUNT)
    elif day is None:
        gathering.refuse(number, Reason.DAY)
    else:
        # A reversal keeps the direction of its own money: taking a credit back is a debit.
        is_reversal = entry.first(("RvslInd",)) in ("true", "1")
        for amount, reference, payments in _payments(entry, sign, sign * cents):
            gathering.keep(
                Found(
                    number,
                    day,
                    amount,
                    reference,
                    _words(payments) or entry.first(("AddtlNtryInf",)),
                    _name(payments, is_from=(amount > 0) is not is_reversal),
                    account,
                    is_reversal,
                )
            )


def _payments(
    entry: _Part, sign: int, signed_cents: int
) -> Iterable[tuple[int, str, Sequence[Fields]]]:
    """Amount, the bank's reference and what is said, for each payment of the batch if they sum to
    the entry, else for the entry as a whole."""
    batch = entry.payments
    amounts = [_batch_amount(payment, sign) for payment in batch]
    given = [amount for amount in amounts if amount is not None]
    of_entry = entry.first(("AcctSvcrRef",))
    if len(batch) < 2 or len(given) < len(batch) or sum(given) != signed_cents:
        own = _reference(batch[0]) if len(batch) == 1 else ""
        return [(signed_cents, of_entry or own, batch)]
    own_references = [_reference(payment) or of_entry for payment in batch]
    times = Counter(own_references)
    # A reference that several payments share names the batch; their place in it tells them apart.
    references = [
        f"{reference}/{place}" if reference and times[reference] > 1 else reference
        for place, reference in enumerate(own_references, start=1)
    ]
    return [
        (amount, reference, [payment])
        for amount, reference, payment in zip(given, references, batch, strict=True)
    ]


def _batch_amount(payment: Fields, sign: int) -> int | None:
    for path in BATCH_AMOUNTS:
        cents = _cents(_first(payment, path))
        if cents is not None and _first(payment, (*path, CURRENCY)) == "EUR":
            return SIGNS.get(_first(payment, ("CdtDbtInd",)), sign) * cents
    return None


def _reference(payment: Fields) -> str:
    return _first(payment, ("Refs", "AcctSvcrRef"), ("Refs", "TxId"))


def _words(payments: Iterable[Fields]) -> str:
    said: dict[str, None] = {}
    for payment in payments:
        free = " ".join(payment.get(UNSTRUCTURED, ()))
        coded = " ".join(payment.get(STRUCTURED, ()))
        said[f"{free} {coded}".strip() or _first(payment, ("AddtlTxInf",))] = None
    return " ".join(each for each in said if each)


def _name(payments: Iterable[Fields], *, is_from: bool) -> str:
    """Who sent the money, or was sent it; of several, only a name that they share.

    A reversal keeps the roles of the payment that it takes back.
    """
    paths = PARTIES["Dbtr" if is_from else "Cdtr"]
    names = {_first(payment, *paths) for payment in payments}
    return names.pop() if len(names) == 1 else ""


def _first(fields: Fields, *paths: Path) -> str:
    return next((fields[path][0] for path in paths if path in fields), "")


def _cents(text: str) -> int | None:
    """A decimal of XML: a dot, no thousands; beyond the cents there may only be zeros."""
    found = AMOUNT.fullmatch(text)
    fraction = (found[2] or "") if found else ""
    if not found or not (found[1] or fraction) or fraction[2:].strip("0"):
        return None
    return int(found[1] or "0") * 100 + int(fraction[:2].ljust(2, "0"))


def _day(text: str) -> date | None:
    """A day, with or without its zone; of an instant, the day in Italy."""
    try:
        if "T" not in text:
            return datetime.strptime(text[:10], "%Y-%m-%d").date()  # noqa: DTZ007 - a day alone
        instant = datetime.fromisoformat(text)
        return rome_day(instant) if instant.tzinfo else instant.date()
    except (ValueError, OverflowError):
        return None
