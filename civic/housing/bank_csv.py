"""The CSV files of Italian banks: no two alike, so columns are known by the names in their header.

Whatever stands before the header (account, period, balance) is passed over, except for an IBAN.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from civic.housing.bank_errors import BankFileOfOtherKind, BankFileUnreadable
from civic.housing.bank_lines import BankFile, Found, Gathering, Reason
from civic.housing.rules.money import read_signed_cents
from civic.kernel.errors import Invalid

SEPARATORS = ";\t,|"
HEADER_WITHIN = 40
LONGEST_LINE = 100_000
DAY_FORMATS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%y", "%d.%m.%y")
EURO_BEHIND = re.compile(r"( in)? (eur|euro)$")
IBAN = re.compile(r"\b(?:IT|SM)(?: ?[A-Z0-9]){25}\b", re.ASCII)
BANKS_OWN = re.compile(r"(?=.*\d{4})[A-Z0-9./:_-]{6,}", re.IGNORECASE | re.ASCII)
"""A reference that a computer made. What a payer wrote into such a column (`affitto`) may be the
same for two payments, and must not make one of them."""
BALANCE = re.compile(
    r"saldo (iniziale|finale|contabile|disponibile|liquido|precedente|attuale)\b.*"
    r"|(opening|closing) balance\b.*"
)
PENDING = {"non contabilizzato", "da contabilizzare", "in attesa", "in corso", "pending"}
CAME = {"a", "avere", "+", "c", "credit", "crdt", "accredito", "entrata"}
WENT = {"d", "dare", "-", "debit", "dbit", "addebito", "uscita"}

NAMES = {
    "booked": (
        "data contabile", "data contabilizzazione", "data contab", "data registrazione",
        "data operazione", "data movimento", "data mov", "data op", "booking date",
        "posting date", "transaction date", "data", "date", "giorno",
    ),
    "value": ("data valuta", "data val", "value date"),
    "value_or_currency": ("valuta",),
    "amount": ("importo", "importo movimento", "importo operazione", "ammontare", "amount"),
    "went": (
        "dare", "uscite", "uscita", "addebiti", "addebito", "importo dare", "importo addebito",
        "debit", "debits", "debit amount", "money out", "paid out",
    ),
    "came": (
        "avere", "entrate", "entrata", "accrediti", "accredito", "importo avere",
        "importo accredito", "credit", "credits", "credit amount", "money in", "paid in",
    ),
    "sign": (
        "segno", "dare avere", "avere dare", "d a", "a d", "c d", "d c", "credit debit",
        "debit credit", "sign",
    ),
    "currency": ("divisa", "currency", "ccy"),
    "words": (
        "descrizione", "descrizione operazione", "descrizione movimento", "descrizione estesa",
        "descrizione completa", "causale", "causale pagamento", "causale bonifico", "oggetto",
        "dettagli", "dettaglio", "dettaglio operazione", "operazione", "movimento", "note",
        "informazioni aggiuntive", "description", "details", "payment details", "memo",
        "remittance information", "reference",
    ),
    "reference": (
        "cro", "trn", "cro trn", "trn cro", "codice cro", "riferimento", "riferimento banca",
        "riferimento operazione", "rif banca", "numero operazione", "id operazione",
        "id movimento", "id transazione", "transaction id", "transaction reference",
        "bank reference",
    ),
    "sender": ("ordinante", "nome ordinante", "debitore", "mittente", "payer", "debtor"),
    "receiver": ("beneficiario", "nome beneficiario", "creditore", "destinatario", "payee",
                 "creditor"),
    "name": (
        "controparte", "nominativo", "ordinante beneficiario", "beneficiario ordinante",
        "ragione sociale", "counterparty", "counterparty name", "name", "nome",
    ),
    "status": ("stato", "stato movimento", "stato operazione", "status"),
    "account": ("conto", "conto corrente", "numero conto", "rapporto", "account",
                "account number"),
}  # fmt: skip
"""What a header may call each column; of several that fit, in this order."""


@dataclass(frozen=True)
class _Row:
    """A line's cells, by what their columns are."""

    cells: Sequence[str]
    columns: Mapping[str, Sequence[int]]

    def all(self, *keys: str) -> Iterator[str]:
        for key in keys:
            for place in self.columns.get(key, ()):
                if place < len(self.cells) and (cell := self.cells[place].strip()):
                    yield cell

    def first(self, *keys: str) -> str:
        return next(self.all(*keys), "")


