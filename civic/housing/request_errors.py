"""What is refused where a household asks for a home, and where one is proposed to them."""

from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class NameMissing(Invalid):
    code = "name_missing"
    field = "people"
    sentence = N_("Write what each of them is called. The name they go by will do.")


class TooManyPeople(Invalid):
    code = "too_many_people"
    field = "people"
    sentence = N_(
        "That is more than %(most)d people. Write two requests and say in both that they belong"
        " together."
    )


class BirthUnknown(Invalid):
    code = "birth_unknown"
    field = "people"
    sentence = N_("Write a day or a year, for example 1990-05-30 or 1990.")


class BornLater(Invalid):
    code = "born_later"
    field = "people"
    sentence = N_("Nobody is born in the future. Look at the year again.")


class BornLongAgo(Invalid):
    code = "born_long_ago"
    field = "people"
    sentence = N_("Nobody is that old. Look at the year again.")


class WantedBackwards(Invalid):
    code = "wanted_backwards"
    field = "wanted_until"
    sentence = N_("That comes before the first day. Look at both days again.")


class WantedTooLong(Invalid):
    code = "wanted_too_long"
    field = "wanted_until"
    sentence = N_("That is very long. Leave the last day empty if there is no end to it.")


class WantedTooFar(Invalid):
    code = "wanted_too_far"
    field = "wanted_from"
    sentence = N_("That is more than a year away from today. Look at the day again.")


class AccountUnknown(Invalid):
    code = "account_unknown"
    field = "contact"
    sentence = N_("Nobody signs in with this. Leave it empty if they have no account.")


class AlreadyWaiting(Conflict):
    code = "already_waiting"
    sentence = N_("They are on the list already. Add what is new to their request.")


class WhyMissing(Invalid):
    code = "why_missing"
    field = "why"
    sentence = N_("Write why it changes: they may ask, and so may a colleague.")


class NothingChanged(Invalid):
    code = "nothing_changed"
    field = "criteria"
    sentence = N_("These are the same as before. Nothing was changed.")


class AsksForAll(Conflict):
    code = "asks_for_all"
    sentence = N_("This person asks for all of them. Withdraw the request instead.")


class IsMember(Conflict):
    code = "is_member"
    sentence = N_("This person is on the request already.")


class DayAhead(Invalid):
    code = "day_ahead"
    field = "day"
    sentence = N_("This day has not come yet. Write it down once it has happened.")


class DayBeforeBirth(Invalid):
    code = "day_before_birth"
    field = "day"
    sentence = N_("That is before they were born. Look at the day again.")


class AgesUnreadable(Invalid):
    code = "ages_unreadable"
    field = "children"
    sentence = N_("Write how old each child is, for example: 3, 7. They are under 18.")


class AgeMissing(Invalid):
    code = "age_missing"
    field = "age"
    sentence = N_("Write about how old they are, between 0 and 17.")


class TonightTooLong(Invalid):
    code = "tonight_too_long"
    field = "nights"
    sentence = N_("A bed for tonight is for %(most)d nights at most.")
