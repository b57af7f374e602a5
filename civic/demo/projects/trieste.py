from datetime import time

from civic.catalogue.rules import Area
from civic.demo.shape import DemoProject, Meeting, Words, skills

PROJECTS = (
    DemoProject(
        key="orto-della-casa-comune-trieste",
        city="trieste",
        association="bora-gentile",
        area=Area.GREEN,
        minimum_age=16,
        languages=("it", "en", "fa"),
        skills=skills("plant green plants", "use gardening equipment", "work in teams"),
        meetings=(Meeting(3, time(14, 30), 3, 10, "Casa comune di San Giovanni, cancello alto"),),
        liking=0.35,
        words={
            "it": Words(
                "L'orto della casa comune",
                "Intorno alla casa dove abitiamo insieme c'è un orto a terrazze. Lo curiamo con i "
                "vicini: muretti, semine, compost.\nSi lavora, si parla italiano, si beve un "
                "caffè.",
                "Scarpe chiuse e una giacca per la bora.",
            ),
            "en": Words(
                "The garden of the shared house",
                "Around the house where we live together there is a terraced garden. We look "
                "after it with the neighbours: walls, sowing, compost.\nWe work, speak Italian "
                "and have a coffee.",
                "Closed shoes and a jacket against the wind.",
            ),
            "fr": Words(
                "Le potager de la maison partagée",
                "Autour de la maison où nous habitons ensemble, il y a un potager en terrasses. "
                "Nous le soignons avec les voisins : murets, semis, compost.\nOn travaille, on "
                "parle italien, on boit un café.",
                "Des chaussures fermées et une veste contre le vent.",
            ),
            "ar": Words(
                "بستان البيت المشترك",
                "حول البيت الذي نسكنه معًا بستان على مدرجات. نعتني به مع الجيران: جدران حجرية "
                "وزراعة وسماد.\nنعمل ونتكلم الإيطالية ونشرب القهوة.",
                "حذاء مغلق وسترة تقي من الريح.",
            ),
        },
    ),
    DemoProject(
        key="porta-accanto-trieste",
        city="trieste",
        association="bora-gentile",
        area=Area.CARE,
        minimum_age=16,
        languages=("it", "en"),
        skills=skills("communicate with elderly groups", "accompany people", "show empathy"),
        meetings=(Meeting(6, time(11), 3, 8, "Casa comune di San Giovanni, cucina", 2),),
        liking=0.4,
        words={
            "it": Words(
                "La porta accanto",
                "Chi abita nella casa comune cucina la domenica per i vicini anziani, e poi li "
                "riaccompagna a casa.\nSi chiacchiera, si gioca a carte, si aggiusta una "
                "lampadina.",
            ),
            "en": Words(
                "The door next to ours",
                "On Sundays those who live in the shared house cook for older neighbours, and "
                "then walk them home.\nWe chat, play cards and change a light bulb.",
            ),
            "fr": Words(
                "La porte d'à côté",
                "Le dimanche, les habitants de la maison partagée cuisinent pour les voisins "
                "âgés, puis les raccompagnent.\nOn bavarde, on joue aux cartes, on change une "
                "ampoule.",
            ),
            "ar": Words(
                "الباب المجاور",
                "يوم الأحد يطبخ سكان البيت المشترك لجيرانهم كبار السن ثم يرافقونهم إلى بيوتهم.\n"
                "نتحدث ونلعب الورق ونبدّل مصباحًا.",
            ),
        },
    ),
)
