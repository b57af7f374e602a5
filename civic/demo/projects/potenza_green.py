"""Green-space care in Potenza, by the association whose organiser signs in."""

from datetime import time

from civic.catalogue.rules import Area
from civic.demo.shape import DemoProject, Meeting, Words, skills

SOCIAL_FARMING = DemoProject(
    key="orti-comuni-potenza",
    city="potenza",
    association="filo-verde",
    area=Area.GREEN,
    minimum_age=16,
    languages=("it", "en", "fr"),
    skills=skills(
        "plant green plants",
        "use gardening equipment",
        "work in outdoor conditions",
        "work in teams",
    ),
    meetings=(
        Meeting(1, time(9), 4, 14, "Fermata bus di Bucaletto, davanti all'edicola"),
        Meeting(3, time(9), 4, 14, "Fermata bus di Bucaletto, davanti all'edicola", every=2),
    ),
    liking=0.75,
    words={
        "it": Words(
            "Orti comuni sui terreni del quartiere",
            "Un terreno del Comune era vuoto da anni. Insieme lo facciamo tornare un orto.\n"
            "Prepariamo la terra, seminiamo, annaffiamo e raccogliamo. Chi sa, insegna a chi "
            "comincia. La verdura si divide tra tutti.",
            "Scarpe chiuse e vestiti che si possono sporcare. Guanti e attrezzi li diamo noi.",
        ),
        "en": Words(
            "Shared gardens on the neighbourhood's land",
            "A piece of public land stood empty for years. Together we turn it back into a "
            "garden.\nWe dig, sow, water and harvest. Those who know teach those who are new. "
            "Everybody takes vegetables home.",
            "Closed shoes and clothes that may get dirty. We give you gloves and tools.",
        ),
        "fr": Words(
            "Des potagers partagés sur les terres du quartier",
            "Un terrain de la commune était vide depuis des années. Ensemble, nous en refaisons "
            "un potager.\nNous préparons la terre, nous semons, nous arrosons, nous récoltons. "
            "Qui sait montre à qui commence. Les légumes se partagent entre tous.",
            "Des chaussures fermées et des vêtements qui peuvent se salir. Nous donnons les "
            "gants et les outils.",
        ),
        "ar": Words(
            "بساتين مشتركة على أرض الحي",
            "بقيت أرض البلدية فارغة سنوات طويلة. معًا نعيدها بستانًا.\n"
            "نحضّر التربة ونزرع ونسقي ونقطف. من يعرف يعلّم من يبدأ. والخضار نتقاسمها جميعًا.",
            "حذاء مغلق وملابس يمكن أن تتسخ. القفازات والأدوات من عندنا.",
        ),
    },
)

TODAYS_GARDEN = DemoProject(
    key="verde-sotto-casa-potenza",
    city="potenza",
    association="filo-verde",
    area=Area.GREEN,
    minimum_age=14,
    languages=("it", "en", "ar"),
    skills=skills(
        "perform ground maintenance activities",
        "prune hedges and trees",
        "use gardening equipment",
        "follow verbal instructions",
    ),
    meetings=(Meeting(5, time(9), 4, 20, "Parco di Montereale, ingresso principale"),),
    liking=0.6,
    words={
        "it": Words(
            "Il verde sotto casa",
            "Curiamo aiuole, siepi e piccoli prati del quartiere. Tagliamo l'erba, potiamo, "
            "raccogliamo le foglie.\nUn giardiniere lavora con noi e spiega ogni passo. Non "
            "serve esperienza.",
            "Scarpe chiuse e una bottiglia d'acqua. Guanti e attrezzi li diamo noi.",
        ),
        "en": Words(
            "The green on our doorstep",
            "We look after the flower beds, hedges and small lawns of the neighbourhood. We mow, "
            "prune and gather leaves.\nA gardener works with us and explains every step. You "
            "need no experience.",
            "Closed shoes and a bottle of water. We give you gloves and tools.",
        ),
        "fr": Words(
            "Le vert au pied de chez nous",
            "Nous soignons les parterres, les haies et les petites pelouses du quartier. Nous "
            "tondons, nous taillons, nous ramassons les feuilles.\nUn jardinier travaille avec "
            "nous et explique chaque geste. Aucune expérience demandée.",
            "Des chaussures fermées et une bouteille d'eau. Nous donnons les gants et les outils.",
        ),
        "ar": Words(
            "الخضرة أمام بيوتنا",
            "نعتني بأحواض الزهور والسياج الأخضر والمساحات الصغيرة في الحي. نقصّ العشب ونقلّم "
            "ونجمع الأوراق.\nيعمل معنا بستاني ويشرح كل خطوة. لا تحتاج إلى خبرة.",
            "حذاء مغلق وزجاجة ماء. القفازات والأدوات من عندنا.",
        ),
    },
)

DRAFT = DemoProject(
    key="erbe-aromatiche-potenza",
    city="potenza",
    association="filo-verde",
    area=Area.GREEN,
    minimum_age=14,
    languages=("it",),
    skills=skills("plant green plants"),
    meetings=(Meeting(2, time(15), 2, 10, "Da decidere con il Comune", every=2),),
    ending="draft",
    words={
        "it": Words(
            "Un'aiuola di erbe per cucinare",
            "Piantiamo basilico, menta e coriandolo in cassette lungo la scalinata. Chi passa "
            "può prenderne un rametto.",
        ),
    },
)

SUBMITTED = DemoProject(
    key="un-albero-per-scuola-potenza",
    city="potenza",
    association="filo-verde",
    area=Area.GREEN,
    minimum_age=16,
    languages=("it", "en"),
    skills=skills("plant green plants", "work in teams", "work in outdoor conditions"),
    meetings=(Meeting(4, time(14, 30), 3, 15, "Cancello della scuola di via Roma"),),
    ending="submitted",
    words={
        "it": Words(
            "Un albero per ogni classe",
            "Con bambini e genitori piantiamo alberi nel cortile della scuola.\nNoi prepariamo "
            "le buche e i sostegni, ogni classe sceglie il suo albero e lo annaffia.",
            "Scarpe chiuse. Pale e guanti li diamo noi.",
        ),
        "en": Words(
            "A tree for every class",
            "With children and parents we plant trees in the school yard.\nWe dig the holes and "
            "set the stakes; each class chooses its tree and waters it.",
            "Closed shoes. We give you spades and gloves.",
        ),
    },
)

SENT_BACK = DemoProject(
    key="sentiero-del-fiume-potenza",
    city="potenza",
    association="filo-verde",
    area=Area.TERRITORY,
    minimum_age=16,
    languages=("it",),
    skills=skills("use personal protection equipment", "work in outdoor conditions"),
    meetings=(Meeting(6, time(8, 30), 4, 12, "Ponte Musmeci, lato parcheggio"),),
    ending="sent_back",
    sent_back_reason=(
        "Bella idea. Manca però chi accompagna il gruppo vicino all'acqua e quali dispositivi "
        "di protezione date. Aggiungetelo e rimandatela: la guardo subito."
    ),
    words={
        "it": Words(
            "Il sentiero lungo il fiume",
            "Liberiamo il sentiero da rami e rifiuti e rimettiamo i segnali di legno.",
            "Scarponi o scarpe robuste.",
        ),
    },
)

PROJECTS = (SOCIAL_FARMING, TODAYS_GARDEN, DRAFT, SUBMITTED, SENT_BACK)
