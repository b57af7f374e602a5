"""What the agreement of a stay says, as plain JSON, frozen when it is to be signed.

language of the person's pages; municipality; unit {name, kind, address, is_hidden}; people [name];
beds [room and bed]; from, until, is_open_ended; pays_cents, deposit_cents; call {day, night};
own_rules

Days are ISO dates, money whole cents. The address of a safe house stands on no paper: a paper lies
about, and is shown to others.
"""

from collections.abc import Mapping
from typing import Any

from civic.housing.placing_models import Placement
from civic.housing.queries.stay_page import (
    Slept,
    dwelling_of,
    language_of,
    members_of,
    slept_of,
)
from civic.kernel.context import Context
from civic.tenancy.queries.standings import city_names


def agreement_content(ctx: Context, placement: Placement) -> Mapping[str, Any]:
    """Of a stay that came through a gate, as it stands now."""
    unit = dwelling_of(ctx, placement.unit_id)
    names = city_names(ctx, [placement.municipality_id])
    return {
        "language": language_of(ctx, placement),
        "municipality": names[placement.municipality_id],
        "unit": {
            "name": unit.name,
            "kind": unit.kind.value,
            "address": "" if unit.is_safe_house else unit.address,
            "is_hidden": unit.is_safe_house,
        },
        "people": [member.name for member in members_of(ctx, placement.id)],
        "beds": _beds(slept_of(ctx, placement.id)),
        "from": placement.first_night.isoformat(),
        "until": placement.until_night.isoformat(),
        "is_open_ended": placement.is_open_ended,
        "pays_cents": placement.pays_cents,
        "deposit_cents": placement.deposit_cents,
        "call": {"day": unit.contact_day, "night": unit.contact_night},
        "own_rules": unit.rules,
    }


def _beds(slept: list[Slept]) -> list[str]:
    """Those in which each of them sleeps in the end."""
    last = {each.resident_id: each for each in slept}
    return sorted({each.bed for each in last.values()})
