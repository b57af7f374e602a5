"""The dwellings of Trieste: the Casa comune di San Giovanni, floor by floor, and the flats in town to which
one goes on from there. Invented, down to the bell."""

from civic.demo.housing_shape import (
    DemoCheck,
    DemoClosure,
    DemoGrant,
    DemoHousing,
    DemoIncident,
    DemoOffer,
    DemoOwner,
    DemoRoom,
    DemoUnit,
    DemoWork,
)
from civic.demo.housing_trieste_money import MARKETS, SUPPORTS
from civic.demo.housing_trieste_people import STAYS, WAITING
from civic.demo.staff import HOUSING_OF_TRIESTE
from civic.housing.rules.nights import VoidReason
from civic.housing.rules.placing import IncidentKind
from civic.housing.rules.stock import (
    CheckKind,
    Gender,
    Guarantee,
    OfferRefusal,
    OwnerKind,
    UnitKind,
    Who,
    WorkKind,
)

SINCE = 388
COMMON_HOUSE = "Casa comune di San Giovanni, viale del parco"
CONTACTS = ("+46 70 174 06 94", "+46 70 174 06 95")
ENTRY = "Cancello alto, poi il vialetto. Il citofono ha i nomi dei piani."

GRANTS = (
    DemoGrant(
        "casa",
        "CASA-TS",
        "Coabitazione e percorso socio-educativo",
        42_000_000,
        (
            ("LAV", "Piccoli lavori", 4_500_000),
            ("ARR", "Arredi e corredi", 1_800_000),
            ("SIC", "Verifiche e sicurezza", 900_000),
        ),
    ),
    DemoGrant("affitti", "AFF-TS", "Accompagnamento all'affitto", 9_000_000),
)

HEIRS = DemoOwner(
    OwnerKind.PRIVATE,
    "Eredi Pertot",
    phone="+46 70 174 06 96",
    words="Tre fratelli; risponde la signora Dora. Preferisce il telefono.",
    guarantees=(Guarantee.GUARANTEE_FUND, Guarantee.SMALL_WORKS, Guarantee.ONE_CONTACT),
)
OFFERS = (
    DemoOffer(
        "valmaura", HEIRS, 402, "Valmaura", 3, 52_000, "Via delle Ginestre, terzo piano",
        "Vuoto da due anni. Chiedono solo che qualcuno risponda al telefono.",
        visit=398, found="Tre stanze luminose, caldaia nuova. Da imbiancare.", accepted=395,
    ),
    DemoOffer(
        "gretta",
        DemoOwner(OwnerKind.AGENCY, "Agenzia La Lanterna", "+46 70 174 06 97",
                  "affitti@la-lanterna.example.org"),
        40, "Gretta", 2, 94_000, "Salita dei Cedri",
        visit=33, found="Bello, ma caro per chi comincia.", is_fit=False,
        refused=(31, OfferRefusal.TOO_DEAR, "Quasi il doppio di quanto paga chi esce da qui."),
    ),
    DemoOffer(
        "servola-due",
        DemoOwner(OwnerKind.PRIVATE, "Signor Ukmar", "+46 70 174 06 98",
                  guarantees=(Guarantee.DEPOSIT, Guarantee.DAMAGE_INSURANCE)),
        12, "Servola", 3, 48_000, "Via del Roncheto, piano terra",
        "Ha saputo di noi dal parroco. Vorrebbe una famiglia.", visit=-3,
    ),
)  # fmt: skip

