"""A work from the first word to the inspection: its money, its steps, its photos, who sees it."""

import io
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from civic.housing.models import BudgetLine, HousingFile, HousingGrant
from civic.housing.operations import quotes
from civic.housing.operations import works as working
from civic.housing.operations.files import Paper, read_file
from civic.housing.operations.quotes import NewQuote
from civic.housing.operations.support import NewSupport, decide
from civic.housing.operations.works import NewWork, Plan
from civic.housing.operations.works_files import keep_photo, remove_photo
from civic.housing.queries.works import lines_with_money, work_page, works_of
from civic.housing.rules.stock import FileKind, WorkKind, WorkState
from civic.housing.rules.support import SupportKind
from civic.housing.support_errors import AmountNegative, AmountTooLarge
from civic.housing.works_errors import (
    AlreadyApproved,
    DayToCome,
    DayTooEarly,
    FindingMissing,
    FirmMissing,
    GrantNotBegun,
    GrantOver,
    LineTooSmall,
    WorkMoved,
)
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import actor_of, make_staff
from tests.factories.housing import (
    Lodge,
    make_lodge,
    make_resident,
    make_unit,
)
from tests.factories.housing_works import make_done, make_line, make_quote, make_work
from tests.integration.housing.works_ground import TODAY, days, nights_of, refused, state_of


@pytest.fixture
def ctx(database: Database) -> Iterator[Context]:
    with database.unit_of_work(system_in()) as ctx:
        yield ctx


@pytest.fixture
def lodge(ctx: Context) -> Lodge:
    return make_lodge(ctx, beds=3)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def officer(ctx: Context, lodge: Lodge) -> Context:
    return ctx.acting(lodge.officer)


def _grant_of(ctx: Context, line_id: UUID) -> HousingGrant:
    return ctx.db.get_one(HousingGrant, ctx.db.get_one(BudgetLine, line_id).grant_id)


def test_a_work_goes_from_the_first_word_to_beds_that_are_free_again(
    officer: Context, lodge: Lodge
) -> None:
    line_id = make_line(officer, lodge.city)
    work_id = make_work(officer, lodge, beds=2, nights=6)
    assert state_of(officer, work_id) is WorkState.REQUESTED
    quote_id = make_quote(officer, lodge, work_id, 60_001)
    make_quote(officer, lodge, work_id, 80_000, "Tinte & Co.")
    assert state_of(officer, work_id) is WorkState.QUOTED
    quotes.approve(officer, work_id, quote_id, line_id)
    working.begin(officer, work_id, TODAY)
    assert state_of(officer, work_id) is WorkState.UNDER_WAY
    working.end(officer, work_id, TODAY)
    assert len(nights_of(officer, work_id)) == 12
    working.inspect(officer, work_id, is_well=True, words="")
    assert state_of(officer, work_id) is WorkState.CLOSED
    assert nights_of(officer, work_id) == []
    page = work_page(officer, work_id)
    assert page.row.cost_cents == 60_001
    assert page.row.cents_per_bed == 30_001
    assert [quote.is_chosen for quote in page.quotes] == [True, False]
    assert page.line == "MAN Manutenzione leggera"
    assert page.words == "Imbiancare la stanza"


def test_what_is_found_not_well_goes_on_with_words_and_keeps_its_beds(
    officer: Context, lodge: Lodge
) -> None:
    work_id = make_done(officer, lodge, make_line(officer, lodge.city), beds=1)
    refused(
        officer, FindingMissing, lambda: working.inspect(officer, work_id, is_well=False, words="")
    )
    working.inspect(officer, work_id, is_well=False, words="La porta non chiude")
    assert state_of(officer, work_id) is WorkState.UNDER_WAY
    assert len(nights_of(officer, work_id)) == 5
    page = work_page(officer, work_id)
    assert (page.found, page.words) == ("La porta non chiude", "Imbiancare la stanza")
    working.end(officer, work_id, TODAY)
    working.inspect(officer, work_id, is_well=True, words="")
    assert state_of(officer, work_id) is WorkState.CLOSED


def test_the_same_request_or_quote_sent_twice_is_one(officer: Context, lodge: Lodge) -> None:
    plan = Plan(TODAY, days(2), lodge.beds[:1])
    new = NewWork(WorkKind.OTHER, "Lavori", plan, officer.new_id())
    assert working.request_work(officer, lodge.unit_id, new) == new.id
    assert working.request_work(officer, lodge.unit_id, new) == new.id
    quote = NewQuote("Edil Carso", 5_000, TODAY, officer.new_id())
    assert new.id is not None
    first = quotes.add_quote(officer, new.id, quote)
    assert quotes.add_quote(officer, new.id, quote) == first
    assert len(work_page(officer, new.id).quotes) == 1


