"""Invented people of Napoli who are taken in charge, as the staff wrote about them. Permit numbers begin
with a word that no office uses."""

from civic.cases.access import CaseRole, Data
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import AppointmentState, Purpose, Recipient
from civic.demo.case_shape import Awaiting, DemoCase, Line, Part, ToDo, Turn, Yes
from civic.demo.staff import (
    DESK,
    HOUSING_OFFICER,
    LEAD,
    LEGAL_ADVISER,
    MOBILE_UNIT,
    PSYCHOLOGIST,
)

WHOLE_TEAM = (
    (CaseRole.PSYCHOLOGIST, PSYCHOLOGIST),
    (CaseRole.LEGAL_ADVISER, LEGAL_ADVISER),
    (CaseRole.HOUSING_OFFICER, HOUSING_OFFICER),
)

SOULEYMANE = DemoCase(
    "souleymane",
    "fr",
    {
        "given": "Souleymane",
        "gender": "man",
        "nationality": "BF",
        "languages": ["fr", "bm"],
    },
    DESK,
    opened=34,
    intake=33,
    in_charge=30,
    team=WHOLE_TEAM,
    participant="Souleymane",
    consents=(
        Yes(31, Purpose.TAKING_CHARGE, "fr", True),
        Yes(31, Purpose.REMINDERS, "fr", True),
        Yes(31, Purpose.SHARING, "fr", True, Recipient.HEALTH_SERVICE),
        Yes(31, Purpose.STATISTICS, "fr", True),
    ),
    parts=(
        Part(
            LEAD,
            33,
            Data.SOCIAL,
            {
                "asked": "Vuole un lavoro con il contratto e una stanza dove dormire tutta la notte.",
                "story": "In Italia da sei anni, a Napoli da due. Ha lasciato la scuola per aiutare i suoi.",
                "household": "Vive solo. Dorme da un connazionale, finché può.",
                "work": "Qualche giornata in un magazzino, senza contratto.",
                "learning": "Legge e scrive in francese. Italiano A2, viene volentieri al corso.",
                "networks": "Il mediatore, i compagni dell'orto, una zia al telefono.",
                "needs": ["work", "shelter", "papers"],
                "need_work": "strong",
                "need_home": "strong",
                "need_learning": "some",
                "need_person": "none",
            },
        ),
        Part(
            LEAD,
            30,
            Data.LEGAL_STATUS,
            {
                "permit_kind": "special",
                "permit": "PROVA-2041",
                "residence": "no",
                "status_words": "Senza residenza: la casa dove dorme non gli dà la dichiarazione.",
            },
            permit_in=41,
        ),
        Part(
            PSYCHOLOGIST,
            28,
            Data.PROTECTION,
            {
                "exploitation": "unknown",
                "violence": "no",
                "minor_alone": "no",
                "illness": "no",
                "homeless": "yes",
                "permit_expiring": "yes",
                "protection_words": "Del magazzino parla poco. Riprendere con calma, con il mediatore.",
            },
        ),
        Part(
            PSYCHOLOGIST,
            24,
            Data.HEALTH,
            {
                "health_card": "yes",
                "health_words": "In buona salute. Ha il medico di base.",
                "mind_words": "Dorme male da quando non ha un letto suo. Nient'altro da segnalare.",
            },
        ),
        Part(
            LEGAL_ADVISER,
            26,
            Data.LEGAL_ADVICE,
            {
                "procedures": "Rinnovo della protezione speciale, da chiedere entro il mese.",
                "advice": "Raccogliere i contratti, anche brevi, e gli attestati del corso.",
            },
        ),
        Part(
            HOUSING_OFFICER,
            22,
            Data.HOUSING,
            {
                "sleeps": "hosted",
                "housing_words": "Una stanza vicina alla metro. Accetta la convivenza con altri due.",
            },
        ),
    ),
    lines=(
        Line(LEAD, 30, Data.SOCIAL, "Primo colloquio con il mediatore: sa che cosa vuole.", "interview"),
        Line(PSYCHOLOGIST, 24, Data.HEALTH, "Colloquio sereno. Ci rivediamo se lo chiede lui.",
             "psychological_interview"),
        Line(LEGAL_ADVISER, 26, Data.LEGAL_ADVICE, "Spiegato il rinnovo, passo per passo, in francese.",
             "legal_interview"),
        Line(HOUSING_OFFICER, 9, Data.HOUSING, "Vista insieme la stanza ai Colli Aminei: gli piace.",
             "viewing"),
        Line(LEAD, 6, Data.SOCIAL, "Con lui al centro per l'impiego: iscritto.", "accompaniment"),
    ),
    tasks=(
        ToDo(30, "Apporter les photos et le passeport pour le renouvellement.", 5, None, True,
             language="fr"),
        ToDo(30, "Aller au cours d'italien le mardi et le jeudi.", None, None, True, language="fr"),
        ToDo(26, "Preparare il modulo del rinnovo.", -3, LEGAL_ADVISER),
        ToDo(22, "Chiedere al proprietario il contratto della stanza.", 8, HOUSING_OFFICER),
        ToDo(28, "Iscriverlo al centro per l'impiego.", -8, LEAD, done=6),
    ),
    appointments=(
        Awaiting(20, -13, 10, LEAD, "A che punto siamo con il lavoro", AppointmentState.CAME),
        Awaiting(6, 2, 10, LEGAL_ADVISER, "Modulo del rinnovo, con il mediatore"),
        Awaiting(6, 6, 15, HOUSING_OFFICER, "Firma per la stanza ai Colli Aminei"),
    ),
)  # fmt: skip