UNITS = (
    DemoUnit(
        "terra", "Casa comune, piano terra", UnitKind.COHOUSING, "San Giovanni", COMMON_HOUSE,
        (
            DemoRoom("Camera 1", 2, is_step_free=True),
            DemoRoom("Camera 2", 1, is_step_free=True),
            DemoRoom("Camera 3", 2, is_step_free=True, only_for=Gender.WOMAN),
            DemoRoom("Camera 4", 2, is_step_free=True, only_for=Gender.MAN),
        ),
        SINCE, is_step_free=True, entry=ENTRY, contacts=CONTACTS, night_cost_cents=1_350,
        rules="La cucina grande è di tutti: chi cucina per ultimo chiude il gas.", grant="casa",
        checks=(DemoCheck(CheckKind.BOILER, 12, done=120), DemoCheck(CheckKind.FIRE, 6, done=40)),
    ),
    DemoUnit(
        "primo", "Casa comune, primo piano", UnitKind.COHOUSING, "San Giovanni", COMMON_HOUSE,
        tuple(DemoRoom(f"Camera {number}", 2) for number in range(1, 6)),
        SINCE, takes=(Who.SINGLE_MEN,), entry=ENTRY, contacts=CONTACTS, night_cost_cents=1_350,
        rules="I turni delle pulizie stanno sul frigorifero.", grant="casa",
        checks=(DemoCheck(CheckKind.ELECTRICAL, 24, done=300),
                DemoCheck(CheckKind.FIRE, 6, done=41)),
    ),
    DemoUnit(
        "secondo", "Casa comune, secondo piano", UnitKind.COHOUSING, "San Giovanni", COMMON_HOUSE,
        (
            *(DemoRoom(f"Camera {number}", 2) for number in range(1, 5)),
            DemoRoom("Camera 5", 1),
            DemoRoom("Camera 6", 1),
        ),
        SINCE, entry=ENTRY, contacts=CONTACTS, night_cost_cents=1_350, grant="casa",
        checks=(DemoCheck(CheckKind.FIRE, 6, done=40),),
    ),
    DemoUnit(
        "donne", "Casa comune, ala delle donne", UnitKind.COHOUSING, "San Giovanni", COMMON_HOUSE,
        (
            *(DemoRoom(f"Camera {number}", 2, only_for=Gender.WOMAN) for number in range(1, 4)),
            DemoRoom("Camera 4", 1, only_for=Gender.WOMAN),
        ),
        SINCE, takes=(Who.SINGLE_WOMEN,), contacts=CONTACTS, night_cost_cents=1_400, grant="casa",
        entry="Cancello alto, porta verde a destra. Si suona due volte.",
        checks=(DemoCheck(CheckKind.BOILER, 12, done=120), DemoCheck(CheckKind.FIRE, 6, done=40)),
    ),
    DemoUnit(
        "ponziana", "Appartamento di Ponziana", UnitKind.COHOUSING, "Ponziana",
        "Via dell'Orsa, secondo piano",
        (DemoRoom("Camera grande", 3), DemoRoom("Camera azzurra", 2), DemoRoom("Cameretta", 2)),
        SINCE, takes=(Who.FAMILIES,), entry="Il portone si apre spingendo forte.",
        contacts=CONTACTS, night_cost_cents=1_100, grant="casa", rent_cents=78_000,
        checks=(DemoCheck(CheckKind.GAS, 12, done=60),),
    ),
    DemoUnit(
        "barriera", "Appartamento di Barriera Vecchia", UnitKind.COHOUSING, "Barriera Vecchia",
        "Via dei Tigli, quarto piano con ascensore",
        (DemoRoom("Camera grande", 4), DemoRoom("Cameretta", 2)),
        SINCE, takes=(Who.FAMILIES,), contacts=CONTACTS, night_cost_cents=1_100, grant="casa",
        rent_cents=69_000,
        checks=(DemoCheck(CheckKind.LIFT, 6, done=100), DemoCheck(CheckKind.GAS, 12, done=345)),
    ),
    DemoUnit(
        "roiano", "Appartamento di Roiano", UnitKind.COHOUSING, "Roiano", "Via del Pastrengo, mezzanino",
        (DemoRoom("Camera 1", 2), DemoRoom("Camera 2", 2), DemoRoom("Camera 3", 1)),
        SINCE, takes=(Who.SINGLE_MEN,), contacts=CONTACTS, night_cost_cents=950, grant="casa",
        rent_cents=61_000, checks=(DemoCheck(CheckKind.BOILER, 12, done=374),),
    ),
    DemoUnit(
        "valmaura", "Appartamento di Valmaura", UnitKind.SEMI_AUTONOMOUS, "Valmaura",
        "Via delle Ginestre, terzo piano",
        (DemoRoom("Camera 1", 2), DemoRoom("Camera 2", 1), DemoRoom("Camera 3", 1)),
        SINCE, contacts=CONTACTS, night_cost_cents=450, grant="casa", offer="valmaura",
        rent_cents=52_000, checks=(DemoCheck(CheckKind.BOILER, 12, done=200),),
    ),
    DemoUnit(
        "servola", "Appartamento di Servola", UnitKind.SEMI_AUTONOMOUS, "Servola",
        "Via dei Soncini, primo piano",
        (DemoRoom("Camera grande", 3), DemoRoom("Camera piccola", 1)),
        SINCE, takes=(Who.FAMILIES,), contacts=CONTACTS, night_cost_cents=450, grant="casa",
        rent_cents=49_000, checks=(DemoCheck(CheckKind.GAS, 12, done=30),),
    ),
)  # fmt: skip