def test_an_approval_books_the_line_and_stops_where_nothing_is_left(
    officer: Context, lodge: Lodge
) -> None:
    line_id = make_line(officer, lodge.city, 100_000)
    first, second = make_work(officer, lodge), make_work(officer, lodge)
    quotes.approve(officer, first, make_quote(officer, lodge, first, 60_000), line_id)
    (line,) = lines_with_money(officer, lodge.city.id)
    assert line.left_cents == 40_000
    too_dear = make_quote(officer, lodge, second, 40_001)
    refusal = refused(
        officer, LineTooSmall, lambda: quotes.approve(officer, second, too_dear, line_id)
    )
    assert refusal.values == {"left": 40_000}
    assert state_of(officer, second) is WorkState.QUOTED
    quotes.approve(officer, second, make_quote(officer, lodge, second, 40_000), line_id)
    assert lines_with_money(officer, lodge.city.id)[0].left_cents == 0


def test_works_and_rent_support_together_never_take_more_than_their_grant_has(
    officer: Context, lodge: Lodge
) -> None:
    line_id = make_line(officer, lodge.city, 100_000)
    line = officer.db.get_one(BudgetLine, line_id)
    officer.db.get_one(HousingGrant, line.grant_id).amount_cents = 100_000
    officer.db.flush()
    resident_id = make_resident(officer, lodge.city)
    support = NewSupport(
        resident_id, line.grant_id, SupportKind.DEPOSIT, 70_000, 1, TODAY, is_monthly=False
    )
    decide(officer, support)
    work_id = make_work(officer, lodge)
    too_dear = make_quote(officer, lodge, work_id, 30_001)
    refusal = refused(
        officer, LineTooSmall, lambda: quotes.approve(officer, work_id, too_dear, line_id)
    )
    assert refusal.values == {"left": 30_000}
    quotes.approve(officer, work_id, make_quote(officer, lodge, work_id, 30_000), line_id)


def test_a_quote_is_approved_once_and_only_of_its_own_work(officer: Context, lodge: Lodge) -> None:
    line_id = make_line(officer, lodge.city)
    one, other = make_work(officer, lodge), make_work(officer, lodge)
    quote_id, foreign = make_quote(officer, lodge, one, 100), make_quote(officer, lodge, other, 100)
    for wrong in (foreign, officer.new_id()):
        refused(officer, NotFound, lambda wrong=wrong: quotes.approve(officer, one, wrong, line_id))  # type: ignore[misc]
    refused(officer, NotFound, lambda: quotes.approve(officer, one, quote_id, officer.new_id()))
    quotes.approve(officer, one, quote_id, line_id)
    refused(officer, AlreadyApproved, lambda: quotes.approve(officer, one, quote_id, line_id))
    refused(officer, WorkMoved, lambda: make_quote(officer, lodge, one))


def test_a_grant_that_is_over_or_has_not_begun_pays_nothing(officer: Context, lodge: Lodge) -> None:
    work_id = make_work(officer, lodge)
    quote_id = make_quote(officer, lodge, work_id, 100)
    over = make_line(officer, lodge.city, code="OLD", ends_on=days(-1))
    refusal = refused(officer, GrantOver, lambda: quotes.approve(officer, work_id, quote_id, over))
    assert refusal.values == {"day": days(-1)}
    last_day = make_line(officer, lodge.city, code="LAST", ends_on=TODAY)
    coming = make_line(officer, lodge.city, code="NEXT")
    _grant_of(officer, coming).starts_on = days(1)
    refused(officer, GrantNotBegun, lambda: quotes.approve(officer, work_id, quote_id, coming))
    assert [line.id for line in lines_with_money(officer, lodge.city.id)] == [last_day]
    quotes.approve(officer, work_id, quote_id, last_day)


def test_quotes_of_less_than_nothing_of_too_much_or_of_nobody_are_refused(
    officer: Context, lodge: Lodge
) -> None:
    work_id = make_work(officer, lodge)
    for new, refusal in (
        (NewQuote("Edil", -1, TODAY), AmountNegative),
        (NewQuote("Edil", 100_000_001, TODAY), AmountTooLarge),
        (NewQuote("", 100, TODAY), FirmMissing),
        (NewQuote("Edil", 100, days(1)), DayToCome),
    ):
        refused(officer, refusal, lambda new=new: quotes.add_quote(officer, work_id, new))  # type: ignore[misc]
    assert state_of(officer, work_id) is WorkState.REQUESTED
    refused(officer, NotFound, lambda: make_quote(officer, lodge, officer.new_id()))


