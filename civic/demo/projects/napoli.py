from datetime import time

from civic.catalogue.rules import Area
from civic.demo.shape import DemoProject, Meeting, Words, skills

PROJECTS = (
    DemoProject(
        key="unita-di-strada-napoli",
        city="napoli",
        association="lanterna",
        area=Area.CARE,
        minimum_age=18,
        languages=("it", "en", "fr"),
        skills=skills("show empathy", "accompany people", "respect confidentiality obligations"),
        meetings=(
            Meeting(1, time(20), 3, 6, "Piazza Garibaldi, camper bianco"),
            Meeting(4, time(20), 3, 6, "Piazza Garibaldi, camper bianco", 2),
        ),
        liking=0.6,
        words={
            "it": Words(
                "Una sera con l'unità di strada",
                "Con un camper andiamo incontro a chi dorme fuori. Portiamo tè caldo, coperte e "
                "il tempo di parlare.\nSiamo sempre in gruppo, con operatori esperti. Prima di "
                "uscire spieghiamo tutto.",
                "Vestiti caldi e scarpe comode.",
            ),
            "en": Words(
                "An evening with the street unit",
                "With a camper van we go and meet people who sleep outside. We bring hot tea, "
                "blankets and time to talk.\nWe always go as a group, with experienced staff. "
                "Before we leave we explain everything.",
                "Warm clothes and comfortable shoes.",
            ),
            "fr": Words(
                "Une soirée avec l'unité de rue",
                "Avec un camping-car, nous allons vers les gens qui dorment dehors. Nous "
                "apportons du thé chaud, des couvertures et le temps de parler.\nNous sommes "
                "toujours en groupe, avec des personnes d'expérience. Avant de sortir, nous "
                "expliquons tout.",
                "Des vêtements chauds et des chaussures confortables.",
            ),
            "ar": Words(
                "مساء مع الوحدة المتنقلة",
                "نذهب بسيارة مجهزة إلى من ينامون في الشارع. نحمل شايًا ساخنًا وبطانيات ووقتًا "
                "للحديث.\nنخرج دائمًا في مجموعة مع أصحاب خبرة. وقبل الخروج نشرح كل شيء.",
                "ملابس دافئة وحذاء مريح.",
            ),
        },
    ),
    DemoProject(
        key="sportello-in-tante-lingue-napoli",
        city="napoli",
        association="vico-delle-lingue",
        area=Area.CARE,
        minimum_age=18,
        languages=("it", "en", "fr", "ar", "si"),
        skills=skills(
            "assist with personal administration issues",
            "accompany people",
            "interact verbally in Italian",
        ),
        meetings=(Meeting(3, time(9), 4, 5, "Sportello unico di via Foria"),),
        liking=0.7,
        words={
            "it": Words(
                "Allo sportello, in tante lingue",
                "Con i mediatori accogli chi arriva allo sportello: prendi il numero, spieghi "
                "dove andare, aiuti a leggere un modulo.\nLa lingua che parli tu apre una porta "
                "a qualcun altro.",
                "Un documento, se lo hai. Una penna.",
            ),
            "en": Words(
                "At the desk, in many languages",
                "With the mediators you welcome people at the desk: you give out numbers, show "
                "the way, help to read a form.\nThe language you speak opens a door for somebody "
                "else.",
                "An identity document, if you have one. A pen.",
            ),
            "fr": Words(
                "Au guichet, en plusieurs langues",
                "Avec les médiateurs, vous accueillez les gens au guichet : donner un numéro, "
                "montrer le chemin, aider à lire un formulaire.\nLa langue que vous parlez ouvre "
                "une porte à quelqu'un d'autre.",
                "Une pièce d'identité, si vous en avez une. Un stylo.",
            ),
            "ar": Words(
                "في مكتب الاستقبال بلغات كثيرة",
                "مع الوسطاء تستقبل من يأتي إلى المكتب: تعطي الرقم وتدلّ على الطريق وتساعد في "
                "قراءة استمارة.\nاللغة التي تتكلمها تفتح بابًا لغيرك.",
                "وثيقة إن كانت عندك، وقلم.",
            ),
        },
    ),
)
