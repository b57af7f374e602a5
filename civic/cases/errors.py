from civic.kernel.errors import Conflict, Invalid, NotFound, Throttled
from civic.kernel.i18n import N_


class TicketMoved(Conflict):
    code = "ticket_moved"
    sentence = N_("Somebody else has dealt with this number meanwhile.")


class NotYours(NotFound):
    """The case is there, and not for the one who asks. From outside it looks like one that is not;
    the trail of its city says who tried."""


class VersionMoved(Conflict):
    code = "version_moved"
    sentence = N_(
        "Somebody else changed this part while you wrote. Both versions stand below:"
        " keep what is right of each."
    )


class MoveNotAllowed(Conflict):
    code = "move_not_allowed"
    sentence = N_("From where the case stands now, it cannot go there.")


class ConsentMissing(Conflict):
    code = "consent_missing"
    sentence = N_(
        "First write down that the person said yes to be taken in charge, in which language it was"
        " explained, and whether a mediator was there."
    )


class LeadMissing(Conflict):
    code = "lead_missing"
    sentence = N_("Nobody leads this case yet. Choose who does, then take it in charge.")


class EndingMissing(Invalid):
    code = "ending_missing"
    field = "ending"
    sentence = N_("Choose how it ended.")


class NotOfThatTrade(Conflict):
    code = "not_of_that_trade"
    field = "person"
    sentence = N_("This colleague does not hold that role in your municipality.")


class TwoFactsNeeded(Invalid):
    code = "two_facts_needed"
    sentence = N_("Write two different facts, for example a name and the day of birth.")


class TooManySearches(Throttled):
    code = "too_many_searches"
    sentence = N_("You have asked for many people in a short time. Wait a while, then go on.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    field = "reason"
    sentence = N_("Write why, in a sentence that your colleagues will read.")


class AlreadyOnCase(Conflict):
    code = "already_on_case"
    sentence = N_("You can open this case already.")


class SameFile(Conflict):
    code = "same_file"
    sentence = N_("These two are one file already.")


class NothingAgreed(Conflict):
    code = "nothing_agreed"
    sentence = N_(
        "The person has not agreed that anything is handed on to them. Write down the consent first."
    )


class ReferralMoved(Conflict):
    code = "referral_moved"
    sentence = N_("This referral has been decided meanwhile.")


class CannotCarry(Invalid):
    code = "cannot_carry"
    field = "carried"
    sentence = N_("You can hand on only what you may read yourself.")


class UnknownBirth(Invalid):
    code = "unknown_birth"
    field = "born"
    sentence = N_("Write a day like 2001-05-30, or only the year, like 2001.")


class NotBefore(Invalid):
    code = "not_before"
    field = "at"
    sentence = N_("Choose a day and an hour that are still to come.")


class FileErased(Conflict):
    code = "file_erased"
    sentence = N_("This file was erased. Only its dates are left, for the counts.")


class StillOpen(Conflict):
    code = "still_open"
    sentence = N_("Close the case first. Then it can be erased.")


class NoSuchReference(Invalid):
    code = "no_such_reference"
    field = "reference"
    sentence = N_("No file that is open to you has this reference.")


class TwoMustAgree(Conflict):
    """Whoever asked for an erasure does not confirm it."""

    code = "two_must_agree"
    sentence = N_("You asked for it yourself. Somebody else must say yes.")


class NotAsked(Conflict):
    code = "not_asked"
    sentence = N_("The person has not asked for a copy, or has one already.")


class NoSuchAccount(Invalid):
    code = "no_such_account"
    field = "contact"
    sentence = N_("Nobody signs in with this. Let the person sign in once, then link it.")


class AccountElsewhere(Conflict):
    code = "account_elsewhere"
    sentence = N_(
        "Another file of this city is linked to this account: perhaps both are about one person."
    )