def test_steps_are_taken_in_their_order_and_not_before_they_happen(
    officer: Context, lodge: Lodge, clock: FrozenClock
) -> None:
    work_id = make_work(officer, lodge)
    refused(officer, WorkMoved, lambda: working.end(officer, work_id, TODAY))
    refused(officer, WorkMoved, lambda: working.inspect(officer, work_id, is_well=True, words=""))
    refused(officer, DayToCome, lambda: working.begin(officer, work_id, days(1)))
    working.begin(officer, work_id, TODAY)
    refused(officer, WorkMoved, lambda: working.begin(officer, work_id, TODAY))
    refused(officer, WorkMoved, lambda: working.refuse_work(officer, work_id, "No"))
    refused(officer, DayTooEarly, lambda: working.end(officer, work_id, days(-1)))
    working.end(officer, work_id, TODAY)
    refused(officer, WorkMoved, lambda: working.plan_work(officer, work_id, Plan()))


def test_a_work_that_is_not_done_gives_its_money_and_nights_back(
    officer: Context, lodge: Lodge
) -> None:
    line_id = make_line(officer, lodge.city, 60_000)
    work_id = make_work(officer, lodge, beds=2)
    quotes.approve(officer, work_id, make_quote(officer, lodge, work_id), line_id)
    working.refuse_work(officer, work_id, "Il proprietario non vuole")
    assert nights_of(officer, work_id) == []
    assert lines_with_money(officer, lodge.city.id)[0].left_cents == 60_000
    assert work_page(officer, work_id).refused == "Il proprietario non vuole"
    open_rows, _more = works_of(officer, lodge.city.id)
    over_rows, _more = works_of(officer, lodge.city.id, is_open=False)
    assert ([row.id for row in open_rows], [row.id for row in over_rows]) == ([], [work_id])


def test_a_work_of_a_safe_house_is_there_for_its_team_alone(
    ctx: Context, lodge: Lodge, store: FileStore
) -> None:
    insider = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Sara Safe"))
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Celata", team=[insider.own_id])
    inside, outside = ctx.acting(insider), ctx.acting(lodge.officer)
    new = NewWork(WorkKind.OTHER, "Serratura", Plan(TODAY, days(2), beds[:1]))
    work_id = working.request_work(inside, unit_id, new)
    assert [row.id for row in works_of(inside, lodge.city.id)[0]] == [work_id]
    assert works_of(outside, lodge.city.id)[0] == []
    photo = keep_photo(inside, store, work_id, FileKind.BEFORE, Paper("image/jpeg", b"x"))
    for act in (
        lambda: work_page(outside, work_id),
        lambda: working.request_work(outside, unit_id, new),
        lambda: working.plan_work(outside, work_id, Plan()),
        lambda: make_quote(outside, lodge, work_id),
        lambda: working.begin(outside, work_id, TODAY),
        lambda: working.refuse_work(outside, work_id, "No"),
        lambda: read_file(outside, store, photo),
    ):
        refused(outside, NotFound, act)


def test_another_city_finds_neither_the_work_nor_the_line(ctx: Context, lodge: Lodge) -> None:
    abroad = make_lodge(ctx, slug="latina")
    work_id = make_work(ctx, lodge)
    line_abroad = make_line(ctx.acting(abroad.officer), abroad.city)
    refused(ctx, NotFound, lambda: work_page(ctx.acting(abroad.officer), work_id))
    officer = ctx.acting(lodge.officer)
    quote_id = make_quote(officer, lodge, work_id, 10)
    refused(officer, NotFound, lambda: quotes.approve(officer, work_id, quote_id, line_abroad))


def test_photos_are_sealed_on_the_disk_and_gone_when_taken_away(
    database: Database, store: FileStore
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        lodge = make_lodge(ctx)
        work_id = make_work(ctx, lodge)
    body = io.BytesIO()
    Image.new("RGB", (20, 20)).save(body, "JPEG")
    with database.unit_of_work(lodge.officer) as ctx:
        kept = Paper("image/jpeg", body.getvalue())
        file_id = keep_photo(ctx, store, work_id, FileKind.AFTER, kept)
    with database.unit_of_work(lodge.officer) as ctx:
        row = ctx.db.get_one(HousingFile, file_id)
        assert body.getvalue() not in store.get(row.stored_as)
        assert read_file(ctx, store, file_id) == kept
        assert [photo.id for photo in work_page(ctx, work_id).photos_of(FileKind.AFTER)] == [
            file_id
        ]
        with pytest.raises(NotFound):
            keep_photo(ctx, store, work_id, FileKind.CONTRACT, kept)
        remove_photo(ctx, store, work_id, file_id)
    with database.unit_of_work(lodge.officer) as ctx:
        assert work_page(ctx, work_id).photos == []
        with pytest.raises(NotFound):
            store.get(ctx.db.get_one(HousingFile, file_id).stored_as)
