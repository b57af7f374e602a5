"""The bank's file is looked at, then booked with a tick; the same payment told twice counts once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from civic.housing.bank_errors import BankFileTooLarge, UnsafeBankFile
from civic.housing.book_errors import CodeUnknown, EntryGone, MoreThanDecided, NothingTicked
from civic.housing.operations import bank
from civic.housing.operations.bank import Tick
from civic.housing.queries.bank import Look, look_at
from civic.housing.queries.books import book_of
from civic.housing.rules.book import EntryState, PaymentSource
from civic.housing.rules.ledger import Payer
from civic.housing.support_models import BankEntry, SupportPayment
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from tests.factories.housing import make_resident
from tests.factories.housing_support import (
    Line,
    Tenancy,
    camt_of,
    csv_of,
    make_support,
    make_tenancy,
    reference,
)

Acting = Callable[[Actor], AbstractContextManager[Context]]
PAID_ON = date(2026, 3, 2)


@pytest.fixture
def tenancy(acting: Acting) -> Tenancy:
    with acting(system_in()) as ctx:
        return make_tenancy(ctx)


@pytest.fixture
def decision_id(acting: Acting, tenancy: Tenancy) -> UUID:
    with acting(tenancy.officer) as ctx:
        return make_support(ctx, tenancy, first_due=date(2026, 3, 1))


def bring(acting: Acting, tenancy: Tenancy, body: bytes) -> UUID:
    file, source = bank.read(body)
    with acting(tenancy.officer) as ctx:
        return bank.bring(ctx, tenancy.city.id, file, source)


def look(acting: Acting, tenancy: Tenancy, import_id: UUID) -> Look:
    with acting(tenancy.officer) as ctx:
        return look_at(ctx, import_id)


def book_all(acting: Acting, tenancy: Tenancy, import_id: UUID) -> int:
    found = look(acting, tenancy, import_id)
    ticks = [Tick(row.id, row.proposal.decision_id) for row in found.proposed if row.proposal]
    with acting(tenancy.officer) as ctx:
        return bank.book(ctx, import_id, ticks)


@pytest.mark.parametrize("write", [csv_of, camt_of])
def test_a_payment_with_its_code_is_proposed_and_booked_with_a_tick(
    acting: Acting, tenancy: Tenancy, decision_id: UUID, write: Callable[[list[Line]], bytes]
) -> None:
    code = reference(decision_id).replace("CV-", "cv ")
    lines = [
        Line(PAID_ON, "100.00", f"Affitto marzo {code} grazie", "SARR AWA", "CRO000111"),
        Line(PAID_ON, "-300.00", f"Contributo {code}", "Immobiliare Sole", "CRO000222"),
        Line(PAID_ON, "12.00", "Rimborso bolletta", "Altri", "CRO000333"),
    ]
    import_id = bring(acting, tenancy, write(lines))
    found = look(acting, tenancy, import_id)
    assert [(row.amount_cents, row.payer) for row in found.proposed] == [
        (10_000, Payer.TENANT),
        (-30_000, Payer.MUNICIPALITY),
    ]
    assert all(row.proposal and row.proposal.by_code for row in found.proposed)
    assert [row.name for row in found.others] == ["Altri"]
    with acting(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(SupportPayment)).all() == []
    assert book_all(acting, tenancy, import_id) == 2
    with acting(tenancy.officer) as ctx:
        standing = book_of(ctx, decision_id).on(date(2026, 3, 14))
        assert (standing.tenant.paid, standing.municipality.paid) == (10_000, 30_000)
        assert standing.tenant.arrears == 0
        source = ctx.db.scalars(select(SupportPayment.source)).all()[0]
        assert source is (PaymentSource.CSV if write is csv_of else PaymentSource.CAMT)


def test_the_same_file_brought_twice_counts_once_and_says_so(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    body = csv_of([Line(PAID_ON, "100.00", reference(decision_id), "Awa Sarr", "CRO000111")])
    book_all(acting, tenancy, bring(acting, tenancy, body))
    again = look(acting, tenancy, bring(acting, tenancy, body))
    assert (again.row.lines, again.row.known) == (1, 1)
    assert again.proposed == again.others == ()
    with acting(tenancy.officer) as ctx:
        assert book_of(ctx, decision_id).on(date(2026, 3, 14)).tenant.paid == 10_000


def test_a_payment_that_stands_twice_in_one_file_counts_once_and_says_so(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    line = Line(PAID_ON, "100.00", reference(decision_id), "Awa Sarr", "CRO000111")
    import_id = bring(acting, tenancy, csv_of([line, line]))
    found = look(acting, tenancy, import_id)
    assert (found.row.lines, found.row.known) == (2, 1)
    assert book_all(acting, tenancy, import_id) == 1
    with acting(tenancy.officer) as ctx:
        assert book_of(ctx, decision_id).paid_by(Payer.TENANT) == 10_000


def test_two_equal_payments_without_a_reference_of_the_bank_are_shown_to_somebody(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    line = Line(PAID_ON, "50.00", reference(decision_id), "Awa Sarr")
    found = look(acting, tenancy, bring(acting, tenancy, csv_of([line, line])))
    assert [row.is_repeat for row in found.proposed] == [False, True]


def test_amount_and_name_together_propose_and_neither_does_alone(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    lines = [
        Line(PAID_ON, "100.00", "affitto", "SARR AWA", "CRO000111"),
        Line(PAID_ON, "100.00", "affitto", "Bilal Khan", "CRO000222"),
        Line(PAID_ON, "99.00", "affitto", "Awa Sarr", "CRO000333"),
        Line(PAID_ON, "100.00", "affitto", "", "CRO000444"),
    ]
    found = look(acting, tenancy, bring(acting, tenancy, csv_of(lines)))
    assert [row.name for row in found.proposed] == ["SARR AWA"]
    assert found.proposed[0].proposal is not None
    assert not found.proposed[0].proposal.by_code
    assert len(found.others) == 3


def test_a_code_written_by_hand_books_too_and_a_wrong_one_is_refused(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    line = Line(PAID_ON, "70.00", "acconto", "Cugino di Awa", "CRO000111")
    import_id = bring(acting, tenancy, csv_of([line]))
    entry_id = look(acting, tenancy, import_id).others[0].id
    with acting(tenancy.officer) as ctx:
        for code in ("CV-00000000", "boh"):
            with pytest.raises(CodeUnknown):
                bank.by_code(ctx, import_id, {entry_id: code})
        bare = reference(decision_id).removeprefix("CV-").lower()
        assert bank.book(ctx, import_id, bank.by_code(ctx, import_id, {entry_id: bare})) == 1
    with acting(tenancy.officer) as ctx:
        assert book_of(ctx, decision_id).paid_by(Payer.TENANT) == 7_000


def test_all_of_them_are_booked_or_none(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    code = reference(decision_id)
    lines = [
        Line(PAID_ON, "100.00", code, "Awa Sarr", "CRO000111"),
        Line(PAID_ON, "-900.00", code, "Immobiliare Sole", "CRO000222"),
    ]
    import_id = bring(acting, tenancy, csv_of(lines))
    with pytest.raises(MoreThanDecided):
        book_all(acting, tenancy, import_id)
    with acting(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(SupportPayment)).all() == []
        states = set(ctx.db.scalars(select(BankEntry.state)))
        assert states == {EntryState.OPEN}


def test_what_somebody_else_booked_meanwhile_is_not_booked_again(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    line = Line(PAID_ON, "100.00", reference(decision_id), "Awa Sarr", "CRO000111")
    import_id = bring(acting, tenancy, csv_of([line]))
    entry_id = look(acting, tenancy, import_id).proposed[0].id
    book_all(acting, tenancy, import_id)
    with pytest.raises(EntryGone), acting(tenancy.officer) as ctx:
        bank.book(ctx, import_id, [Tick(entry_id, decision_id)])
    with pytest.raises(NothingTicked), acting(tenancy.officer) as ctx:
        bank.book(ctx, import_id, [])
    with pytest.raises(NotFound), acting(tenancy.officer) as ctx:
        bank.book(ctx, import_id, [Tick(uuid4(), decision_id)])


def test_what_is_set_aside_is_forgotten_but_known_again(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    body = csv_of([Line(PAID_ON, "12.00", "Rimborso bolletta", "Mario Rossi", "CRO000333")])
    import_id = bring(acting, tenancy, body)
    with acting(tenancy.officer) as ctx:
        (entry,) = ctx.db.scalars(select(BankEntry)).all()
        assert bank.set_aside(ctx, import_id, []) == 0
        assert bank.set_aside(ctx, import_id, [entry.id]) == 1
        ctx.db.refresh(entry)
        assert (entry.state, entry.sealed) == (EntryState.SET_ASIDE, None)
    again = look(acting, tenancy, bring(acting, tenancy, body))
    assert again.row.known == 1
    assert again.others == ()


def test_names_and_words_lie_nowhere_in_the_clear(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    line = Line(PAID_ON, "100.00", f"Segreto {reference(decision_id)}", "Awa Sarr", "CRO000111")
    import_id = bring(acting, tenancy, csv_of([line]))
    book_all(acting, tenancy, import_id)
    with acting(tenancy.officer) as ctx:
        entry = ctx.db.scalars(select(BankEntry)).one()
        assert entry.sealed is not None
        for word in (b"Segreto", b"Awa", b"CRO000111"):
            assert word not in entry.sealed
        # Once it is theirs, it opens with their key and with no other.
        ctx.vault.destroy(tenancy.city.id, import_id)
        key = ctx.vault.key_of(tenancy.city.id, tenancy.resident_id)
        from civic.kernel.vault import Spot

        assert key.open(Spot("bank_entry", entry.id), entry.sealed)["name"] == "Awa Sarr"


def test_a_decision_that_hides_is_proposed_to_nobody_outside(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    from civic.housing.models import Unit

    with acting(system_in(tenancy.city.id)) as ctx:
        ctx.db.get_one(Unit, tenancy.lodge.unit_id).is_safe_house = True
    line = Line(PAID_ON, "100.00", reference(decision_id), "Awa Sarr", "CRO000111")
    import_id = bring(acting, tenancy, csv_of([line]))
    found = look(acting, tenancy, import_id)
    assert found.proposed == ()
    with acting(tenancy.officer) as ctx:
        with pytest.raises(CodeUnknown):
            bank.by_code(ctx, import_id, {found.others[0].id: reference(decision_id)})
        with pytest.raises(NotFound):
            bank.book(ctx, import_id, [Tick(found.others[0].id, decision_id)])


def test_a_decision_of_another_city_is_out_of_reach(acting: Acting, tenancy: Tenancy) -> None:
    with acting(system_in()) as ctx:
        abroad = make_tenancy(ctx, "latina", name="Chen Wei")
        theirs = make_support(ctx, abroad)
    line = Line(PAID_ON, "100.00", reference(theirs), "Chen Wei", "CRO000111")
    import_id = bring(acting, tenancy, csv_of([line]))
    assert look(acting, tenancy, import_id).proposed == ()
    with pytest.raises(NotFound), acting(abroad.officer) as ctx:
        look_at(ctx, import_id)


def test_an_import_asks_as_often_for_many_lines_as_for_one(
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    statements: Callable[[], AbstractContextManager[object]],
) -> None:
    counts = []
    for number in (1, 40):
        lines = [
            Line(PAID_ON, "100.00", "affitto", "Awa Sarr", f"CRO{number:03}{n:04}")
            for n in range(number)
        ]
        with acting(system_in(tenancy.city.id)) as ctx:
            make_resident(ctx, tenancy.city, f"Persona {number}")
        import_id = bring(acting, tenancy, csv_of(lines))
        with statements() as counted:
            assert len(look(acting, tenancy, import_id).proposed) == number
        counts.append(counted.total)  # type: ignore[attr-defined]
    assert counts[0] == counts[1]


def test_a_file_too_large_or_unsafe_is_not_opened() -> None:
    with pytest.raises(BankFileTooLarge):
        bank.read(b"<" + b" " * 50_000_000)
    entity = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    )
    with pytest.raises(UnsafeBankFile):
        bank.read(entity)
