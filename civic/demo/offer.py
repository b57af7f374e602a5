"""Every project of the demonstration."""

from civic.demo.projects import (
    caserta,
    latina,
    napoli,
    palermo,
    potenza_green,
    potenza_town,
    trieste,
)

PROJECTS = (
    *potenza_green.PROJECTS,
    *potenza_town.PROJECTS,
    *caserta.PROJECTS,
    *latina.PROJECTS,
    *napoli.PROJECTS,
    *palermo.PROJECTS,
    *trieste.PROJECTS,
)
