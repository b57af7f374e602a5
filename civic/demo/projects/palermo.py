from datetime import time

from civic.catalogue.rules import Area
from civic.demo.shape import DemoProject, Meeting, Words, skills

PROJECTS = (
    DemoProject(
        key="portineria-di-comunita-palermo",
        city="palermo",
        association="mazzo-di-chiavi",
        area=Area.CARE,
        minimum_age=16,
        languages=("it", "en", "fr", "bn"),
        skills=skills("communicate with elderly groups", "show empathy", "meet commitments"),
        meetings=(Meeting(0, time(9, 30), 3, 6, "Portineria di Ballarò, portone verde"),),
        liking=0.5,
        words={
            "it": Words(
                "La portineria di comunità",
                "Uno montava mobili, l'altra sa di computer, un terzo fa il pane: in portineria "
                "ci si scambia quello che si sa fare.\nTu accogli, prendi nota, metti in contatto "
                "le persone del quartiere.",
            ),
            "en": Words(
                "The neighbourhood concierge",
                "One puts up shelves, another knows computers, a third bakes bread: at the "
                "concierge desk people swap what they can do.\nYou welcome, take notes and bring "
                "neighbours together.",
            ),
            "fr": Words(
                "La loge du quartier",
                "L'un monte des meubles, l'autre connaît les ordinateurs, un troisième fait du "
                "pain : à la loge, on échange ce qu'on sait faire.\nVous accueillez, vous notez, "
                "vous mettez les voisins en contact.",
            ),
            "ar": Words(
                "بوابة الحي",
                "هذا يركّب الأثاث وتلك تعرف الحاسوب وآخر يخبز الخبز: عند البوابة نتبادل ما "
                "نعرف.\nأنت تستقبل وتدوّن وتعرّف الجيران بعضهم ببعض.",
            ),
        },
    ),
    DemoProject(
        key="spazio-donne-palermo",
        city="palermo",
        association="mazzo-di-chiavi",
        area=Area.CARE,
        minimum_age=16,
        languages=("it", "en", "fr", "ar"),
        skills=skills("show empathy", "respect confidentiality obligations", "accompany people"),
        # Where it is told only to those who have a place: the meeting point is a public square.
        meetings=(Meeting(2, time(10), 3, 6, "Piazza Magione, con Rosalia e la borsa rossa"),),
        liking=0.6,
        words={
            "it": Words(
                "Uno spazio per donne e ragazze",
                "Un luogo tranquillo per donne e ragazze: un tè, i compiti, un corso, una parola."
                "\nAiuti a preparare gli incontri e ad accogliere chi viene per la prima volta. "
                "Si va insieme dal punto di ritrovo.",
                "Quello che ti piace condividere: una ricetta, una canzone, un lavoro a mano.",
            ),
            "en": Words(
                "A space for women and girls",
                "A quiet place for women and girls: tea, homework, a course, a word.\nYou help "
                "to prepare the meetings and to welcome those who come for the first time. We "
                "walk there together from the meeting point.",
                "Something you like to share: a recipe, a song, a piece of handwork.",
            ),
            "fr": Words(
                "Un espace pour les femmes et les filles",
                "Un lieu calme pour les femmes et les filles : un thé, les devoirs, un cours, "
                "une parole.\nVous aidez à préparer les rencontres et à accueillir celles qui "
                "viennent pour la première fois. On y va ensemble depuis le point de rendez-vous.",
                "Ce que vous aimez partager : une recette, une chanson, un ouvrage.",
            ),
            "ar": Words(
                "مكان للنساء والفتيات",
                "مكان هادئ للنساء والفتيات: شاي وواجبات مدرسية ودورة وكلمة طيبة.\n"
                "تساعدين في تحضير اللقاءات واستقبال من تأتي لأول مرة. نذهب معًا من نقطة اللقاء.",
                "ما تحبين مشاركته: وصفة أو أغنية أو شغل يدوي.",
            ),
        },
    ),
    DemoProject(
        key="casa-dei-diritti-palermo",
        city="palermo",
        association="mazzo-di-chiavi",
        area=Area.CARE,
        minimum_age=18,
        languages=("it", "en", "fr", "ar"),
        skills=skills(
            "assist with personal administration issues",
            "interact verbally in Italian",
            "respect confidentiality obligations",
        ),
        meetings=(Meeting(4, time(9), 4, 5, "Casa dei Diritti, sala al primo piano", 2),),
        liking=0.6,
        words={
            "it": Words(
                "Una mano alla Casa dei Diritti",
                "Una lettera del Comune, un appuntamento, un modulo per la scuola: aiuti le "
                "persone a capire e a non perdere la strada.\nPrima fai mezza giornata di "
                "formazione con gli operatori.",
                "Un quaderno e una penna.",
            ),
            "en": Words(
                "A hand at the House of Rights",
                "A letter from the city, an appointment, a school form: you help people to "
                "understand and not to get lost.\nFirst you have half a day of training with "
                "the staff.",
                "A notebook and a pen.",
            ),
            "fr": Words(
                "Un coup de main à la Maison des droits",
                "Une lettre de la commune, un rendez-vous, un formulaire pour l'école : vous "
                "aidez les gens à comprendre et à ne pas se perdre.\nD'abord, une demi-journée "
                "de formation avec l'équipe.",
                "Un cahier et un stylo.",
            ),
            "ar": Words(
                "يد العون في بيت الحقوق",
                "رسالة من البلدية أو موعد أو استمارة للمدرسة: تساعد الناس على الفهم وألا "
                "يضيعوا.\nقبل ذلك نصف يوم من التدريب مع العاملين.",
                "دفتر وقلم.",
            ),
        },
    ),
)
