"""Invented staff. One of each role can sign in; these passwords open demonstrations only."""

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

WITH_SIGN_IN = (ORGANISER, OFFICER, CASE_WORKER, COORDINATOR, ADMINISTRATOR, OFFICER_OF_CASERTA)

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
    DemoStaff("Vesna Kralj", Role.CASE_WORKER, "trieste"),
)
"""They post, insure, check in and approve, so that every city has its history; without password."""

STAFF = WITH_SIGN_IN + BEHIND_THE_SCENES
