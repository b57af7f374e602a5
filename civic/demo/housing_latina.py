"""The flats of Latina for fast housing: who lives there, who waits, and what owners offer."""

from functools import partial

from civic.demo.housing_shape import (
    DemoCheck,
    DemoFlat,
    DemoGrant,
    DemoHousing,
    DemoIncident,
    DemoMarket,
    DemoOffer,
    DemoOwner,
    DemoProposal,
    DemoRoom,
    DemoStay,
    DemoSupport,
    DemoUnit,
    DemoWork,
    Left,
    Longer,
    Waiting,
    man,
    woman,
)
from civic.demo.staff import DESK_OF_LATINA, HOUSING_OF_LATINA, LEAD_OF_LATINA
from civic.housing.rules.market import FlatState, Paper
from civic.housing.rules.placing import (
    Criterion,
    IncidentKind,
    Need,
    Outcome,
    RefusedFor,
    Urgency,
)
from civic.housing.rules.stock import (
    CheckKind,
    Guarantee,
    OfferRefusal,
    OwnerKind,
    UnitKind,
    Who,
    WorkKind,
)
from civic.housing.rules.support import Curve, SupportKind

CONTACTS = ("+46 70 174 06 96", "+46 70 174 06 97")
SINCE = 230

GRANTS = (
    DemoGrant(
        "casa", "CASA-LT", "Casa in fretta: alloggi temporanei", 18_000_000,
        (("LAV", "Lavori leggeri", 2_400_000), ("ARR", "Arredi", 900_000)),
    ),
    DemoGrant("affitti", "AFF-LT", "Sostegno alla locazione", 6_000_000),
)  # fmt: skip

PICCARELLO = DemoOwner(
    OwnerKind.PRIVATE,
    "Signora Pasquali",
    "+46 70 174 06 94",
    words="Eredita la casa della zia. Vuole vederla abitata.",
    guarantees=(Guarantee.DEPOSIT, Guarantee.SMALL_WORKS, Guarantee.ONE_CONTACT),
)
OFFERS = (
    DemoOffer(
        "q4",
        DemoOwner(OwnerKind.PUBLIC_BODY, "Azienda delle case popolari",
                  email="alloggi@case-popolari.example.org"),
        250, "Q4", 3, 31_000, "Viale dei Pini, scala B",
        "Due anni rinnovabili, a canone agevolato.",
        visit=244, found="In ordine. Manca solo la cucina.", accepted=240,
    ),
    DemoOffer(
        "piccarello", PICCARELLO, 41, "Piccarello", 4, 45_000, "Via delle Calle, primo piano",
        visit=36, found="Solida e asciutta. Bagno vecchio, pareti da rifare.", accepted=30,
    ),
    DemoOffer(
        "sabotino",
        DemoOwner(OwnerKind.PRIVATE, "Signor Tombolillo", "+46 70 174 06 95"),
        55, "Borgo Sabotino", 2, 38_000, "Strada della Marina", visit=50, is_fit=False,
        found="Infiltrazioni dal tetto, impianto elettrico da rifare.",
        refused=(48, OfferRefusal.TOO_MUCH_WORK, "Servirebbe il doppio di quello che abbiamo."),
    ),
    DemoOffer(
        "q5",
        DemoOwner(OwnerKind.AGENCY, "Agenzia del Canale", email="casa@agenzia-canale.example.org"),
        15, "Q5", 3, 52_000, "Via delle Acacie, terzo piano", visit=6,
        found="Pronto da abitare. L'ascensore c'è.",
    ),
    DemoOffer(
        "centro",
        DemoOwner(OwnerKind.ASSOCIATION, "Casa degli amici", email="ciao@casa-amici.example.org"),
        9, "Centro", 2, 0, "Vicolo del Mercato", "Due stanze in comodato, per donne.", visit=-4,
    ),
    DemoOffer(
        "isonzo", DemoOwner(OwnerKind.PRIVATE, "Signor Ferrarese"), 3, "Isonzo", 3, 48_000,
        "Via delle Querce",
    ),
    DemoOffer(
        "gionchetto-due", DemoOwner(OwnerKind.PRIVATE, "Signora Mandatori"), 80, "Gionchetto", 2,
        40_000, "Via del Pozzo", withdrawn=72,
    ),
)  # fmt: skip