IBRAHIMA = DemoCase(
    "capitano",
    "fr",
    {},
    MOBILE_UNIT,
    opened=12,
    intake=4,
    in_charge=3,
    team=WHOLE_TEAM,
    consents=(Yes(4, Purpose.TAKING_CHARGE, "fr", True), Yes(4, Purpose.STATISTICS, "fr", True)),
    parts=(
        Part(
            LEAD,
            4,
            Data.IDENTITY,
            {
                "called": "Capitano",
                "given": "Ibrahima",
                "family": "Baldé",
                "born": "1997",
                "age_band": "25_39",
                "gender": "man",
                "nationality": "GN",
                "languages": ["ff", "fr"],
            },
        ),
        Part(
            LEAD,
            4,
            Data.SOCIAL,
            {
                "asked": "Un posto al caldo e qualcuno che lo accompagni dal medico.",
                "story": "In strada da ottobre, dopo che ha perso il posto in cantiere.",
                "work": "Muratore. Oggi niente.",
                "networks": "L'unità mobile, e un amico che gli tiene lo zaino.",
                "needs": ["shelter", "health", "work"],
                "need_home": "urgent",
                "need_person": "strong",
                "need_work": "some",
            },
        ),
        Part(PSYCHOLOGIST, 3, Data.PROTECTION, {
            "exploitation": "no", "violence": "no", "minor_alone": "no", "illness": "yes",
            "homeless": "yes", "permit_expiring": "no",
            "protection_words": "La notte fuori pesa. Prima di tutto un letto.",
        }),
        Part(PSYCHOLOGIST, 2, Data.HEALTH, {
            "health_card": "no", "health_words": "Prende una terapia per la pressione, la porta con sé.",
        }),
        Part(HOUSING_OFFICER, 2, Data.HOUSING, {
            "sleeps": "dormitory",
            "housing_words": "Posto al dormitorio fino a fine mese, poi la convivenza.",
        }),
    ),
    lines=(
        Line(LEAD, 4, Data.SOCIAL, "È venuto con l'unità mobile e ha detto il suo nome.", "interview"),
        Line(PSYCHOLOGIST, 2, Data.HEALTH, "Accompagnato all'ambulatorio: visita e ricetta.",
             "health_visit"),
        Line(HOUSING_OFFICER, 2, Data.HOUSING, "Letto assegnato al dormitorio.", "housing_interview"),
    ),
    tasks=(
        ToDo(3, "Tessera sanitaria: fare la richiesta con lui.", 4, LEAD),
        ToDo(3, "Rentrer au dortoir avant 21 heures.", None, None, True, language="fr"),
    ),
    appointments=(Awaiting(3, 3, 11, PSYCHOLOGIST, "Come va al dormitorio"),),
)  # fmt: skip

_FAMILY_YES = (Yes(20, Purpose.TAKING_CHARGE, "uk", True), Yes(20, Purpose.STATISTICS, "uk", True))

