"""Households that ask, as the people who write for them would type it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from civic.housing.operations.requests import NewRequest, open_request
from civic.housing.operations.residents import NewPerson
from civic.housing.rules.placing import Criterion, Need, Urgency
from civic.housing.rules.stock import Gender
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import make_person
from tests.factories.housing import Lodge, make_lodge

TODAY = date(2026, 3, 14)


def ask(
    ctx: Context,
    lodge: Lodge,
    *people: NewPerson,
    by: Actor | None = None,
    criteria: Sequence[Criterion] = (),
    needs: Sequence[Need] = (),
    urgency: Urgency = Urgency.THIS_WEEK,
    wanted_from: date = TODAY,
    wanted_until: date | None = None,
    **more: Any,
) -> UUID:
    """By the officer, unless somebody else asks."""
    new = NewRequest(
        lodge.city.id,
        people or [NewPerson("Awa Sarr", Gender.WOMAN, 1995)],
        more.pop("language", "fr"),
        urgency,
        wanted_from,
        wanted_until,
        needs,
        criteria,
        **more,
    )
    return open_request(ctx.acting(by or lodge.officer), new)


def typed(*names: str, **more: Any) -> dict[str, Any]:
    """What the form sends for these people."""
    told: dict[str, Any] = {
        "language": "fr",
        "urgency": "this_week",
        "wanted_from": "2026-03-20",
    }
    for number, name in enumerate(names):
        told[f"people-{number}-name"] = name
        told[f"people-{number}-gender"] = "untold"
    return told | {name.replace("__", "-"): value for name, value in more.items()}


@dataclass(frozen=True)
class Scene:
    lodge: Lodge
    account: UUID
    own: UUID
    """The request of somebody with an account."""
    other: UUID


def make_scene(acting: Callable[[Actor], AbstractContextManager[Context]]) -> Scene:
    """Two who wait for one of two beds, the first of them with an account."""
    with acting(system_in()) as ctx:
        lodge = make_lodge(ctx, beds=2)
        account = make_person(ctx, "Awa", lodge.city, phone="+393331234567")
    with acting(lodge.officer) as ctx:
        awa = NewPerson("Awa Sarr", Gender.WOMAN, 1995, account=account)
        own = ask(ctx, lodge, awa, criteria=[Criterion.LOSES_HOME])
        other = ask(ctx, lodge, NewPerson("Bilal Khan", Gender.MAN, 1990))
    return Scene(lodge, account, own, other)
