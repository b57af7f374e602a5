"""Invented staff. One of each role can sign in; these passwords open demonstrations only."""

from civic.accounts.rules import Discipline
from civic.demo.shape import DemoStaff
from civic.kernel.policy import Role

ORGANISER = DemoStaff(
    "Rosaria Lovallo",
    Role.ORGANISER,
    city="potenza",
    association="filo-verde",
    sign_in_name="organiser@example.org",
    password="verde-vicolo-pane",
    languages=("it", "fr"),
)
OFFICER = DemoStaff(
    "Donato Santarsiero",
    Role.OFFICER,
    city="potenza",
    sign_in_name="officer@example.org",
    password="ponte-piazza-luce",
    languages=("it", "en"),
)
CASE_WORKER = DemoStaff(
    "Lucia Summa",
    Role.CASE_WORKER,
    city="potenza",
    sign_in_name="caseworker@example.org",
    password="casa-passo-mano",
    languages=("it", "en", "ar"),
    discipline=Discipline.SOCIAL_WORKER,
)
COORDINATOR = DemoStaff(
    "Paola Righetti",
    Role.COORDINATOR,
    sign_in_name="coordinator@example.org",
    password="rete-venti-due",
    languages=("it", "en"),
)
ADMINISTRATOR = DemoStaff(
    "Fabio Marchetti",
    Role.ADMINISTRATOR,
    sign_in_name="administrator@example.org",
    password="chiave-scala-vento",
    languages=("it", "en"),
)
OFFICER_OF_CASERTA = DemoStaff(
    "Anna Iodice",
    Role.OFFICER,
    city="caserta",
    sign_in_name="officer.caserta@example.org",
    password="tufo-lauro-fonte",
    languages=("it", "en"),
)
DESK = DemoStaff(
    "Assunta Capuano",
    Role.DESK,
    city="napoli",
    sign_in_name="desk.napoli@example.org",
    password="tazza-porta-voce",
    languages=("it", "fr"),
)
MOBILE_UNIT = DemoStaff(
    "Gaetano Sannino",
    Role.MOBILE_UNIT,
    city="napoli",
    sign_in_name="street.napoli@example.org",
    password="notte-scarpa-brace",
    languages=("it", "en"),
)
LEAD = DemoStaff(
    "Rosa Cacace",
    Role.CASE_WORKER,
    city="napoli",
    sign_in_name="lead.napoli@example.org",
    password="filo-tavolo-alba",
    languages=("it", "fr"),
    discipline=Discipline.SOCIAL_WORKER,
)
PSYCHOLOGIST = DemoStaff(
    "Elena Scognamiglio",
    Role.CASE_WORKER,
    city="napoli",
    sign_in_name="psychologist.napoli@example.org",
    password="lago-sedia-respiro",
    discipline=Discipline.PSYCHOLOGIST,
)
LEGAL_ADVISER = DemoStaff(
    "Dario Pisacane",
    Role.CASE_WORKER,
    city="napoli",
    sign_in_name="legal.napoli@example.org",
    password="timbro-vela-carta",
    languages=("it", "en"),
    discipline=Discipline.LEGAL_ADVISER,
)
HOUSING_OFFICER = DemoStaff(
    "Patrizia Iovine",
    Role.HOUSING_OFFICER,
    city="napoli",
    sign_in_name="housing.napoli@example.org",
    password="tetto-pane-finestra",
)
CITY_COORDINATOR = DemoStaff(
    "Umberto Maresca",
    Role.CITY_COORDINATOR,
    city="napoli",
    sign_in_name="coordinator.napoli@example.org",
    password="mappa-golfo-sera",
)
DATA_PROTECTION = DemoStaff(
    "Chiara Starace",
    Role.DATA_PROTECTION,
    city="napoli",
    sign_in_name="dpo.napoli@example.org",
    password="lente-siepe-quiete",
)
LEAD_OF_LATINA = DemoStaff(
    "Federica Mauti",
    Role.CASE_WORKER,
    city="latina",
    sign_in_name="lead.latina@example.org",
    password="canale-grano-passo",
    languages=("it", "en"),
    discipline=Discipline.SOCIAL_WORKER,
)
DESK_OF_LATINA = DemoStaff(
    "Tiziano Fabiani",
    Role.DESK,
    city="latina",
    sign_in_name="desk.latina@example.org",
    password="duna-penna-saluto",
    languages=("it", "pa"),
)
CASE_WORKER_OF_TRIESTE = DemoStaff("Vesna Kralj", Role.CASE_WORKER, "trieste")
HOUSING_OF_TRIESTE = DemoStaff(
    "Nives Sancin",
    Role.HOUSING_OFFICER,
    city="trieste",
    sign_in_name="housing.trieste@example.org",
    password="scoglio-coperta-aurora",
    languages=("it", "en"),
)
HOUSING_OF_LATINA = DemoStaff(
    "Ornella Zanin",
    Role.HOUSING_OFFICER,
    city="latina",
    sign_in_name="housing.latina@example.org",
    password="argine-chiodo-lenzuolo",
    languages=("it", "fr"),
)

ON_CASES = (
    DESK,
    MOBILE_UNIT,
    LEAD,
    PSYCHOLOGIST,
    LEGAL_ADVISER,
    HOUSING_OFFICER,
    CITY_COORDINATOR,
    DATA_PROTECTION,
    LEAD_OF_LATINA,
    DESK_OF_LATINA,
)
"""Who opens case files, or watches over who does; they read what is written to their sign-in name."""

ON_HOUSING = (HOUSING_OF_TRIESTE, HOUSING_OF_LATINA)
"""Who keeps dwellings where nobody of `ON_CASES` does."""

WITH_SIGN_IN = (
    ORGANISER,
    OFFICER,
    CASE_WORKER,
    COORDINATOR,
    ADMINISTRATOR,
    OFFICER_OF_CASERTA,
    *ON_CASES,
    *ON_HOUSING,
)

BEHIND_THE_SCENES = (
    DemoStaff("Michele Pace", Role.ORGANISER, "potenza", "vicoli"),
    DemoStaff("Teresa Lapolla", Role.ORGANISER, "potenza", "ago-e-bussola"),
    DemoStaff("Gennaro Tartaglione", Role.ORGANISER, "caserta", "radici-di-tufo"),
    DemoStaff("Carla Merola", Role.ORGANISER, "caserta", "panchina-blu"),
    DemoStaff("Ivana Celani", Role.ORGANISER, "latina", "ago-e-bussola"),
    DemoStaff("Sergio Pontecorvi", Role.ORGANISER, "latina", "canale-verde"),
    DemoStaff("Giulia Mancini", Role.OFFICER, "latina"),
    DemoStaff("Ciro Ascione", Role.ORGANISER, "napoli", "lanterna"),
    DemoStaff("Nunzia Improta", Role.ORGANISER, "napoli", "vico-delle-lingue"),
    DemoStaff("Imma Carotenuto", Role.OFFICER, "napoli"),
    DemoStaff("Rosalia Cusimano", Role.ORGANISER, "palermo", "mazzo-di-chiavi"),
    DemoStaff("Salvo Randazzo", Role.OFFICER, "palermo"),
    DemoStaff("Marko Furlan", Role.ORGANISER, "trieste", "bora-gentile"),
    DemoStaff("Elena Cossutta", Role.OFFICER, "trieste"),
    CASE_WORKER_OF_TRIESTE,
)
"""They post, insure, check in and approve, so that every city has its history; without password."""

STAFF = WITH_SIGN_IN + BEHIND_THE_SCENES
