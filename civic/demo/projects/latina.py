from datetime import time

from civic.catalogue.rules import Area
from civic.demo.shape import DemoProject, Meeting, Words, skills

PROJECTS = (
    DemoProject(
        key="aree-verdi-latina",
        city="latina",
        association="canale-verde",
        area=Area.GREEN,
        minimum_age=16,
        languages=("it", "en", "pa"),
        skills=skills(
            "perform ground maintenance activities",
            "use gardening equipment",
            "use personal protection equipment",
        ),
        meetings=(
            Meeting(2, time(8, 30), 4, 12, "Parco comunale, ingresso di viale XVIII Dicembre"),
        ),
        liking=0.35,
        words={
            "it": Words(
                "Le aree verdi della città",
                "Tagliamo l'erba, curiamo le siepi e teniamo puliti i vialetti dei parchi.\n"
                "Si impara a usare bene e in sicurezza le macchine da giardino.",
                "Scarpe robuste e cappello. Le protezioni le diamo noi.",
            ),
            "en": Words(
                "The green areas of the city",
                "We mow the grass, care for the hedges and keep the park paths clean.\n"
                "You learn to use garden machines well and safely.",
                "Sturdy shoes and a hat. We give you the protective gear.",
            ),
            "fr": Words(
                "Les espaces verts de la ville",
                "Nous tondons l'herbe, nous soignons les haies et nous gardons propres les "
                "allées des parcs.\nOn apprend à bien utiliser les machines de jardin, en "
                "sécurité.",
                "Des chaussures solides et un chapeau. Nous donnons les protections.",
            ),
            "ar": Words(
                "المساحات الخضراء في المدينة",
                "نقصّ العشب ونعتني بالسياج ونحافظ على نظافة ممرات الحدائق.\n"
                "نتعلم استعمال آلات الحدائق جيدًا وبأمان.",
                "حذاء متين وقبعة. معدات الوقاية من عندنا.",
            ),
        },
    ),
    DemoProject(
        key="sartoria-latina",
        city="latina",
        association="ago-e-bussola",
        area=Area.CARE,
        minimum_age=16,
        languages=("it", "bn", "ar"),
        skills=skills(
            "follow verbal instructions", "meet commitments", "interact verbally in Italian"
        ),
        meetings=(Meeting(1, time(16), 3, 8, "Sportello unico, sala del cucito", 2),),
        liking=0.5,
        words={
            "it": Words(
                "Cuciamo insieme allo sportello unico",
                "Un laboratorio per imparare a cucire e per parlare italiano mentre le mani "
                "lavorano.\nFacciamo tende e cuscini per gli alloggi di prima accoglienza.",
                "Niente: stoffe e macchine sono qui.",
            ),
            "en": Words(
                "Sewing together at the one-stop shop",
                "A workshop to learn sewing, and to speak Italian while your hands work.\n"
                "We make curtains and cushions for the flats where people first arrive.",
                "Nothing: fabrics and machines are here.",
            ),
            "fr": Words(
                "Cousons ensemble au guichet unique",
                "Un atelier pour apprendre la couture et parler italien pendant que les mains "
                "travaillent.\nNous faisons des rideaux et des coussins pour les logements de "
                "premier accueil.",
                "Rien : les tissus et les machines sont ici.",
            ),
            "ar": Words(
                "نخيط معًا في مكتب الخدمات الموحد",
                "ورشة لتعلم الخياطة والتحدث بالإيطالية واليدان تعملان.\n"
                "نصنع ستائر ووسائد لشقق الاستقبال الأول.",
                "لا شيء: الأقمشة والآلات موجودة هنا.",
            ),
        },
    ),
    DemoProject(
        key="cartelli-in-piu-lingue-latina",
        city="latina",
        association="canale-verde",
        area=Area.TERRITORY,
        minimum_age=14,
        languages=("it", "en", "fr", "ar", "pa"),
        skills=skills("inspect road signs", "paint surfaces", "participate actively in civic life"),
        meetings=(Meeting(5, time(9, 30), 3, 10, "Biblioteca comunale, cortile interno", 2),),
        liking=0.4,
        words={
            "it": Words(
                "Cartelli in più lingue",
                "Dov'è il medico? Dov'è la scuola? Prepariamo cartelli chiari, con disegni e in "
                "cinque lingue, e li mettiamo nei luoghi giusti.\nServe chi traduce, chi disegna "
                "e chi monta.",
                "La tua lingua e la tua mano.",
            ),
            "en": Words(
                "Signs in many languages",
                "Where is the doctor? Where is the school? We make clear signs with pictures, in "
                "five languages, and put them where they are needed.\nWe need people who "
                "translate, draw and mount.",
                "Your language and your hand.",
            ),
            "fr": Words(
                "Des panneaux en plusieurs langues",
                "Où est le médecin ? Où est l'école ? Nous préparons des panneaux clairs, avec "
                "des dessins et en cinq langues, et nous les posons au bon endroit.\nIl faut des "
                "gens qui traduisent, qui dessinent et qui montent.",
                "Votre langue et votre main.",
            ),
            "ar": Words(
                "لافتات بعدة لغات",
                "أين الطبيب؟ أين المدرسة؟ نصنع لافتات واضحة بالرسوم وبخمس لغات، ونضعها في "
                "أماكنها.\nنحتاج إلى من يترجم ومن يرسم ومن يركّب.",
                "لغتك ويدك.",
            ),
        },
    ),
    DemoProject(
        key="cura-di-se-latina",
        city="latina",
        association="ago-e-bussola",
        area=Area.CARE,
        minimum_age=18,
        languages=("it", "en", "ar"),
        skills=skills("show empathy", "respect confidentiality obligations", "accompany people"),
        meetings=(Meeting(3, time(14), 3, 4, "Sportello unico, piano terra"),),
        liking=0.8,
        words={
            "it": Words(
                "Lo spazio per la cura di sé",
                "Docce, lavatrici, un barbiere: qui chi vive fuori può prendersi cura di sé. "
                "Aiutiamo ad accogliere, a tenere in ordine, ad ascoltare.\nQuello che si sente "
                "qui resta qui.",
                "Un sorriso. Guanti e camice li diamo noi.",
            ),
            "en": Words(
                "A place to look after yourself",
                "Showers, washing machines, a barber: here people who live outside can look "
                "after themselves. We welcome, keep things tidy and listen.\nWhat you hear here "
                "stays here.",
                "A smile. We give you gloves and a coat.",
            ),
            "fr": Words(
                "Un lieu pour prendre soin de soi",
                "Douches, machines à laver, un coiffeur : ici, qui vit dehors peut prendre soin "
                "de soi. Nous aidons à accueillir, à ranger, à écouter.\nCe qu'on entend ici "
                "reste ici.",
                "Un sourire. Nous donnons les gants et la blouse.",
            ),
            "ar": Words(
                "مكان للعناية بالنفس",
                "حمامات وغسالات وحلاق: هنا يعتني بنفسه من يعيش في الشارع. نساعد في الاستقبال "
                "والترتيب والإصغاء.\nما نسمعه هنا يبقى هنا.",
                "ابتسامة. القفازات والرداء من عندنا.",
            ),
        },
    ),
)