SVITLANA = DemoCase(
    "svitlana",
    "uk",
    {
        "given": "Svitlana", "family": "Kovalchuk", "born": "1987-04-18", "gender": "woman",
        "nationality": "UA", "languages": ["uk", "ru"],
    },
    LEAD,
    opened=21,
    intake=20,
    in_charge=19,
    team=((CaseRole.PSYCHOLOGIST, PSYCHOLOGIST), (CaseRole.HOUSING_OFFICER, HOUSING_OFFICER)),
    consents=(
        *_FAMILY_YES,
        Yes(20, Purpose.SHARING, "uk", True, Recipient.SCHOOL),
        Yes(20, Purpose.SHARING, "uk", True, Recipient.HOUSING),
    ),
    parts=(
        Part(
            LEAD,
            20,
            Data.SOCIAL,
            {
                "asked": "Una casa per tutti e quattro, e la scuola per i bambini.",
                "household": "Con Andrii e i figli Daryna e Matvii.",
                "work": "Era maestra. Fa qualche ora in una mensa.",
                "learning": "Diploma, italiano A2.",
                "networks": "La parrocchia, una cugina a Caserta.",
                "needs": ["shelter", "work"],
                "need_home": "urgent",
                "need_children": "strong",
                "need_work": "some",
                "third_parties": "Andrii, Daryna, Matvii",
            },
        ),
        Part(HOUSING_OFFICER, 15, Data.HOUSING, {
            "sleeps": "hosted", "housing_words": "Due stanze, vicino alla scuola di Daryna.",
        }),
    ),
    lines=(
        Line(LEAD, 19, Data.SOCIAL, "Tutta la famiglia allo sportello, con la mediatrice.", "mediation"),
        Line(LEAD, 12, Data.SOCIAL, "Daryna e Matvii iscritti: cominciano lunedì.", "school"),
        Line(PSYCHOLOGIST, 10, Data.HEALTH, "Un ascolto con la madre. Tiene tutto sulle spalle.",
             "psychological_interview"),
        Line(HOUSING_OFFICER, 7, Data.HOUSING, "Vista una casa a Pianura: troppo lontana.", "viewing"),
    ),
    tasks=(
        ToDo(19, "Cercare due stanze vicino alla scuola.", -2, HOUSING_OFFICER),
        ToDo(12, "Записати дітей до їдальні.", 6, None, True, language="uk"),
    ),
    appointments=(Awaiting(7, 4, 12, HOUSING_OFFICER, "Visita di una casa al Vomero"),),
)  # fmt: skip


def _relative(key: str, given: str, born: str, gender: str) -> DemoCase:
    identity = {
        "given": given, "family": "Kovalchuk", "born": born, "gender": gender,
        "nationality": "UA", "languages": ["uk"],
    }  # fmt: skip
    return DemoCase(
        key, "uk", identity, LEAD, opened=21, intake=20, in_charge=19, consents=_FAMILY_YES
    )


ANDRII = _relative("andrii", "Andrii", "1984", "man")
DARYNA = _relative("daryna", "Daryna", "2013-09-02", "woman")
MATVII = _relative("matvii", "Matvii", "2018-01-27", "man")

TESFAY = DemoCase(
    "tesfay",
    "ti",
    {"given": "Tesfay", "born": "1995", "gender": "man", "nationality": "ER", "languages": ["ti", "ar"]},
    DESK,
    opened=48,
    intake=47,
    in_charge=45,
    team=((CaseRole.LEGAL_ADVISER, LEGAL_ADVISER),),
    consents=(
        Yes(46, Purpose.TAKING_CHARGE, "ti", True),
        Yes(18, Purpose.SHARING, "ti", True, Recipient.OTHER_CITY, "latina"),
    ),
    parts=(
        Part(
            LEAD,
            47,
            Data.SOCIAL,
            {
                "asked": "Lavorare la terra, come a casa sua.",
                "work": "Stagionale, da maggio assunto in un'azienda di Latina.",
                "learning": "Sa di serre e di irrigazione. Italiano A1.",
                "networks": "Un amico a Latina che gli cede una stanza.",
                "needs": ["work"],
                "need_work": "some",
                "need_learning": "strong",
            },
        ),
        Part(LEAD, 45, Data.LEGAL_STATUS, {
            "permit_kind": "refugee", "permit": "PROVA-1187", "residence": "yes",
        }, permit_in=700),
        Part(LEGAL_ADVISER, 40, Data.LEGAL_ADVICE, {
            "procedures": "Titolo di viaggio, ritirato.", "advice": "Dire il cambio di residenza a Latina.",
        }),
    ),
    lines=(Line(LEAD, 19, Data.SOCIAL, "Ha firmato il contratto. Si trasferisce a Latina.", "network"),),
    turns=(
        Turn(14, CaseState.CLOSED, "A Latina lo segue lo sportello unico.", Ending.MOVED_AWAY),
    ),
)  # fmt: skip

