"""Invented people who come to the desks or are met in the street, and the cases of Latina."""

from civic.cases.access import Data
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import Purpose
from civic.demo.case_shape import Awaiting, DemoCase, Line, Met, Part, ToDo, Turn, Walked, Yes
from civic.demo.staff import DESK, DESK_OF_LATINA, LEAD, LEAD_OF_LATINA

# Napoli, the street

TEAM = "Squadra Lanterna"
OUTINGS = (
    Walked(12, "Stazione centrale, piazza Garibaldi", {"women": 4, "men": 15, "minors": 1, "unknown": 3}),
    Walked(5, "Via Toledo e Galleria", {"women": 6, "men": 11, "minors": 0, "unknown": 2}),
)  # fmt: skip

MET = (
    Met("nonno", 0, 15, "Nonno Blu", "60_plus", "it", ("shelter", "health"), ("blanket", "listening"),
        "Portico della stazione", "Ha il cappotto blu e racconta del porto. Le gambe gli fanno male.",
        "Chiedere se viene in ambulatorio"),
    Met("cane", 0, 40, "Quello del cane", "40_59", "uk", ("food", "papers"), ("food", "information"),
        "Piazza Garibaldi, lato tram", "Non lascia il cane, per questo evita il dormitorio.",
        "Cercare un posto che accetti il cane"),
    Met("capitano", 0, 75, "Capitano", "25_39", "fr", ("shelter", "health"), ("blanket", "clothes"),
        "Sottopasso", "Tossisce. Saluta tutti e aiuta a distribuire il tè.",
        "Portare uno sciroppo, proporre la visita"),
    Met("fiori", 1, 10, "La signora dei fiori", "40_59", "ro", ("listening", "clothes"),
        ("food", "listening"), "Galleria, ingresso sud", "Parla volentieri, del resto preferisce non dire."),
    Met("nonno", 1, 35, "Nonno Blu", "60_plus", "it", ("shelter", "health"), ("food", "accompaniment"),
        "Via Toledo", "Ha accettato l'ambulatorio: lo accompagniamo martedì.",
        "Martedì alle 9 sotto il portico"),
    Met("capitano", 1, 70, "Capitano", "25_39", "fr", ("shelter", "health", "work"), ("information",),
        "Via Toledo", "Chiede di parlare con qualcuno allo sportello.", "Domani con noi allo sportello"),
)  # fmt: skip

# Napoli, the desk

MUHAMMAD = DemoCase(
    "muhammad",
    "ur",
    {"given": "Muhammad", "family": "Saleem", "born": "1994-05-02", "gender": "man",
     "nationality": "PK", "languages": ["ur", "pa"]},
    DESK,
    opened=9,
    intake=8,
    parts=(
        Part(
            LEAD,
            7,
            Data.SOCIAL,
            {
                "asked": "Un corso di italiano la sera e un medico.",
                "work": "Rider, dieci ore al giorno.",
                "learning": "Ha studiato meccanica.",
                "needs": ["work", "health"],
                "need_learning": "strong",
                "need_work": "some",
            },
        ),
        Part(LEAD, 7, Data.LEGAL_STATUS, {
            "permit_kind": "asylum", "permit": "PROVA-5120", "residence": "unknown",
        }, permit_in=120),
    ),
    lines=(Line(LEAD, 7, Data.SOCIAL, "Primo colloquio, con l'interprete al telefono.", "interview"),),
    tasks=(ToDo(7, "Trovare un corso serale.", 3, LEAD),),
)  # fmt: skip

MOHAMED = DemoCase(
    "mohamed",
    "ur",
    {"given": "Mohamed", "born": "1994", "gender": "man", "nationality": "PK", "languages": ["ur"]},
    DESK,
    opened=0,
)
"""Of whom nobody has noticed yet that he was here before, under a name that is written otherwise."""

NADIA = DemoCase(
    "nadia",
    "ar",
    {"given": "Nadia", "family": "Brahmi", "born": "1996-01-01", "gender": "woman",
     "nationality": "TN", "languages": ["ar", "fr"]},
    DESK,
    opened=6,
    intake=5,
    parts=(
        Part(
            LEAD,
            5,
            Data.SOCIAL,
            {
                "asked": "Un posto sicuro dove stare con il bambino.",
                "story": "È arrivata con il marito, da tre mesi vive da un'amica.",
                "household": "Con il figlio di quattro anni.",
                "work": "Nessun reddito. Ha lavorato in un panificio.",
                "networks": "L'amica che la ospita, la maestra del bambino.",
                "needs": ["shelter", "safety", "listening"],
                "need_home": "urgent",
                "need_children": "strong",
                "need_person": "strong",
                "need_work": "some",
            },
        ),
    ),
    lines=(Line(LEAD, 5, Data.SOCIAL, "Colloquio lungo, con la mediatrice. Il piccolo disegnava.",
                "interview"),),
    tasks=(ToDo(5, "Sentire la casa di accoglienza.", -1, LEAD),),
    appointments=(Awaiting(5, 1, 9, LEAD, "Seguito del colloquio, con la mediatrice"),),
)  # fmt: skip

AT_THE_DESK = (MUHAMMAD, NADIA)

# Latina

