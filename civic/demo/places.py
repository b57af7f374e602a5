"""Six municipalities of the network and the invented associations that work there."""

from civic.demo.shape import DemoAssociation
from civic.tenancy.rules import LegalForm

CITIES = {
    "caserta": "Caserta",
    "latina": "Latina",
    "napoli": "Napoli",
    "palermo": "Palermo",
    "potenza": "Potenza",
    "trieste": "Trieste",
}

ODV, APS, COOPERATIVE = LegalForm.ODV, LegalForm.APS, LegalForm.SOCIAL_ENTERPRISE

ASSOCIATIONS = (
    DemoAssociation(
        "filo-verde", "Filo Verde Lucano ODV", ("potenza",), (), ODV,
        "Curiamo il verde dei quartieri di Potenza insieme a chi ci vive, da qualunque paese venga.",
    ),
    DemoAssociation(
        "vicoli", "Officina dei Vicoli APS", ("potenza",), (), APS,
        "Il centro storico è di tutti: lo puliamo, ci cuciniamo, ci giochiamo.",
    ),
    DemoAssociation(
        "ago-e-bussola", "Ago e Bussola, cooperativa sociale", ("potenza", "latina"), (),
        COOPERATIVE, "Laboratori di sartoria dove si impara un mestiere facendo cose utili.",
    ),
    DemoAssociation(
        "ponte-basento", "Il Ponte sul Fiume APS", (), ("potenza",), APS,
        "Vogliamo riaprire i sentieri lungo il Basento con chi abita vicino al fiume.",
    ),
    DemoAssociation(
        "radici-di-tufo", "Radici di Tufo ODV", ("caserta",), (), ODV,
        "Alberi, siepi e panchine: una piazza alla volta.",
    ),
    DemoAssociation(
        "panchina-blu", "La Panchina Blu APS", ("caserta",), ("napoli",), APS,
        "Ripariamo quello che sta in strada, con i ragazzi del quartiere.",
    ),
    DemoAssociation(
        "canale-verde", "Canale Verde APS", ("latina",), (), APS,
        "Teniamo in ordine i parchi e scriviamo cartelli che tutti capiscono.",
    ),
    DemoAssociation(
        "lanterna", "La Lanterna di Strada ODV", ("napoli",), (), ODV,
        "Di sera portiamo tè caldo, coperte e due parole a chi dorme fuori.",
    ),
    DemoAssociation(
        "vico-delle-lingue", "Vico delle Lingue APS", ("napoli",), (), APS,
        "Mediatori e vicini di casa: nessuno resta senza una parola.",
    ),
    DemoAssociation(
        "mazzo-di-chiavi", "Il Mazzo di Chiavi APS", ("palermo",), (), APS,
        "Portinerie di comunità: un posto dove si chiede e si offre una mano.",
    ),
    DemoAssociation(
        "bora-gentile", "Bora Gentile, cooperativa sociale", ("trieste",), (), COOPERATIVE,
        "Case comuni con un orto: si impara a vivere vicini.",
    ),
)  # fmt: skip

INSURERS = {
    "filo-verde": "Mutua Appennino Assicurazioni",
    "vicoli": "Mutua Appennino Assicurazioni",
    "ago-e-bussola": "Compagnia del Volontariato",
    "radici-di-tufo": "Compagnia del Volontariato",
    "panchina-blu": "Mutua Tirrena",
    "canale-verde": "Mutua Tirrena",
    "lanterna": "Compagnia del Volontariato",
    "vico-delle-lingue": "Mutua Tirrena",
    "mazzo-di-chiavi": "Compagnia del Volontariato",
    "bora-gentile": "Mutua Alto Adriatico",
}
"""Invented companies: each verified association insures its volunteers."""