UNITS = (
    DemoUnit(
        "q4", "Appartamento Q4", UnitKind.TEMPORARY, "Q4", "Viale dei Pini, scala B",
        (DemoRoom("Camera grande", 2), DemoRoom("Cameretta", 2)), SINCE, takes=(Who.FAMILIES,),
        contacts=CONTACTS, night_cost_cents=650, grant="casa", offer="q4", rent_cents=31_000,
        checks=(DemoCheck(CheckKind.BOILER, 12, done=200), DemoCheck(CheckKind.LIFT, 6, done=30)),
    ),
    DemoUnit(
        "piave", "Appartamento Borgo Piave", UnitKind.TEMPORARY, "Borgo Piave",
        "Strada dei Bonificatori, piano terra",
        (
            DemoRoom("Camera grande", 2, is_step_free=True),
            DemoRoom("Camera sul cortile", 2, is_step_free=True),
            DemoRoom("Studio", 1, is_step_free=True),
        ),
        SINCE, takes=(Who.FAMILIES,), is_step_free=True, contacts=CONTACTS, night_cost_cents=650,
        grant="casa", rent_cents=42_000, entry="La rampa è sul lato del cortile.",
        checks=(DemoCheck(CheckKind.GAS, 12, done=180),),
    ),
    DemoUnit(
        "gionchetto", "Appartamento Gionchetto", UnitKind.TEMPORARY, "Gionchetto",
        "Via del Pozzo, secondo piano",
        (DemoRoom("Camera grande", 2), DemoRoom("Camera piccola", 1)), SINCE, contacts=CONTACTS,
        night_cost_cents=650, grant="casa", rent_cents=36_000,
        checks=(DemoCheck(CheckKind.BOILER, 12, due_in=25),),
    ),
    DemoUnit(
        "pronta", "Stanza di pronta accoglienza", UnitKind.EMERGENCY, "Centro",
        "Palazzo comunale, ingresso dal giardino",
        (DemoRoom("Stanza", 3, is_step_free=True),), SINCE, is_step_free=True,
        entry="Si suona al custode, a tutte le ore.", contacts=CONTACTS, night_cost_cents=1_800,
        grant="casa", checks=(DemoCheck(CheckKind.FIRE, 6, done=60),),
    ),
    DemoUnit(
        "piccarello", "Appartamento Piccarello", UnitKind.TEMPORARY, "Piccarello",
        "Via delle Calle, primo piano",
        (DemoRoom("Camera grande", 2), DemoRoom("Camera dei ragazzi", 3)), 28,
        takes=(Who.FAMILIES,), contacts=CONTACTS, night_cost_cents=650, grant="casa",
        offer="piccarello", rent_cents=45_000,
    ),
)  # fmt: skip

WORKS = (
    DemoWork(
        "piccarello", WorkKind.PLUMBING, "Bagno nuovo e pareti imbiancate, prima di aprire.", 27,
        ("Camera grande", "Camera dei ragazzi"), 27, -17,
        (("Edilizia Pontina", 486_000), ("Fratelli Marangon", 539_000)), 21, "LAV", 14,
        is_shown=True,
    ),
    DemoWork(
        "q4", WorkKind.FURNISHING, "Cucina componibile e quattro letti.", 228,
        ("Camera grande", "Cameretta"), 228, 219, (("Arredi dell'Agro", 214_000),), 227, "ARR", 225,
        221, "Montata bene. Si può entrare.",
    ),
    DemoWork("gionchetto", WorkKind.FAULT, "Il frigorifero fa acqua.", 1),
)  # fmt: skip

S = partial(DemoStay, criteria=(Criterion.LOSES_HOME,))

STAYS = (
    S(people=(man("Balwinder Singh", 39), woman("Kulwinder Kaur", 36), woman("Jasmeen", 8),
              man("Arshdeep", 5)),
      language="pa", unit="q4", rooms=("Camera grande", "Cameretta"), came=128, until_in=100,
      criteria=(Criterion.LOSES_HOME, Criterion.SMALL_CHILD), needs=(Need.NEAR_SCHOOL,),
      by=DESK_OF_LATINA, pays_cents=20_000, deposit_cents=30_000),
    S(people=(woman("Mariam Keita", 26), woman("Aïcha", 2)), language="fr", unit="gionchetto",
      rooms=("Camera grande",), came=49, until_in=131, pays_cents=9_000, by=LEAD_OF_LATINA,
      criteria=(Criterion.LEAVES_RECEPTION, Criterion.SMALL_CHILD)),
    S(people=(man("Adel", 41),), language="ar", unit="gionchetto", rooms=("Camera piccola",), came=30,
      until_in=60, pays_cents=12_000, is_signed=False),
    S(people=(man("Lamin Sanyang", 24),), language="en", unit="pronta", rooms=("Stanza",), came=2,
      until_in=26, waited=0, urgency=Urgency.TONIGHT, criteria=(Criterion.SLEEPS_ROUGH,),
      by=DESK_OF_LATINA),
    S(people=(man("Mizanur Rahman", 37), woman("Rehana Begum", 32), man("Tanvir", 6)), language="bn",
      unit="piave", rooms=("Camera grande", "Camera sul cortile"), came=218, until_in=-40,
      pays_cents=18_000, deposit_cents=30_000,
      left=Left(63, Outcome.OWN_LEASE, "Hanno trovato a due vie da qui.")),
    S(people=(woman("Ioana", 44),), language="ro", unit="pronta", rooms=("Stanza",), came=75,
      until_in=-60, waited=0, urgency=Urgency.TONIGHT, longer=(Longer(61, -50, "Cerca ancora."),),
      left=Left(52, Outcome.OTHER_PROJECT, "Dalle suore, con un lavoro in cucina.")),
)  # fmt: skip

