"""Small statements in CAMT.053, with invented people."""

ACCOUNT = "IT60X0542811101000000123456"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.%s"


def statement(*entries: str, version: str = "02", account: str = ACCOUNT) -> str:
    return (
        f'<Document xmlns="{NAMESPACE % version}"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>'
        f"<Stmt><Id>S</Id><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f'<Bal><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>{"".join(entries)}</Stmt>'
        "</BkToCstmrStmt></Document>"
    )


def entry(
    amount: str = "350.00",
    *,
    currency: str = "EUR",
    way: str = "CRDT",
    status: str = "<Sts>BOOK</Sts>",
    day: str = "<BookgDt><Dt>2026-03-02</Dt></BookgDt>",
    reference: str = "",
    more: str = "",
    details: str = "",
) -> str:
    own = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{more}{status}'
        f"{day}<ValDt><Dt>2026-03-03</Dt></ValDt>{own}{details}</Ntry>"
    )


def payment(name: str = "Tenant A", words: str = "Rent March", more: str = "") -> str:
    return (
        f"<TxDtls>{more}<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr><Cdtr><Nm>Comune</Nm></Cdtr>"
        f"</RltdPties><RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls>"
    )


def batch(*payments: str) -> str:
    return f"<NtryDtls>{''.join(payments)}</NtryDtls>"
