"""Rent support for tests: a city with a grant, a tenant with a stay, decisions, and the bank's files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.housing.operations.payments import NewPayment, pay
from civic.housing.operations.support import NewSupport, decide
from civic.housing.rules.book import code_of, shown_code
from civic.housing.rules.ledger import Payer
from civic.housing.rules.support import Curve, SupportKind
from civic.kernel.context import Context
from civic.kernel.policy import Actor
from civic.tenancy.queries.standings import City
from tests.factories.accounts import make_person
from tests.factories.housing import (
    Lodge,
    make_grant,
    make_lodge,
    make_request,
    make_resident,
    make_stay,
)

FIRST_DUE = date(2026, 4, 1)


@dataclass(frozen=True)
class Tenancy:
    """Somebody with an account who lives in a dwelling of the city, and the grant that helps."""

    lodge: Lodge
    grant_id: UUID
    person_id: UUID
    resident_id: UUID
    placement_id: UUID

    @property
    def city(self) -> City:
        return self.lodge.city

    @property
    def officer(self) -> Actor:
        return self.lodge.officer


def make_tenancy(
    ctx: Context,
    slug: str = "trieste",
    *,
    name: str = "Awa Sarr",
    grant_cents: int = 10_000_000,
    page_language: str = "fr",
) -> Tenancy:
    lodge = make_lodge(ctx, slug=slug)
    grant_id = make_grant(ctx, lodge.city, amount_cents=grant_cents)
    person_id = make_person(
        ctx, name, lodge.city, phone=f"+39333000{len(slug):04}", page_language=page_language
    )
    resident_id = make_resident(ctx, lodge.city, name, person_id=person_id)
    placement_id = make_stay(ctx, lodge, make_request(ctx, lodge.city, [resident_id]), nights=300)
    return Tenancy(lodge, grant_id, person_id, resident_id, placement_id)


def make_support(
    ctx: Context,
    tenancy: Tenancy,
    amount_cents: int = 40_000,
    months: int = 4,
    first_due: date = FIRST_DUE,
    *,
    curve: Curve = Curve(250, 1000),  # noqa: B008 - frozen
    kind: SupportKind = SupportKind.RENT,
    is_monthly: bool = True,
    resident_id: UUID | None = None,
    grant_id: UUID | None = None,
) -> UUID:
    """Decided by the officer: 100, 200, 300 and 400 euro of the tenant, the rest of the city."""
    own = resident_id in (None, tenancy.resident_id)
    return decide(
        ctx.acting(tenancy.officer),
        NewSupport(
            resident_id or tenancy.resident_id,
            grant_id or tenancy.grant_id,
            kind,
            amount_cents,
            months,
            first_due,
            curve,
            is_monthly,
            placement_id=tenancy.placement_id if own else None,
        ),
    )


def make_payment(
    ctx: Context,
    tenancy: Tenancy,
    decision_id: UUID,
    cents: int,
    on_day: date,
    payer: Payer = Payer.TENANT,
) -> UUID:
    return pay(ctx.acting(tenancy.officer), decision_id, NewPayment(payer, cents, on_day))


def reference(decision_id: UUID) -> str:
    return shown_code(code_of(decision_id))


@dataclass(frozen=True)
class Line:
    day: date
    amount: str
    """As the bank writes it: 350.00, or -12.50."""
    words: str
    name: str = ""
    reference: str = ""


def csv_of(lines: Sequence[Line]) -> bytes:
    """As an Italian bank would give it."""
    rows = ["Data contabile;Importo;Divisa;Descrizione;Controparte;CRO"]
    for each in lines:
        amount = each.amount.replace(".", ",")
        cells = (f"{each.day:%d/%m/%Y}", amount, "EUR", each.words, each.name, each.reference)
        rows.append(";".join(cells))
    return ("\n".join(rows) + "\n").encode()


def camt_of(lines: Sequence[Line], inside: str = "") -> bytes:
    """CAMT.053 with an entry for each line; `inside` stands before the first of them."""
    entries = "".join(_entry(each) for each in lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
        "<Acct><Id><IBAN>IT60X0542811101000000123456</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{inside}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _entry(line: Line) -> str:
    sign = "DBIT" if line.amount.startswith("-") else "CRDT"
    side = "Cdtr" if sign == "DBIT" else "Dbtr"
    amount = line.amount.lstrip("-")
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{line.day.isoformat()}</Dt></BookgDt>"
        f"<AcctSvcrRef>{line.reference}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<RltdPties><{side}><Pty><Nm>{line.name}</Nm></Pty></{side}></RltdPties>"
        f"<RmtInf><Ustrd>{line.words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
