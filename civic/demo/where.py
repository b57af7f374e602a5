"""Where the demonstration's projects meet, and what else their page says in a line.

Coordinates are of the quarter or the square, to two or three decimals.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Whereabouts:
    district: str
    latitude: float
    longitude: float
    is_wheelchair_accessible: bool = False
    needs_no_italian: bool = False
    is_occasional: bool = False
    needs_approval: bool = False


WHERE = {
    "alberi-villa-giaquinto-caserta": Whereabouts("Centro", 41.073, 14.337, True, True),
    "pista-di-pattinaggio-caserta": Whereabouts("Acquaviva", 41.066, 14.330, is_occasional=True),
    "piazza-cavour-caserta": Whereabouts("Rione Tescione", 41.080, 14.340, True),
    "panchine-via-gemito-caserta": Whereabouts("Rione Tescione", 41.082, 14.342),
    "aree-verdi-latina": Whereabouts("Centro", 41.467, 12.903, needs_no_italian=True),
    "sartoria-latina": Whereabouts("Centro", 41.466, 12.904, True, True),
    "cartelli-in-piu-lingue-latina": Whereabouts("Centro", 41.469, 12.906, True),
    "cura-di-se-latina": Whereabouts("Centro", 41.466, 12.904, True),
    "unita-di-strada-napoli": Whereabouts("Vasto", 40.853, 14.270, needs_approval=True),
    "sportello-in-tante-lingue-napoli": Whereabouts(
        "Stella", 40.858, 14.259, True, needs_approval=True
    ),
    "portineria-di-comunita-palermo": Whereabouts("Ballarò", 38.112, 13.360, True),
    "spazio-donne-palermo": Whereabouts("Kalsa", 38.117, 13.371, needs_approval=True),
    "casa-dei-diritti-palermo": Whereabouts("Centro", 38.120, 13.357, True),
    "orti-comuni-potenza": Whereabouts("Bucaletto", 40.631, 15.833, needs_no_italian=True),
    "verde-sotto-casa-potenza": Whereabouts("Montereale", 40.643, 15.799, True, True),
    "erbe-aromatiche-potenza": Whereabouts("Montereale", 40.643, 15.799, True),
    "un-albero-per-scuola-potenza": Whereabouts("Centro storico", 40.638, 15.805),
    "sentiero-del-fiume-potenza": Whereabouts("Musmeci", 40.627, 15.806),
    "vicoli-puliti-potenza": Whereabouts("Centro storico", 40.640, 15.806, needs_no_italian=True),
    "sartoria-potenza": Whereabouts("Centro storico", 40.641, 15.803, needs_no_italian=True),
    "cucina-dei-mondi-potenza": Whereabouts("Malvaccaro", 40.646, 15.787, True),
    "sport-di-cittadinanza-potenza": Whereabouts("Macchia Romana", 40.653, 15.815, True, True),
    "orto-della-casa-comune-trieste": Whereabouts("San Giovanni", 45.661, 13.799),
    "porta-accanto-trieste": Whereabouts("San Giovanni", 45.661, 13.799, True),
}
"""By the key of a project."""
