"""Where to go for help in three of the cities, in words of more than one language."""

from civic.cases.opening import Span, read_spans
from civic.cases.operations.directory import Facts, add_service
from civic.cases.rules import Reason
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline

WORKING_DAYS = range(5)
MORNING = "9:00-12:30"
ALL_DAY = "9:00-12:30, 15:00-17:00"
EVENING = "20:00-23:00"

DESKS = {
    "latina": (
        Facts(
            name="Sportello unico di Latina",
            reason=Reason.DOCUMENTS,
            address="Palazzo comunale, piano terra",
            phone="",
            languages=("it", "en", "fr", "ar", "pa"),
            closed_on_holidays=True,
            texts={
                "it": (
                    (
                        "Un solo posto per permessi, residenza, casa e lavoro. "
                        "Si prende un numero e si parla con una persona."
                    ),
                    "Un documento, anche scaduto. Se non ce l'hai, vieni lo stesso.",
                ),
                "fr": (
                    (
                        "Un seul endroit pour le séjour, la résidence, le logement et le travail. "
                        "On prend un numéro et on parle avec quelqu’un."
                    ),
                    "Une pièce d’identité, même périmée. Si vous n’en avez pas, venez quand même.",
                ),
                "ar": (
                    "مكان واحد لتصاريح الإقامة والسكن والعمل. خذ رقمًا وتحدث مع شخص.",
                    "أي وثيقة هوية، حتى لو انتهت صلاحيتها. إن لم تكن لديك وثيقة فتعال مع ذلك.",
                ),
            },
            week=[Span(day, *span) for day in WORKING_DAYS for span in read_spans(ALL_DAY) or ()],
        ),
    ),
    "napoli": (
        Facts(
            name="Sportello unico con mediatori",
            reason=Reason.OTHER,
            address="Palazzo comunale, primo piano",
            phone="",
            languages=("it", "en", "fr", "ar", "si", "uk"),
            closed_on_holidays=True,
            texts={
                "it": (
                    "Mediatrici e mediatori spiegano, compilano con te e dicono dove andare.",
                    "Le carte che hai ricevuto e non capisci.",
                ),
                "fr": (
                    "Des médiateurs expliquent, remplissent avec vous et disent où aller.",
                    "Les papiers que vous avez reçus et que vous ne comprenez pas.",
                ),
            },
            week=[Span(day, *span) for day in WORKING_DAYS for span in read_spans(MORNING) or ()],
        ),
        Facts(
            name="Unità mobile",
            reason=Reason.HEALTH,
            address="Piazza della stazione",
            phone="",
            languages=("it", "en", "fr"),
            closed_on_holidays=False,
            texts={
                "it": (
                    (
                        "La sera un'équipe incontra chi non ha una casa: "
                        "qualcosa di caldo, ascolto, primi aiuti."
                    ),
                    "",
                ),
            },
            week=[Span(day, *span) for day in range(7) for span in read_spans(EVENING) or ()],
        ),
    ),
    "potenza": (
        Facts(
            name="Sportello del Comune",
            reason=Reason.TAKING_PART,
            address="Palazzo comunale, piano terra",
            phone="",
            languages=("it", "en", "fr"),
            closed_on_holidays=True,
            texts={
                "it": (
                    "Ci si iscrive, si riceve il pass e si sceglie un progetto insieme.",
                    "Niente: basta il nome.",
                ),
                "ar": (
                    "هنا يمكن التسجيل واستلام البطاقة واختيار مشروع معًا.",
                    "لا شيء: الاسم يكفي.",
                ),
            },
            week=[Span(day, *span) for day in WORKING_DAYS for span in read_spans(MORNING) or ()],
        ),
    ),
}


def open_desks(timeline: Timeline, stage: Stage) -> None:
    for city, services in DESKS.items():
        with timeline.acting(stage.officers[city]) as ctx:
            for facts in services:
                add_service(ctx, stage.cities[city], facts)
