"""What each score of each domain looks like in somebody's life: 1 is acute, 5 stands on its own
feet. The same words for whoever scores, so they say `a home`, not `your home`."""

from civic.kernel.i18n import N_
from civic.plans.rules import Domain

ANCHORS: dict[Domain, tuple[str, str, str, str, str]] = {
    Domain.WORK: (
        N_("No income now: help is needed today."),
        N_("A little money now and then; no regular work yet."),
        N_("A course, a trial or some work, with somebody beside."),
        N_("Work with a contract, and now and then some advice."),
        N_("Steady work with a contract, enough to live on."),
    ),
    Domain.SKILLS: (
        N_("No chance yet to learn or to show a skill."),
        N_("Skills from before; nobody here has seen them yet."),
        N_("Learning or practising now, with somebody who guides."),
        N_("Skills used every week, with a first badge or certificate."),
        N_("Skills with proof, shown to others without help."),
    ),
    Domain.ITALIAN: (
        N_("No Italian yet: somebody must translate."),
        N_("A few words: greetings, numbers, the way."),
        N_("Short talks about daily things, slowly and with patience."),
        N_("Shop, doctor, telephone: most things work in Italian."),
        N_("Talking, reading and writing in Italian without help."),
    ),
    Domain.HOUSING: (
        N_("No safe place to sleep tonight."),
        N_("A bed for some nights or weeks only."),
        N_("A place in a shared house or a project, with support."),
        N_("A rented room or home; the rent is sometimes hard."),
        N_("A safe home for a long time, with the rent paid."),
    ),
    Domain.HEALTH: (
        N_("Pain or worry so strong that help is needed now."),
        N_("Many hard days, and no doctor or service yet."),
        N_("A doctor or a service helps; good days and hard days."),
        N_("Mostly well, and the way to the doctor is known."),
        N_("Well; appointments and medicines need nobody's help."),
    ),
    Domain.LEGAL: (
        N_("No papers, or papers that end soon, and no advice yet."),
        N_("Somebody advises; the request is being prepared."),
        N_("The request is in; the answer is still to come."),
        N_("Valid papers; some help to renew them."),
        N_("Valid papers for a long time, renewed without help."),
    ),
    Domain.RELATIONS: (
        N_("Nobody to call when something happens."),
        N_("One or two people, far away or seldom seen."),
        N_("Some good people nearby, and a place to go."),
        N_("Friends or family who help and are helped."),
        N_("Many ties: friends, neighbours, a group that counts on them."),
    ),
}


def anchor(domain: Domain, score: int) -> str:
    return ANCHORS[domain][score - 1]
