"""Cases that came to their end, and what is left of them."""

from uuid import UUID

from sqlalchemy import func, select

from civic.cases.access import CaseRole, Data
from civic.cases.models import (
    CaseFact,
    CaseFile,
    HouseholdMember,
)
from civic.cases.operations import entries, states
from civic.cases.operations.documents import Paper, keep_document
from civic.cases.operations.entries import NewEntry
from civic.cases.operations.erasing import ask_erasure, decide_erasure
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.households import add_member
from civic.cases.operations.referrals import NewReferral, refer
from civic.cases.queries.sealed import SUBJECTS
from civic.cases.retention import ErasureReason
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import EntryKind, Purpose, Recipient, Relation
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in
from tests.factories.cases import (
    House,
    consent,
    in_charge,
    make_house,
    participant,
    plant,
    stand_on,
)


def lived(database: Database, store: FileStore) -> tuple[House, UUID]:
    """A closed case that holds something in every table, of somebody with an account."""
    with database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
        abroad = make_house(ctx, "latina")
        person_id = participant(ctx, house)
    with database.unit_of_work(house.lead) as ctx:
        case_id = in_charge(ctx, house, person_id=person_id)
        stand_on(ctx, case_id, house, CaseRole.DESK, house.lead)
        plant(ctx, case_id, house, Data.HEALTH, {"mind_words": "sleeps badly"})
        lead = ctx.acting(house.lead)
        entries.add_entry(
            lead, case_id, NewEntry(Data.SOCIAL, EntryKind.NOTE, {"words": "Awa told her story"})
        )
        entries.add_task(lead, case_id, entries.NewTask("Go to the office"))
        paper = Paper("Permit of Awa", "application/pdf", b"%PDF- Awa")
        keep_document(lead, store, case_id, Data.LEGAL_STATUS, paper)
        sister = open_case(lead, NewCase(house.city.id, {"given": "Modou", "family": "Sarr"}))
        add_member(lead, case_id, sister, Relation.SIBLING)
        to_latina = consent(lead, case_id, Purpose.SHARING, Recipient.OTHER_CITY, abroad.city.id)
        refer(lead, case_id, NewReferral(to_latina, [Data.IDENTITY], words="please help"))
    close(database, house, case_id)
    return house, case_id


def close(database: Database, house: House, case_id: UUID) -> None:
    with database.unit_of_work(house.lead) as ctx:
        states.move(ctx, case_id, CaseState.CLOSED, ending=Ending.AUTONOMY, why="Awa is well")


def erase_by_two(database: Database, house: House, case_id: UUID) -> None:
    with database.unit_of_work(house.lead) as ctx:
        erasure_id = ask_erasure(ctx, case_id, ErasureReason.PERSON_ASKED)
    with database.unit_of_work(house.dpo) as ctx:
        decide_erasure(ctx, erasure_id, is_confirmed=True)


def left_of(database: Database, case_ids: list[UUID]) -> dict[str, int]:
    """Rows that still carry something sealed, or link to anybody."""
    found: dict[str, int] = {}
    with database.reading(system_in()) as ctx, unscoped(ctx.db, "what is left"):
        for model, subject in SUBJECTS.items():
            statement = select(func.count()).where(subject.in_(case_ids), model.sealed.is_not(None))
            found[model.__tablename__] = ctx.db.scalar(statement) or 0
        for linking in (CaseFact, HouseholdMember):
            statement = select(func.count()).where(linking.case_id.in_(case_ids))
            found[linking.__tablename__] = ctx.db.scalar(statement) or 0
        files = ctx.db.scalars(select(CaseFile).where(CaseFile.id.in_(case_ids))).all()
        found["person"] = sum(file.person_id is not None for file in files)
    return {name: count for name, count in found.items() if count}
