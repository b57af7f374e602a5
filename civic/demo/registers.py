"""What some volunteers told for the register: all of it, a part, or nothing, as in life."""

from datetime import date, timedelta

from civic.accounts.queries import actor_of_person
from civic.demo.participants import Participants
from civic.demo.people import PEOPLE, WALKER
from civic.demo.shape import DemoPerson
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.enrolment.operations import details
from civic.enrolment.operations.details import Details

EACH = 4
"""Of so many people one told something."""
BIRTHPLACES = {
    "SO": "Mogadiscio",
    "GM": "Serekunda",
    "BD": "Dhaka",
    "BF": "Bobo-Dioulasso",
    "CM": "Douala",
    "MA": "Fès",
    "TN": "Sfax",
    "NG": "Benin City",
    "UA": "Харків",
    "PK": "Lahore",
}
HOUSES = ("Casa di accoglienza Il Cedro, via Vaccaro 9, Potenza", "Via Mazzini 120, Potenza", "")
FIRST_PROVISIONAL = 90_000_000_017
"""Codes of eleven digits, as the revenue agency gives them until somebody has a full one."""


def tell(timeline: Timeline, stage: Stage, people: Participants) -> None:
    """Each gets a corrected line in every register they stand in."""
    telling = [person for place, person in enumerate(PEOPLE) if place % EACH == 0]
    for place, person in enumerate(telling):
        at = timeline.now - timedelta(days=20, minutes=-9 * place)
        with timeline.acting(stage.everywhere) as ctx:
            actor = actor_of_person(ctx, people.ids[person])
        with timeline.acting(actor, at) as ctx:
            details.change_own_details(ctx, _told(person, place, people.birth_years[person]))


def _told(person: DemoPerson, place: int, birth_year: int) -> Details:
    return Details(
        str(FIRST_PROVISIONAL + 137 * place) if person is WALKER or place % 3 == 1 else "",
        date(birth_year, 1 + place % 12, 1 + place % 28) if place % 3 != 2 else None,
        BIRTHPLACES.get(person.nationality, ""),
        HOUSES[place % 3] if person.city == "potenza" else "",
    )