LAMINE = DemoCase(
    "lamine",
    "wo",
    {"given": "Lamine", "family": "Sarr", "born": "1990", "gender": "man", "nationality": "SN",
     "languages": ["wo", "fr"]},
    DESK,
    opened=60,
    intake=59,
    in_charge=57,
    team=((CaseRole.HOUSING_OFFICER, HOUSING_OFFICER),),
    consents=(Yes(58, Purpose.TAKING_CHARGE, "fr"), Yes(58, Purpose.REMINDERS, "fr")),
    parts=(Part(LEAD, 59, Data.SOCIAL, {
        "asked": "Riprendere gli studi di cucina.", "work": "Aiuto cuoco, a chiamata.",
        "needs": ["work"], "need_work": "some",
    }),),
    lines=(Line(LEAD, 40, Data.SOCIAL, "Parte per il Senegal: la madre sta poco bene.", "interview"),),
    turns=(Turn(38, CaseState.SUSPENDED, "Torna in primavera, e allora si riprende insieme."),),
)  # fmt: skip

GRACE = DemoCase(
    "grace",
    "en",
    {"given": "Grace", "family": "Boateng", "born": "1989-11", "gender": "woman", "nationality": "GH",
     "languages": ["en"]},
    DESK,
    opened=66,
    intake=65,
    in_charge=63,
    team=((CaseRole.PSYCHOLOGIST, PSYCHOLOGIST),),
    consents=(Yes(64, Purpose.TAKING_CHARGE, "en"), Yes(64, Purpose.STATISTICS, "en")),
    parts=(Part(LEAD, 65, Data.SOCIAL, {
        "asked": "Un lavoro con orari da mamma.", "work": "Sarta, ora assunta in un laboratorio.",
        "needs": ["work"], "need_work": "strong",
    }),),
    lines=(
        Line(LEAD, 50, Data.SOCIAL, "Tirocinio in sartoria, quattro mattine.", "work_orientation"),
        Line(LEAD, 17, Data.SOCIAL, "Assunta. Ha portato i pasticcini.", "interview"),
    ),
    tasks=(ToDo(63, "Portare il curriculum al laboratorio.", -45, None, True, done=50),),
    turns=(Turn(16, CaseState.CLOSED, "Lavora e ha casa: cammina da sola.", Ending.AUTONOMY),),
)  # fmt: skip

HASSAN = DemoCase(
    "hassan",
    "ar",
    {"given": "Hassan", "family": "Zerrouki", "born": "1982", "gender": "man", "nationality": "DZ",
     "languages": ["ar", "fr"]},
    LEAD,
    opened=64,
    intake=63,
    in_charge=61,
    team=((CaseRole.LEGAL_ADVISER, LEGAL_ADVISER),),
    consents=(Yes(62, Purpose.TAKING_CHARGE, "ar", True),),
    parts=(
        Part(LEAD, 63, Data.SOCIAL, {
            "asked": "Sistemare i documenti e tornare a guidare.", "work": "Autista, patente da convertire.",
            "needs": ["papers", "work"], "need_work": "strong",
        }),
        Part(LEAD, 8, Data.LEGAL_STATUS, {
            "permit_kind": "work", "permit": "PROVA-3310", "residence": "yes",
        }, permit_in=190),
    ),
    lines=(
        Line(LEAD, 44, Data.SOCIAL, "Ha trovato lavoro fuori città e ci saluta."),
        Line(LEAD, 9, Data.SOCIAL, "È tornato: il contratto è finito.", "interview"),
        Line(LEGAL_ADVISER, 5, Data.LEGAL_ADVICE, "Visti i documenti per la conversione della patente."),
    ),
    tasks=(ToDo(8, "Prenotare la visita medica per la patente.", -1, LEAD),),
    turns=(
        Turn(43, CaseState.CLOSED, "Lavora fuori città.", Ending.WITHDREW),
        Turn(9, CaseState.REOPENED, "Chiede di riprendere da dove eravamo."),
    ),
)  # fmt: skip

IN_CHARGE = (SOULEYMANE, SVITLANA, ANDRII, DARYNA, MATVII, TESFAY, LAMINE, GRACE, HASSAN)
"""Whoever was handed on or met in the street is worked on beside them."""