WORKS = (
    DemoWork(
        "valmaura", WorkKind.PAINTING, "Imbiancare tutto prima di aprire.", 386,
        ("Camera 1", "Camera 2", "Camera 3"), 386, 372,
        (("Pitture Cossutta", 186_000), ("Bianco & Figli", 214_000)), 384, "LAV", 382, 374,
        "Asciutto e pulito. Si può abitare.", is_shown=True,
    ),
    DemoWork(
        "donne", WorkKind.PLUMBING, "La doccia del corridoio perde e bagna il muro.", 150,
        quotes=(("Idraulica Vascotto", 43_500),), approved=149, line="LAV", begun=147, done=146,
        found="Non perde più. Il muro si asciuga da solo.",
    ),
    DemoWork(
        "secondo", WorkKind.PAINTING, "Macchia di umido sopra la finestra: togliere, trattare, imbiancare.",
        11, ("Camera 4",), 6, -9, (("Pitture Cossutta", 128_000), ("Edil Carso", 151_000)), 9, "LAV", 5,
        is_shown=True,
    ),
    DemoWork(
        "ponziana", WorkKind.FURNISHING, "Un tavolo più grande e due letti a castello.", 8,
        quotes=(("Arredi del Porto", 91_000), ("Mobili Zerial", 87_500)),
    ),
    DemoWork(
        "roiano", WorkKind.ELECTRICAL, "Il salvavita scatta quando va la lavatrice.", 70,
        quotes=(("Elettro Muggia", 26_000),), approved=69, line="SIC", begun=67, done=3,
        found="",
    ),
    DemoWork(
        "terra", WorkKind.OTHER, "Un gazebo in cortile per l'estate.", 95,
        refused=(90, "Bello, ma il finanziamento paga solo gli alloggi."),
    ),
    DemoWork(
        "primo", WorkKind.FAULT, "The window of my room does not close well. At night the wind comes in.",
        2, reporter="Rahmat",
    ),
)  # fmt: skip

CLOSURES = (
    DemoClosure("primo", "Camera 5", 160, 160, 139, VoidReason.PESTS),
    DemoClosure("barriera", "Cameretta", 300, 299, 278, VoidReason.NO_HEATING_OR_WATER),
)

INCIDENTS = (
    DemoIncident(
        "primo", 130, IncidentKind.QUARREL,
        "Voci alte in cucina per i turni. Nessuno si è fatto male.",
        "Ne abbiamo parlato tutti insieme il giorno dopo. I turni ora sono scritti.",
    ),
    DemoIncident(
        "ponziana", 52, IncidentKind.HEALTH, "Il bambino è caduto dalle scale: un bernoccolo.",
        "Visto al pronto soccorso, a casa in serata.", who="Sediqullah Nazari",
    ),
    DemoIncident(
        "roiano", 21, IncidentKind.DAMAGE, "Vetro della porta rotto dal vento.",
        "Cambiato dal vetraio del rione.",
    ),
)  # fmt: skip

TRIESTE = DemoHousing(
    "trieste",
    HOUSING_OF_TRIESTE,
    GRANTS,
    UNITS,
    STAYS,
    OFFERS,
    WORKS,
    CLOSURES,
    WAITING,
    incidents=INCIDENTS,
    supports=SUPPORTS,
    markets=MARKETS,
    ceilings=(600_000, 900_000, 9_000_000),
    account=("Comune di Trieste, servizio abitare", "IT60X0542811101000000123456"),
    course="porta-accanto-trieste",
)
