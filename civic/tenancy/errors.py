from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class AlreadyDecided(Conflict):
    code = "already_decided"
    sentence = N_("Somebody has already answered this association. Look at the list again.")


class AlreadyAsked(Conflict):
    code = "already_asked"
    sentence = N_("This municipality was asked already. Its answer will stand on this page.")


class AssociationKnown(Invalid):
    code = "association_known"
    field = "register_number"
    sentence = N_(
        "An association with this number is here already. Ask the people who run it to bring you in."
    )


class NoCityChosen(Invalid):
    code = "no_city_chosen"
    field = "cities"
    sentence = N_("Choose at least one municipality where the association works.")


class ReasonMissing(Invalid):
    code = "refusal_reason_missing"
    field = "reason"
    sentence = N_("Write the reason: the association reads it and knows what to do.")


class TooManyDocuments(Conflict):
    code = "too_many_documents"
    sentence = N_("There are already %(most)s documents here. Ask the office which ones it needs.")
