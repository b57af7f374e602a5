"""Words from which names and projects of the large data are put together."""

from dataclasses import dataclass

from civic.catalogue.rules import Area
from civic.demo.shape import Words


@dataclass(frozen=True)
class Activity:
    area: Area
    titles: dict[str, str]
    """By language; `{place}` is filled in."""
    doings: dict[str, str]
    bring: dict[str, str]

    def words(self, language: str, place: str) -> Words:
        return Words(
            self.titles[language].format(place=place),
            self.doings[language],
            self.bring[language],
        )


_SHOES = {
    "it": "Scarpe chiuse. Guanti e attrezzi li diamo noi.",
    "en": "Closed shoes. We give you gloves and tools.",
    "fr": "Des chaussures fermées. Nous donnons gants et outils.",
    "ar": "حذاء مغلق. القفازات والأدوات من عندنا.",
}
_NOTHING = {
    "it": "Niente: c'è tutto.",
    "en": "Nothing: everything is there.",
    "fr": "Rien : tout est sur place.",
    "ar": "لا شيء: كل شيء موجود.",
}
_PLANT = {
    "it": "Piantiamo, annaffiamo e curiamo quello che cresce. Chi sa, insegna.",
    "en": "We plant, water and look after what grows. Those who know teach.",
    "fr": "Nous plantons, arrosons et soignons ce qui pousse. Qui sait, enseigne.",
    "ar": "نزرع ونسقي ونعتني بما ينمو. ومن يعرف يعلّم.",
}
_COMPANY = {
    "it": "Stiamo insieme, ascoltiamo e aiutiamo nelle piccole cose di ogni giorno.",
    "en": "We spend time together, listen and help with the small things of the day.",
    "fr": "Nous passons du temps ensemble, nous écoutons et aidons dans le quotidien.",
    "ar": "نمضي الوقت معًا ونصغي ونساعد في أمور اليوم الصغيرة.",
}
_REPAIR = {
    "it": "Puliamo, dipingiamo e ripariamo, un passo alla volta e in sicurezza.",
    "en": "We clean, paint and repair, one step at a time and safely.",
    "fr": "Nous nettoyons, peignons et réparons, pas à pas et en sécurité.",
    "ar": "ننظف ونطلي ونصلح، خطوة خطوة وبأمان.",
}

ACTIVITIES = (
    Activity(
        Area.GREEN,
        {
            "it": "Alberi e siepi, {place}",
            "en": "Trees and hedges, {place}",
            "fr": "Arbres et haies, {place}",
            "ar": "أشجار وسياج أخضر، {place}",
        },
        _PLANT,
        _SHOES,
    ),
    Activity(
        Area.GREEN,
        {
            "it": "L'orto di tutti, {place}",
            "en": "Everybody's garden, {place}",
            "fr": "Le potager de tous, {place}",
            "ar": "بستان الجميع، {place}",
        },
        _PLANT,
        _SHOES,
    ),
    Activity(
        Area.CARE,
        {
            "it": "Pranzo con i vicini, {place}",
            "en": "Lunch with the neighbours, {place}",
            "fr": "Repas entre voisins, {place}",
            "ar": "غداء مع الجيران، {place}",
        },
        _COMPANY,
        _NOTHING,
    ),
    Activity(
        Area.CARE,
        {
            "it": "Parole e moduli allo sportello, {place}",
            "en": "Words and forms at the desk, {place}",
            "fr": "Mots et formulaires au guichet, {place}",
            "ar": "كلمات واستمارات في المكتب، {place}",
        },
        _COMPANY,
        _NOTHING,
    ),
    Activity(
        Area.TERRITORY,
        {
            "it": "La piazza in ordine, {place}",
            "en": "A tidy square, {place}",
            "fr": "La place en ordre, {place}",
            "ar": "ساحة مرتبة، {place}",
        },
        _REPAIR,
        _SHOES,
    ),
    Activity(
        Area.TERRITORY,
        {
            "it": "Panchine e ringhiere, {place}",
            "en": "Benches and railings, {place}",
            "fr": "Bancs et rambardes, {place}",
            "ar": "مقاعد ودرابزين، {place}",
        },
        _REPAIR,
        _SHOES,
    ),
)

PLACES = (
    "via dei Mille", "piazza del Mercato", "via della Stazione", "giardini della Pace",
    "largo San Rocco", "via dell'Acquedotto", "borgo Nuovo", "piazza delle Erbe",
    "via del Mulino", "parco della Collina", "rione Alto", "via delle Scuole",
    "piazzetta del Pozzo", "viale dei Tigli", "via del Porto", "cortile delle Case Rosse",
)  # fmt: skip

DISTRICTS = (
    ("Centro storico", 0.000, 0.000), ("Stazione", 0.008, 0.012), ("Borgo Nuovo", -0.011, 0.009),
    ("Rione Alto", 0.018, -0.006), ("Case Rosse", -0.016, -0.014), ("Collina", 0.027, 0.019),
    ("Tre Mulini", -0.029, 0.006), ("Lungofiume", 0.004, -0.031),
)  # fmt: skip
"""Quarters that every made city has, and how many degrees they lie from its middle."""

ASSOCIATION_NAMES = (
    "Mani Insieme", "Il Ponte di Legno", "Terra e Pane", "La Finestra Aperta", "Radici Nuove",
    "Il Filo Rosso", "Passi Vicini", "La Fontana", "Casa del Vento", "Semi di Quartiere",
)  # fmt: skip

GIVEN_NAMES = (
    "Amadou", "Aicha", "Bilal", "Blessing", "Carmen", "Chidi", "Daouda", "Elena", "Fatou",
    "Farhan", "Grace", "Hassan", "Ines", "Ibrahima", "Joy", "Karim", "Lamin", "Layla", "Mariam",
    "Mykola", "Nadia", "Nasrin", "Omar", "Oksana", "Precious", "Rahim", "Salif", "Samira",
    "Tarek", "Yaw", "আমিনুল", "রুমা", "يوسف", "مريم", "سمير", "Ірина", "Богдан",
)  # fmt: skip

FAMILY_INITIALS = "ABCDEFGHIJKLMNOPRSTVWYZ"
"""With one name only, or a name and a letter: what people go by."""

ORIGINS = (
    ("BD", ("bn", "it"), "it"), ("NG", ("en", "it"), "en"), ("ML", ("bm", "fr"), "fr"),
    ("MA", ("ar", "fr"), "ar"), ("PK", ("ur", "en"), "en"), ("SN", ("wo", "fr"), "fr"),
    ("UA", ("uk", "it"), "it"), ("EG", ("ar",), "ar"), ("GM", ("wo", "en"), "en"),
    ("PE", ("es", "it"), "it"), ("TN", ("ar", "fr"), "ar"), ("GH", ("en",), "en"),
    (None, ("fr",), "fr"),
)  # fmt: skip
"""Nationality when said, languages spoken, language read."""
