"""Signing in front of a witness: by PIN, by a code for this paper alone, or drawn."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from civic.accounts import codes, passwords
from civic.accounts.contacts import ContactPoint
from civic.accounts.errors import NoContact, TooManyPins
from civic.accounts.models import Contact, Pin
from civic.accounts.rules import CODE_TRIES, PINS_PER_CARD, CodeAnswer, ContactKind
from civic.kernel.context import Context
from civic.kernel.keys import Keys
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import Actor, system_in
from civic.signatures.errors import AlreadySigned, CodeOver, NothingDrawn, WrongCode, WrongPin
from civic.signatures.in_person import Desk as SigningDesk
from civic.signatures.in_person import Shown, send_code, sign_in_person
from civic.signatures.queries import Document, document_about, ways_to_sign
from civic.signatures.rules import Means, Side, read_drawing
from tests.factories.plan_desk import Desk, make_desk
from tests.factories.signatures import SCRIBBLE, draft_of, freeze

Acting = Callable[[Actor], AbstractContextManager[Context]]
KEYS = Keys("a key for tests")
PIN = "482913"


@dataclass
class Table:
    """Two people at it, and one paper on it."""

    desk: Desk
    paper: Document
    acting: Acting
    written: list[bool] = field(default_factory=list)

    def find(self, ctx: Context) -> Document:
        return document_about(ctx, self.paper.kind, self.paper.about_id, self.paper.id)

    @property
    def place(self) -> SigningDesk:
        return SigningDesk(lambda: self.acting(self.desk.worker), KEYS, "192.0.2.0")

    def sign(self, shown: Shown) -> None:
        sign_in_person(
            self.place, self.find, shown, lambda _ctx, _paper, full: self.written.append(full)
        )

    def signed(self) -> Document:
        with self.acting(self.desk.worker) as ctx:
            return self.find(ctx)

    def send_code(self) -> str:
        send_code(self.place, self.find)
        with self.acting(system_in()) as ctx:
            event = ctx.db.scalars(
                select(OutboxEvent)
                .where(OutboxEvent.name == "accounts.SigningCodeIssued")
                .order_by(OutboxEvent.id.desc())
            ).first()
            assert event is not None
            return str(event.payload["code"])


@pytest.fixture
def table(acting: Acting) -> Table:
    with acting(system_in()) as ctx:
        desk = make_desk(ctx)
        ctx.db.add(
            Pin(
                person_id=desk.person.own_id,
                pin_hash=passwords.hash_password(PIN),
                set_at=ctx.now(),
                tries=0,
            )
        )
    with acting(desk.worker) as ctx:
        return Table(desk, freeze(ctx, draft_of(desk)), acting)


def test_the_right_pin_signs_with_the_worker_as_witness(table: Table) -> None:
    table.sign(Shown(Means.PIN, pin=PIN))
    signed = table.signed().signatures[Side.PERSON]
    assert (signed.means, signed.witness_name) == (Means.PIN, "Giulia")
    assert signed.signer_id == table.desk.person.person_id
    assert table.written == [False]


def test_a_wrong_pin_signs_nothing_and_counts_until_the_pin_waits(table: Table) -> None:
    for _ in range(2):
        with pytest.raises(WrongPin):
            table.sign(Shown(Means.PIN, pin="111222"))
    assert not table.signed().signatures
    with table.acting(table.desk.worker) as ctx:
        assert ctx.db.scalars(select(Pin.tries)).one() == 2


def test_a_pin_is_not_tried_on_and_on(table: Table) -> None:
    for _ in range(PINS_PER_CARD):
        with pytest.raises(WrongPin):
            table.sign(Shown(Means.PIN, pin="111222"))
    with pytest.raises(TooManyPins):
        table.sign(Shown(Means.PIN, pin=PIN))
    assert not table.signed().signatures


def test_the_code_that_was_sent_signs_the_paper(table: Table) -> None:
    table.sign(Shown(Means.CODE, code=table.send_code()))
    assert table.signed().signatures[Side.PERSON].means is Means.CODE


def test_a_wrong_code_counts_and_the_last_try_ends_it(table: Table) -> None:
    code = table.send_code()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(CODE_TRIES):
        with pytest.raises(WrongCode):
            table.sign(Shown(Means.CODE, code=wrong))
    with pytest.raises(CodeOver):
        table.sign(Shown(Means.CODE, code=code))
    assert not table.signed().signatures


def test_a_code_is_good_for_one_paper_alone(table: Table) -> None:
    code = table.send_code()
    with table.acting(table.desk.worker) as ctx:
        other = freeze(ctx, draft_of(table.desk, content={"goals": []}))
    first, table.paper = table.paper, other
    with pytest.raises(CodeOver):
        table.sign(Shown(Means.CODE, code=code))
    table.paper = first
    table.sign(Shown(Means.CODE, code=code))


def test_a_code_to_sign_with_opens_no_account_and_the_other_way_round(table: Table) -> None:
    code = table.send_code()
    with table.acting(system_in()) as ctx:
        value = ctx.db.scalars(
            select(Contact.value).where(Contact.person_id == table.desk.person.person_id)
        ).one()
        contact = ContactPoint(ContactKind.PHONE, value)
        assert codes.check_code(ctx, KEYS, contact, code) is CodeAnswer.OVER
        codes.request_code(ctx, KEYS, contact, "ar", "192.0.2.0")
        event = ctx.db.scalars(
            select(OutboxEvent).where(OutboxEvent.name == "accounts.CodeIssued")
        ).one()
        to_enter = str(event.payload["code"])
    if to_enter != code:
        with pytest.raises(WrongCode):
            table.sign(Shown(Means.CODE, code=to_enter))


def test_who_has_no_phone_and_no_address_is_sent_no_code(table: Table) -> None:
    with table.acting(system_in()) as ctx:
        for contact in ctx.db.scalars(select(Contact)):
            ctx.db.delete(contact)
    with pytest.raises(NoContact):
        send_code(table.place, table.find)
    with table.acting(table.desk.worker) as ctx:
        ways = ways_to_sign(ctx, table.desk.person.own_id)
    assert (ways.has_pin, ways.has_contact) == (True, False)


def test_a_drawn_signature_is_kept_as_it_was_drawn(table: Table) -> None:
    table.sign(Shown(Means.DRAWN, drawing=SCRIBBLE))
    assert table.signed().signatures[Side.PERSON].drawing == read_drawing(SCRIBBLE)


@pytest.mark.parametrize("drawing", ["", "[]", "[[[1,1]]]", "not a drawing"])
def test_an_empty_field_is_no_signature(table: Table, drawing: str) -> None:
    with pytest.raises(NothingDrawn):
        table.sign(Shown(Means.DRAWN, drawing=drawing))
    assert not table.signed().signatures


def test_signed_again_it_is_refused_whatever_the_means(table: Table) -> None:
    table.sign(Shown(Means.DRAWN, drawing=SCRIBBLE))
    code = table.send_code()
    for shown in (
        Shown(Means.DRAWN, drawing=SCRIBBLE),
        Shown(Means.PIN, pin=PIN),
        Shown(Means.CODE, code=code),
    ):
        with pytest.raises(AlreadySigned):
            table.sign(shown)
    assert table.written == [False]