WAITING = (
    Waiting(
        people=(man("Shafiul Islam", 42), woman("Nargis Islam", 37), man("Sabbir", 14),
                woman("Sumaiya", 11), man("Naim", 4)),
        language="bn", asked=38, by=DESK_OF_LATINA, needs=(Need.NEAR_SCHOOL,),
        criteria=(Criterion.LOSES_HOME,), words="Lo sfratto è fissato. I ragazzi vanno a scuola in Q5.",
        changed=(16, (Criterion.LOSES_HOME, Criterion.SMALL_CHILD), "Il più piccolo ha quattro anni."),
        proposals=(
            DemoProposal(
                "piave", ("Camera grande", "Camera sul cortile", "Studio"), 20,
                (18, RefusedFor.SCHOOL_OR_WORK, "Troppo lontano dalla scuola, senza autobus."),
            ),
        ),
    ),
    Waiting(
        people=(woman("Тамара Остапенко", 41), man("Віктор Остапенко", 68, no_steps=True),
                woman("Злата", 10)),
        language="uk", asked=21, by=LEAD_OF_LATINA, urgency=Urgency.THIS_WEEK,
        criteria=(Criterion.ILL_OR_DISABLED, Criterion.LOSES_HOME),
        words="Il nonno è in carrozzina. Ora stanno al terzo piano, senza ascensore.",
        proposals=(DemoProposal("piave", ("Camera grande", "Camera sul cortile"), 3),),
    ),
    Waiting(
        people=(woman("Rokeya", 28),), language="bn", asked=20, by=LEAD_OF_LATINA, from_case=True,
        criteria=(Criterion.LOSES_HOME,), needs=(Need.QUIET,),
    ),
    Waiting(
        people=(man("Fode Camara", 24),), language="fr", asked=5, by=DESK_OF_LATINA,
        criteria=(Criterion.SLEEPS_ROUGH,), urgency=Urgency.THIS_WEEK,
    ),
    Waiting(
        people=(woman("Elena Rusu", 59),), language="ro", asked=2, by=LEAD_OF_LATINA,
        criteria=(Criterion.LEAVES_HOSPITAL,), urgency=Urgency.THIS_WEEK,
        words="Dimissioni previste per venerdì.",
    ),
)  # fmt: skip

SUPPORTS = (
    DemoSupport(
        "Balwinder Singh", SupportKind.RENT, 31_000, 10, 120, 112, "affitti", Curve(300, 900),
        by_bank=(4,),
    ),
    DemoSupport(
        "Mariam Keita", SupportKind.UTILITIES, 24_000, 4, 44, 40, "affitti", Curve(0, 500),
        is_monthly=False, by_bank=(2,),
    ),
    DemoSupport(
        "Mizanur Rahman", SupportKind.DEPOSIT, 84_000, 1, 69, 66, "affitti", is_monthly=False,
        for_stay=False,
    ),
    DemoSupport(
        "Mizanur Rahman", SupportKind.FIRST_MONTHS, 42_000, 6, 69, 62, "affitti",
        Curve(by_month=(200, 400, 600, 800, 900, 1000)), for_stay=False,
    ),
)  # fmt: skip

MARKETS = (
    DemoMarket(
        "Mizanur Rahman", 84, 142_000, 0, 2,
        (Paper.IDENTITY, Paper.PERMIT, Paper.TAX_CODE, Paper.PAYSLIPS),
        (
            DemoFlat(
                76, "Borgo Piave", 42_000, FlatState.AGREED, "Strada dei Bonificatori",
                DemoOwner(OwnerKind.PRIVATE, "Signor Bortolotto", "+46 70 174 06 98"),
                questions="Il bambino va a scuola qui?", answers="Sì, in seconda.",
                words="Li conosce già: sono i vicini.",
            ),
        ),
        lease=(70, 42_000, 84_000),
    ),
    DemoMarket("Adel", 12, 104_000, 12_000, 1, (Paper.IDENTITY, Paper.TAX_CODE)),
)  # fmt: skip

INCIDENTS = (
    DemoIncident(
        "q4", 47, IncidentKind.OTHER, "Un tubo del lavello si è staccato: acqua in cucina.",
        "Chiusa l'acqua, riparato il giorno stesso. Nessun danno.", who="Balwinder Singh",
    ),
)  # fmt: skip

LATINA = DemoHousing(
    "latina",
    HOUSING_OF_LATINA,
    GRANTS,
    UNITS,
    STAYS,
    OFFERS,
    WORKS,
    waiting=WAITING,
    incidents=INCIDENTS,
    supports=SUPPORTS,
    markets=MARKETS,
    ceilings=(500_000, 800_000, 6_000_000),
    account=("Comune di Latina, ufficio casa", "IT60X0542811101000000123456"),
)
