"""Beds of Napoli: a dormitory with room for tonight, two rooms to share, and a house that nobody knows of
but its team."""

from functools import partial

from civic.demo.housing_shape import (
    DemoCheck,
    DemoFlat,
    DemoGrant,
    DemoHousing,
    DemoIncident,
    DemoMarket,
    DemoOwner,
    DemoProposal,
    DemoRoom,
    DemoStay,
    DemoUnit,
    ForTonight,
    Left,
    Waiting,
    man,
    woman,
)
from civic.demo.staff import DESK, HOUSING_OFFICER, MOBILE_UNIT
from civic.housing.rules.market import FlatState, Paper
from civic.housing.rules.placing import Criterion, IncidentKind, Need, Outcome, Urgency
from civic.housing.rules.stock import CheckKind, Gender, OwnerKind, UnitKind, Who

CONTACTS = ("+46 70 174 06 94", "+46 70 174 06 95")
SINCE = 200
STREET = (Criterion.SLEEPS_ROUGH,)

GRANTS = (
    DemoGrant(
        "notte", "NOTTE-NA", "Accoglienza notturna e primi alloggi", 15_000_000,
        (("LAV", "Piccoli lavori", 1_500_000),),
    ),
)  # fmt: skip

UNITS = (
    DemoUnit(
        "dormitorio", "Dormitorio La Tenda blu", UnitKind.EMERGENCY, "Poggioreale",
        "Via del Riposo, cortile interno",
        (
            DemoRoom("Camerata uomini", 6, only_for=Gender.MAN),
            DemoRoom("Camerata donne", 4, only_for=Gender.WOMAN),
            DemoRoom("Stanza per famiglie", 4, is_step_free=True),
        ),
        SINCE, is_step_free=True, contacts=CONTACTS, night_cost_cents=1_900, grant="notte",
        entry="Cancello azzurro, aperto fino a mezzanotte; poi si suona.",
        rules="Alle nove del mattino si esce, con la colazione fatta.",
        checks=(DemoCheck(CheckKind.FIRE, 6, done=70), DemoCheck(CheckKind.BOILER, 12, done=150)),
    ),
    DemoUnit(
        "aminei", "Stanze ai Colli Aminei", UnitKind.COHOUSING, "Colli Aminei",
        "Viale delle Mimose, secondo piano",
        (DemoRoom("Stanza del balcone", 1), DemoRoom("Stanza verde", 1), DemoRoom("Stanza bassa", 1)),
        SINCE, takes=(Who.SINGLE_MEN,), contacts=CONTACTS, night_cost_cents=700, grant="notte",
        rent_cents=66_000, checks=(DemoCheck(CheckKind.GAS, 12, done=110),),
    ),
    DemoUnit(
        "rifugio", "Casa Ginestra", UnitKind.TEMPORARY, "Zona collinare", "Vico dei Gelsi",
        (DemoRoom("Stanza 1", 2), DemoRoom("Stanza 2", 2)), SINCE,
        takes=(Who.SINGLE_WOMEN, Who.FAMILIES), contacts=CONTACTS, night_cost_cents=2_400,
        grant="notte", entry="Solo accompagnate.", is_safe_house=True,
    ),
)  # fmt: skip

S = partial(DemoStay, criteria=STREET, urgency=Urgency.THIS_WEEK)

STAYS = (
    S(people=(man("Cheikh Ndao", 35),), language="fr", unit="dormitorio", rooms=("Camerata uomini",),
      came=17, until_in=43, waited=1, by=DESK),
    S(people=(man("Vasyl", 56),), language="uk", unit="dormitorio", rooms=("Camerata uomini",), came=9,
      until_in=51, waited=0, by=DESK, urgency=Urgency.TONIGHT),
    S(people=(woman("Gloria Ansah", 41),), language="en", unit="dormitorio",
      rooms=("Camerata donne",), came=24, until_in=36, waited=1),
    S(people=(man("Sampath", 49),), language="si", unit="dormitorio", rooms=("Camerata uomini",),
      came=95, until_in=-40, left=Left(48, Outcome.FAMILY, "Da un cugino, a Caivano.")),
    S(people=(man("Abdoulaye Sow", 33),), language="fr", unit="aminei", rooms=("Stanza verde",),
      came=140, until_in=225, waited=21, pays_cents=15_000, deposit_cents=10_000),
    S(people=(man("Mehdi", 28),), language="ar", unit="aminei", rooms=("Stanza bassa",), came=61,
      until_in=122, waited=14, pays_cents=12_000, deposit_cents=10_000),
    S(people=(woman("Rim", 30), man("Iyad", 5)), language="ar", unit="rifugio", rooms=("Stanza 1",),
      came=12, until_in=108, waited=0, urgency=Urgency.TONIGHT,
      criteria=(Criterion.IN_DANGER, Criterion.SMALL_CHILD), needs=(Need.HIDDEN,),
      words="Nessuno deve sapere dove sono."),
)  # fmt: skip

WAITING = (
    Waiting(
        people=(man("Souleymane", 28),), language="fr", asked=21, by=HOUSING_OFFICER, from_case=True,
        criteria=(Criterion.LOSES_HOME,), words="Va bene una stanza in tre, se si dorme la notte.",
        proposals=(DemoProposal("aminei", ("Stanza del balcone",), 6),),
    ),
    Waiting(
        people=(woman("Marcelline", 52, no_steps=True),), language="fr", asked=4, by=DESK,
        criteria=(Criterion.LEAVES_HOSPITAL,), urgency=Urgency.THIS_WEEK,
    ),
)  # fmt: skip

TONIGHT = (
    ForTonight("Toni", Gender.MAN, "en", MOBILE_UNIT, 1, 3, "Dormitorio La Tenda blu"),
    ForTonight("Bintou", Gender.WOMAN, "fr", MOBILE_UNIT, 1, 3, "Dormitorio La Tenda blu"),
)

MARKETS = (
    DemoMarket(
        "Souleymane", 15, 62_000, 0, 1, (Paper.IDENTITY, Paper.TAX_CODE),
        (
            DemoFlat(
                9, "Colli Aminei", 25_000, FlatState.VIEWED, "Viale delle Mimose",
                DemoOwner(OwnerKind.PRIVATE, "Signora Esposito Lauro", "+46 70 174 06 96"),
                questions="Fumi? Lavori la notte?", words="Gli piace il balcone.",
            ),
        ),
    ),
)  # fmt: skip

INCIDENTS = (
    DemoIncident(
        "dormitorio",
        7,
        IncidentKind.QUARREL,
        "Discussione per una coperta, poco dopo le undici.",
        "Ne abbiamo portate altre due. Si sono dati la mano.",
    ),
)

NAPOLI = DemoHousing(
    "napoli",
    HOUSING_OFFICER,
    GRANTS,
    UNITS,
    STAYS,
    waiting=WAITING,
    tonight=TONIGHT,
    incidents=INCIDENTS,
    markets=MARKETS,
)