def read_csv(text: str) -> BankFile:
    """BankFileOfOtherKind without a header that names a day and an amount; BankFileUnreadable,
    BankFileTooLong."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(len(line) > LONGEST_LINE for line in io.StringIO(text)):
        raise BankFileUnreadable
    separator, lines_before, columns = _header(text)
    gathering = Gathering()
    before = "\n".join(islice(io.StringIO(text), lines_before - 1))
    account = _iban(before)
    number = lines_before
    reader = csv.reader(_from_line(text, lines_before), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _read(number + 1, _Row(cells, columns), account, gathering)
            number = lines_before + reader.line_num
    except csv.Error:
        raise BankFileUnreadable from None
    return gathering.file(account)


def _header(text: str) -> tuple[str, int, dict[str, list[int]]]:
    """Separator, line of the header and where each column stands."""
    for separator in SEPARATORS:
        for number, line in enumerate(islice(io.StringIO(text), HEADER_WITHIN), start=1):
            if separator in line:
                columns = _columns(next(csv.reader([line], delimiter=separator)))
                if columns:
                    return separator, number, columns
    raise BankFileOfOtherKind


def _from_line(text: str, lines_before: int) -> Iterable[str]:
    return islice(io.StringIO(text), lines_before, None)


def _columns(header: Sequence[str]) -> dict[str, list[int]]:
    """Empty unless there is a day and an amount among them."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        places.setdefault(_folded(name), []).append(place)
    found = {
        key: [place for name in names for place in places.get(name, ())]
        for key, names in NAMES.items()
    }
    has_day = found["booked"] or found["value"]
    return found if has_day and (found["amount"] or found["went"] or found["came"]) else {}


def _folded(name: str) -> str:
    """`Importo (€)` and `IMPORTO IN EUR` are both `importo`."""
    letters = unicodedata.normalize("NFKD", name).casefold().encode("ascii", "ignore").decode()
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())
    return EURO_BEHIND.sub("", words)


def _read(number: int, row: _Row, account: str, gathering: Gathering) -> None:
    if row.first("status").casefold() in PENDING:
        return  # it comes again once it is booked
    reference, cents, day = _reference(row), _amount(row), _booked_on(row)
    if not reference and any(BALANCE.fullmatch(cell.strip().casefold()) for cell in row.cells):
        gathering.refuse(number, Reason.BALANCE)
    elif not _is_euro(row):
        gathering.refuse(number, Reason.CURRENCY)
    elif isinstance(cents, Reason):
        gathering.refuse(number, cents)
    elif day is None:
        gathering.refuse(number, Reason.DAY)
    else:
        gathering.keep(
            Found(
                number,
                day,
                cents,
                reference,
                " ".join(dict.fromkeys(row.all("words"))),
                row.first("sender" if cents > 0 else "receiver", "name"),
                row.first("account") or account,
            )
        )


def _is_euro(row: _Row) -> bool:
    named = [cell for cell in row.all("currency", "value_or_currency") if _day(cell) is None]
    return all(each.casefold() in ("eur", "euro", "€") for each in named)


def _booked_on(row: _Row) -> date | None:
    """The day it was booked; the value date only where the file has no other."""
    if row.columns["booked"]:
        return _day(row.first("booked"))
    return _day(row.first("value"))


def _amount(row: _Row) -> int | Reason:
    try:
        if row.first("amount"):
            return _with_sign(read_signed_cents(row.first("amount")), row.first("sign"))
        went, came = (
            read_signed_cents(cell) if (cell := row.first(key)) else 0 for key in ("went", "came")
        )
    except Invalid:
        return Reason.AMOUNT
    if (went and came) or not (row.first("went") or row.first("came")):
        return Reason.AMOUNT
    # Some banks write what went with a minus of its own, others leave that to the column.
    return -abs(went) if went else came


def _with_sign(cents: int, sign: str) -> int | Reason:
    if not sign or sign.casefold() in CAME:
        return cents
    return -abs(cents) if sign.casefold() in WENT else Reason.DIRECTION


def _reference(row: _Row) -> str:
    given = (" ".join(cell.split()) for cell in row.all("reference"))
    return next((each for each in given if BANKS_OWN.fullmatch(each)), "")


def _day(text: str) -> date | None:
    """The day of a date, with an hour behind it or not."""
    day = re.split(r"[ T]", text, maxsplit=1)[0]
    for pattern in DAY_FORMATS:
        try:
            return datetime.strptime(day, pattern).date()  # noqa: DTZ007 - a day alone
        except ValueError:
            continue
    return None


def _iban(before: str) -> str:
    """The account, from what stands above the header: the first IBAN whose check digits hold."""
    for found in IBAN.finditer(before.upper()):
        plain = found[0].replace(" ", "")
        number = "".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
        if int(number) % 97 == 1:
            return plain
    return ""
