"""A picture that is changed while a badge is being signed with it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from sqlalchemy import select, update

from civic.badges import issuing
from civic.badges.defining import change_picture
from civic.badges.issuing import Signer
from civic.badges.models import Achievement, Award, Credential
from civic.badges.startup import TEAMWORK
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.accounts import actor_of
from tests.integration.badges.conftest import make_badge_town

FIRST, SECOND = "a" * 32, "b" * 32
LONG_ENOUGH_TO_OVERTAKE = 0.5


def test_a_picture_changed_while_a_badge_is_signed_is_not_taken_from_under_it(
    real_database: Database, signer: Signer
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        town = make_badge_town(ctx)
        own = Achievement(
            id=ctx.new_id(), code="own-hedges", municipality_id=town.city.id,
            association_id=town.gardeners.id, area=None, level=1, names={"it": "Siepi"},
            descriptions={}, criteria={"it": "Quattro sabati."},
            rule={"minutes": 600, "sessions": 4}, skills=[TEAMWORK],
            picture=FIRST, picture_alt="Una siepe", made_at=ctx.now(),
        )  # fmt: skip
        ctx.db.add(own)
        ctx.db.flush()
        own_id = own.id
        ctx.db.execute(update(Award).where(Award.id == town.award_id).values(achievement_id=own_id))
        gardener = actor_of(ctx, town.organiser_id)
    signed, was_asked = Event(), Event()

    def sign() -> None:
        with real_database.unit_of_work(system_in(town.city.id)) as ctx:
            issuing.issue(ctx, signer, town.award_id)
            ctx.db.flush()
            signed.set()
            was_asked.wait(10)
            # The other has every chance to come in between, if it may.
            Event().wait(LONG_ENOUGH_TO_OVERTAKE)

    def change() -> str:
        signed.wait(10)
        was_asked.set()
        with real_database.unit_of_work(gardener) as ctx:
            return change_picture(ctx, own_id, SECOND, "Una panchina")

    with ThreadPoolExecutor(2) as pool:
        signing, changing = pool.submit(sign), pool.submit(change)
        signing.result(20)
        gone = changing.result(20)
    with real_database.reading(system_in(town.city.id)) as ctx:
        named = ctx.db.scalars(
            select(Credential.picture).where(Credential.award_id == town.award_id)
        ).all()
    assert named == [FIRST]
    assert gone == ""
