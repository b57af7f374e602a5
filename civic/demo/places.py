"""Six municipalities of the network and the invented associations that work there."""

from civic.demo.shape import DemoAssociation

CITIES = {
    "caserta": "Caserta",
    "latina": "Latina",
    "napoli": "Napoli",
    "palermo": "Palermo",
    "potenza": "Potenza",
    "trieste": "Trieste",
}

ASSOCIATIONS = (
    DemoAssociation("filo-verde", "Filo Verde Lucano ODV", ("potenza",)),
    DemoAssociation("vicoli", "Officina dei Vicoli APS", ("potenza",)),
    DemoAssociation("ago-e-bussola", "Ago e Bussola, cooperativa sociale", ("potenza", "latina")),
    DemoAssociation("ponte-basento", "Il Ponte sul Fiume APS", (), asks_in=("potenza",)),
    DemoAssociation("radici-di-tufo", "Radici di Tufo ODV", ("caserta",)),
    DemoAssociation("panchina-blu", "La Panchina Blu APS", ("caserta",), asks_in=("napoli",)),
    DemoAssociation("canale-verde", "Canale Verde APS", ("latina",)),
    DemoAssociation("lanterna", "La Lanterna di Strada ODV", ("napoli",)),
    DemoAssociation("vico-delle-lingue", "Vico delle Lingue APS", ("napoli",)),
    DemoAssociation("mazzo-di-chiavi", "Il Mazzo di Chiavi APS", ("palermo",)),
    DemoAssociation("bora-gentile", "Bora Gentile, cooperativa sociale", ("trieste",)),
)

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
