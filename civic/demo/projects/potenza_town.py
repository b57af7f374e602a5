"""Potenza: the lanes of the old town, and the laboratories."""

from datetime import time

from civic.catalogue.rules import Area
from civic.demo.shape import DemoProject, Meeting, Words, skills

PROJECTS = (
    DemoProject(
        key="vicoli-puliti-potenza",
        city="potenza",
        association="vicoli",
        area=Area.TERRITORY,
        minimum_age=16,
        languages=("it", "en", "fr", "bn"),
        skills=skills(
            "clean public furniture",
            "use personal protection equipment",
            "work in teams",
            "meet commitments",
        ),
        meetings=(Meeting(6, time(9), 3, 25, "Piazza Mario Pagano, davanti al teatro"),),
        liking=0.85,
        words={
            "it": Words(
                "Vicoli puliti nel centro storico",
                "In venticinque, con gli operatori dell'azienda dell'ambiente, puliamo i vicoli "
                "del centro.\nSpazziamo, laviamo le scale, togliamo le erbacce tra le pietre. "
                "Alla fine facciamo colazione insieme.",
                "Scarpe comode. Scope, guanti e pettorina li diamo noi.",
            ),
            "en": Words(
                "Clean lanes in the old town",
                "Twenty-five of us clean the lanes of the old town with the workers of the "
                "city's environmental company.\nWe sweep, wash the steps and pull weeds from "
                "between the stones. We end with breakfast together.",
                "Comfortable shoes. We give you brooms, gloves and a vest.",
            ),
            "fr": Words(
                "Des ruelles propres dans la vieille ville",
                "À vingt-cinq, avec les agents de la société de l'environnement, nous nettoyons "
                "les ruelles du centre.\nNous balayons, nous lavons les escaliers, nous enlevons "
                "les herbes entre les pierres. À la fin, petit déjeuner ensemble.",
                "Des chaussures confortables. Nous donnons balais, gants et gilet.",
            ),
            "ar": Words(
                "أزقة نظيفة في البلدة القديمة",
                "نحن خمسة وعشرون شخصًا، مع عمال شركة البيئة، ننظف أزقة وسط المدينة.\n"
                "نكنس ونغسل الدرج ونزيل الأعشاب من بين الحجارة. وفي النهاية نفطر معًا.",
                "حذاء مريح. المكانس والقفازات والسترة من عندنا.",
            ),
        },
    ),
    DemoProject(
        key="sartoria-potenza",
        city="potenza",
        association="ago-e-bussola",
        area=Area.CARE,
        minimum_age=16,
        languages=("it", "fr", "ar", "es"),
        skills=skills("follow verbal instructions", "work in teams", "meet commitments"),
        meetings=(
            Meeting(0, time(15), 3, 6, "Laboratorio di via Pretoria 118, primo piano"),
            Meeting(2, time(15), 3, 6, "Laboratorio di via Pretoria 118, primo piano", every=2),
        ),
        liking=1.0,
        words={
            "it": Words(
                "Laboratorio di sartoria",
                "Impariamo a usare la macchina da cucire e ripariamo vestiti per chi ne ha "
                "bisogno.\nSi comincia da un orlo e si arriva a una borsa finita. Sei posti, sei "
                "macchine.",
                "Un vestito tuo da riparare, se vuoi.",
            ),
            "en": Words(
                "Tailoring workshop",
                "We learn to use a sewing machine and mend clothes for people who need them.\n"
                "You start with a hem and end with a finished bag. Six places, six machines.",
                "Something of yours to mend, if you like.",
            ),
            "fr": Words(
                "Atelier de couture",
                "Nous apprenons à coudre à la machine et nous réparons des vêtements pour qui en "
                "a besoin.\nOn commence par un ourlet, on finit avec un sac. Six places, six "
                "machines.",
                "Un vêtement à vous à réparer, si vous voulez.",
            ),
            "ar": Words(
                "ورشة خياطة",
                "نتعلم استعمال آلة الخياطة ونصلح ملابس لمن يحتاج إليها.\n"
                "نبدأ بثنية بسيطة ونصل إلى حقيبة كاملة. ستة أماكن وست آلات.",
                "قطعة ملابس لك تريد إصلاحها، إن أحببت.",
            ),
        },
    ),
    DemoProject(
        key="cucina-dei-mondi-potenza",
        city="potenza",
        association="vicoli",
        area=Area.CARE,
        minimum_age=16,
        languages=("it", "en", "fr", "ar"),
        skills=skills("show empathy", "communicate with elderly groups", "work in teams"),
        meetings=(Meeting(4, time(16), 4, 10, "Cucina del centro sociale di Malvaccaro"),),
        liking=0.8,
        words={
            "it": Words(
                "Cuciniamo per il quartiere",
                "Ogni venerdì un gruppo cucina un piatto del suo paese. Poi apriamo la porta: "
                "vengono gli anziani e le famiglie della zona.\nSi impara a lavorare in una "
                "cucina pulita e sicura, e si mangia insieme.",
                "I capelli raccolti e un grembiule, se lo hai.",
            ),
            "en": Words(
                "Cooking for the neighbourhood",
                "Every Friday a group cooks a dish from home. Then we open the door: older "
                "people and families from around come to eat.\nYou learn to work in a clean and "
                "safe kitchen, and we share the meal.",
                "Hair tied back, and an apron if you have one.",
            ),
            "fr": Words(
                "Nous cuisinons pour le quartier",
                "Chaque vendredi, un groupe prépare un plat de son pays. Puis nous ouvrons la "
                "porte : les personnes âgées et les familles du coin viennent manger.\nOn apprend "
                "à travailler dans une cuisine propre et sûre, et on mange ensemble.",
                "Les cheveux attachés, et un tablier si vous en avez un.",
            ),
            "ar": Words(
                "نطبخ للحي",
                "كل يوم جمعة تطبخ مجموعة طبقًا من بلدها. ثم نفتح الباب فيأتي كبار السن "
                "والعائلات من حولنا.\nنتعلم العمل في مطبخ نظيف وآمن، ونأكل معًا.",
                "شعر مربوط، ومئزر إن كان عندك.",
            ),
        },
    ),
    DemoProject(
        key="sport-di-cittadinanza-potenza",
        city="potenza",
        association="vicoli",
        area=Area.CARE,
        minimum_age=14,
        languages=("it", "en"),
        skills=skills("work in teams", "meet commitments", "participate actively in civic life"),
        meetings=(Meeting(5, time(15, 30), 2, 24, "Campo di Macchia Romana", every=2),),
        liking=0.5,
        words={
            "it": Words(
                "Sport di cittadinanza",
                "Calcio, pallavolo e giochi per i ragazzi del quartiere. Tu alleni, arbitri o "
                "giochi con loro.\nPrima della partita curiamo il campo: righe, reti, rifiuti.",
                "Scarpe da ginnastica e acqua.",
            ),
            "en": Words(
                "Sport for everyone",
                "Football, volleyball and games for the young people of the neighbourhood. You "
                "coach, referee or play with them.\nBefore the match we tidy the field: lines, "
                "nets, litter.",
                "Trainers and water.",
            ),
            "fr": Words(
                "Le sport pour tous",
                "Football, volley et jeux pour les jeunes du quartier. Vous entraînez, vous "
                "arbitrez ou vous jouez avec eux.\nAvant le match, nous préparons le terrain : "
                "lignes, filets, déchets.",
                "Des baskets et de l'eau.",
            ),
            "ar": Words(
                "رياضة للجميع",
                "كرة قدم وكرة طائرة وألعاب لشباب الحي. تدرّب أو تحكّم أو تلعب معهم.\n"
                "قبل المباراة نرتب الملعب: الخطوط والشباك والنفايات.",
                "حذاء رياضي وماء.",
            ),
        },
    ),
)
