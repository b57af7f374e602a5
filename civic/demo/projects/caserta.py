from datetime import time

from civic.catalogue.rules import Area
from civic.demo.shape import DemoProject, Meeting, Words, skills

PROJECTS = (
    DemoProject(
        key="alberi-villa-giaquinto-caserta",
        city="caserta",
        association="radici-di-tufo",
        area=Area.GREEN,
        minimum_age=14,
        languages=("it", "en", "fr"),
        skills=skills("plant green plants", "work in outdoor conditions", "work in teams"),
        meetings=(Meeting(5, time(10), 3, 18, "Villa Giaquinto, ingresso di via Galilei"),),
        liking=0.4,
        words={
            "it": Words(
                "Alberi e alloro a Villa Giaquinto",
                "Ogni sabato piantiamo alberi e facciamo crescere una siepe di alloro nella "
                "villa.\nCon noi ci sono i ragazzi delle comunità di accoglienza. Ogni pianta "
                "prende il nome di chi la cura.",
                "Scarpe chiuse. Pale, guanti e acqua li portiamo noi.",
            ),
            "en": Words(
                "Trees and laurel at Villa Giaquinto",
                "Every Saturday we plant trees and grow a laurel hedge in the park.\nYoung "
                "people from the reception homes work with us. Each plant is named after the "
                "person who cares for it.",
                "Closed shoes. We bring spades, gloves and water.",
            ),
            "fr": Words(
                "Des arbres et des lauriers à la Villa Giaquinto",
                "Chaque samedi, nous plantons des arbres et une haie de lauriers dans le parc.\n"
                "Les jeunes des foyers d'accueil sont avec nous. Chaque plante porte le nom de "
                "qui s'en occupe.",
                "Des chaussures fermées. Nous apportons pelles, gants et eau.",
            ),
            "ar": Words(
                "أشجار وغار في حديقة فيلا جاكوينتو",
                "كل يوم سبت نزرع الأشجار وسياجًا من الغار في الحديقة.\n"
                "معنا شباب من بيوت الاستقبال. كل نبتة تحمل اسم من يعتني بها.",
                "حذاء مغلق. المجارف والقفازات والماء من عندنا.",
            ),
        },
    ),
    DemoProject(
        key="pista-di-pattinaggio-caserta",
        city="caserta",
        association="panchina-blu",
        area=Area.TERRITORY,
        minimum_age=14,
        languages=("it", "en"),
        skills=skills("paint surfaces", "use personal protection equipment", "work in teams"),
        meetings=(Meeting(6, time(9, 30), 3, 16, "Pista di pattinaggio, lato spogliatoi", 2),),
        liking=0.4,
        words={
            "it": Words(
                "La pista di pattinaggio torna a colori",
                "Con un gruppo scout puliamo la pista, grattiamo la vernice vecchia e la "
                "ridipingiamo.\nQuando finiamo, i bambini possono pattinare di nuovo.",
                "Vestiti vecchi. Pennelli, mascherine e guanti li diamo noi.",
            ),
            "en": Words(
                "Colour for the skating rink",
                "With a scout group we clean the rink, scrape off the old paint and paint it "
                "again.\nWhen we are done, the children can skate once more.",
                "Old clothes. We give you brushes, masks and gloves.",
            ),
            "fr": Words(
                "Des couleurs pour la piste de patinage",
                "Avec un groupe scout, nous nettoyons la piste, nous grattons l'ancienne "
                "peinture et nous la repeignons.\nEnsuite les enfants pourront de nouveau "
                "patiner.",
                "De vieux vêtements. Nous donnons pinceaux, masques et gants.",
            ),
            "ar": Words(
                "ألوان جديدة لساحة التزلج",
                "مع مجموعة كشافة ننظف الساحة ونكشط الطلاء القديم ثم نطليها من جديد.\n"
                "وحين ننتهي يعود الأطفال إلى التزلج.",
                "ملابس قديمة. الفرش والكمامات والقفازات من عندنا.",
            ),
        },
    ),
    DemoProject(
        key="piazza-cavour-caserta",
        city="caserta",
        association="radici-di-tufo",
        area=Area.TERRITORY,
        minimum_age=16,
        languages=("it", "fr", "ar"),
        skills=skills(
            "clean public furniture",
            "use personal protection equipment",
            "participate actively in civic life",
        ),
        meetings=(Meeting(5, time(10), 3, 20, "Piazza Cavour, Rione Tescione", 2),),
        liking=0.35,
        words={
            "it": Words(
                "Piazza Cavour, più pulita e con i fiori",
                "Nel Rione Tescione puliamo la piazza, sistemiamo i cestini e mettiamo vasi di "
                "fiori.\nParliamo con chi abita lì: ogni vaso trova qualcuno che lo annaffia.",
                "Scarpe comode. Il materiale lo portiamo noi.",
            ),
            "en": Words(
                "Piazza Cavour, cleaner and in flower",
                "In the Rione Tescione we clean the square, put up bins and set out pots of "
                "flowers.\nWe talk with the people who live there: every pot finds somebody to "
                "water it.",
                "Comfortable shoes. We bring what is needed.",
            ),
            "fr": Words(
                "Piazza Cavour, plus propre et fleurie",
                "Dans le Rione Tescione, nous nettoyons la place, nous posons des corbeilles et "
                "des pots de fleurs.\nNous parlons avec les habitants : chaque pot trouve "
                "quelqu'un pour l'arroser.",
                "Des chaussures confortables. Nous apportons le matériel.",
            ),
            "ar": Words(
                "ساحة كافور أنظف ومزهرة",
                "في حي تيشوني ننظف الساحة ونركّب سلال المهملات ونضع أصص الزهور.\n"
                "نتحدث مع السكان: لكل أصيص من يسقيه.",
                "حذاء مريح. نحن نحضر اللوازم.",
            ),
        },
    ),
    DemoProject(
        key="panchine-via-gemito-caserta",
        city="caserta",
        association="panchina-blu",
        area=Area.TERRITORY,
        minimum_age=16,
        languages=("it", "en"),
        skills=skills("paint surfaces", "clean public furniture", "follow verbal instructions"),
        meetings=(Meeting(5, time(10), 3, 8, "Via Gemito, vicino alla fontanella", 2),),
        liking=0.7,
        words={
            "it": Words(
                "Le panchine di via Gemito",
                "Smontiamo le assi rotte, le carteggiamo, le dipingiamo e le rimettiamo a posto."
                "\nUn falegname in pensione ci mostra come si fa.",
                "Vestiti da lavoro. Gli attrezzi li diamo noi.",
            ),
            "en": Words(
                "The benches of via Gemito",
                "We take out the broken planks, sand them, paint them and put them back.\n"
                "A retired carpenter shows us how.",
                "Work clothes. We give you the tools.",
            ),
            "fr": Words(
                "Les bancs de la via Gemito",
                "Nous démontons les planches cassées, nous les ponçons, nous les peignons et "
                "nous les remettons.\nUn menuisier à la retraite nous montre comment faire.",
                "Des vêtements de travail. Nous donnons les outils.",
            ),
            "ar": Words(
                "مقاعد شارع جيميتو",
                "نفك الألواح المكسورة وننعّمها ونطليها ونعيدها إلى مكانها.\nنجار متقاعد يعلّمنا كيف.",
                "ملابس عمل. الأدوات من عندنا.",
            ),
        },
    ),
)