ROKEYA = DemoCase(
    "rokeya",
    "bn",
    {"given": "Rokeya", "gender": "woman", "nationality": "BD", "languages": ["bn", "it"]},
    DESK_OF_LATINA,
    opened=27,
    intake=26,
    in_charge=24,
    participant="Rokeya",
    consents=(
        Yes(25, Purpose.TAKING_CHARGE, "bn", True),
        Yes(25, Purpose.REMINDERS, "bn", True),
        Yes(25, Purpose.STATISTICS, "bn", True),
    ),
    parts=(
        Part(
            LEAD_OF_LATINA,
            26,
            Data.SOCIAL,
            {
                "asked": "Lavorare in sartoria e prendere la licenza media.",
                "household": "Con il marito e una bambina all'asilo.",
                "learning": "Cuce bene. Italiano A2.",
                "networks": "Le donne del laboratorio.",
                "needs": ["work"],
                "need_work": "some",
                "need_learning": "some",
                "need_children": "none",
            },
        ),
        Part(LEAD_OF_LATINA, 24, Data.LEGAL_STATUS, {
            "permit_kind": "family", "permit": "PROVA-7002", "residence": "yes",
        }, permit_in=310),
    ),
    lines=(
        Line(LEAD_OF_LATINA, 24, Data.SOCIAL, "Ha mostrato i vestiti che cuce: belli.", "interview"),
        Line(LEAD_OF_LATINA, 10, Data.SOCIAL, "Iscritta al corso per la licenza media.", "education"),
    ),
    tasks=(
        ToDo(24, "Portare la pagella alla segreteria del corso.", 9, None, True),
        ToDo(10, "Sentire il laboratorio per due mattine di prova.", 2, LEAD_OF_LATINA),
    ),
    appointments=(Awaiting(10, 3, 10, LEAD_OF_LATINA, "Orari del laboratorio e dell'asilo"),),
)  # fmt: skip

TESFAY_IN_LATINA = DemoCase(
    "tesfay",
    "ti",
    {},
    DESK_OF_LATINA,
    opened=16,
    intake=13,
    in_charge=12,
    consents=(Yes(13, Purpose.TAKING_CHARGE, "ti", True),),
    lines=(Line(LEAD_OF_LATINA, 12, Data.SOCIAL, "Si trova bene. La stanza è asciutta e vicina.",
                "home_visit"),),
    tasks=(ToDo(12, "Cambio di residenza: fissare l'ufficio.", -4, LEAD_OF_LATINA),),
)  # fmt: skip

GURWINDER = DemoCase(
    "gurwinder",
    "pa",
    {"given": "Gurwinder", "family": "Singh", "born": "1986", "gender": "man", "nationality": "IN",
     "languages": ["pa"]},
    DESK_OF_LATINA,
    opened=8,
    intake=7,
    parts=(Part(LEAD_OF_LATINA, 7, Data.SOCIAL, {
        "asked": "Capire la busta paga: ore e soldi non tornano.",
        "work": "Bracciante, da otto anni nella stessa azienda.",
        "networks": "Il tempio, i compagni di casa.",
        "needs": ["work", "papers"],
        "need_work": "strong",
    }),),
    lines=(Line(LEAD_OF_LATINA, 7, Data.SOCIAL, "Ha portato le buste paga in un sacchetto ordinato.",
                "interview"),),
    tasks=(ToDo(7, "Fissare un incontro con il sindacato.", 1, LEAD_OF_LATINA),),
)  # fmt: skip

SALIMATA = DemoCase(
    "salimata",
    "bm",
    {"given": "Salimata", "family": "Koné", "born": "1998", "gender": "woman", "nationality": "CI",
     "languages": ["bm", "fr"]},
    LEAD_OF_LATINA,
    opened=40,
    intake=39,
    in_charge=37,
    consents=(Yes(38, Purpose.TAKING_CHARGE, "fr", True), Yes(38, Purpose.SHARING, "fr", True)),
    parts=(Part(LEAD_OF_LATINA, 39, Data.SOCIAL, {
        "asked": "Un po' di tempo per studiare, mentre la bimba è al micronido.",
        "household": "Con la figlia di un anno.",
        "needs": ["listening", "work"],
        "need_children": "some",
        "need_learning": "strong",
    }),),
    lines=(Line(LEAD_OF_LATINA, 30, Data.SOCIAL, "La bimba ha cominciato il micronido.", "network"),),
    tasks=(ToDo(37, "Rapporter le carnet de vaccination.", 11, None, True, language="fr"),),
)  # fmt: skip

IONEL = DemoCase(
    "ionel",
    "ro",
    {"given": "Ionel", "born": "1971", "gender": "man", "nationality": "RO", "languages": ["ro", "it"]},
    DESK_OF_LATINA,
    opened=52,
    intake=51,
    turns=(
        Turn(45, CaseState.CLOSED, "Preferisce fare da solo. La porta resta aperta.", Ending.WITHDREW),
    ),
)  # fmt: skip

ANWAR = DemoCase(
    "anwar",
    "ar",
    {"given": "Anwar", "born": "2001", "gender": "man", "nationality": "SD", "languages": ["ar"]},
    DESK_OF_LATINA,
    opened=1,
)

OF_LATINA = (ROKEYA, GURWINDER, SALIMATA, IONEL, ANWAR)
