from civic.kernel.errors import Conflict, Invalid, Throttled
from civic.kernel.i18n import N_


class NoSuchContact(Invalid):
    code = "no_such_contact"
    field = "contact"
    sentence = N_(
        "This is neither a phone number nor an e-mail address. Write it like +39 333 123 4567"
        " or name@example.org."
    )


class NotAMobile(Invalid):
    code = "not_a_mobile"
    field = "contact"
    sentence = N_("This phone cannot receive messages. Give a mobile number or an e-mail address.")


class OnlyEmail(Invalid):
    code = "only_email"
    field = "contact"
    sentence = N_("We can only write to e-mail addresses here, like name@example.org.")


class TooManyCodes(Throttled):
    code = "too_many_codes"
    sentence = N_("We have sent many codes already. Wait an hour, then ask for a new one.")


class TooManyPasswords(Throttled):
    code = "too_many_passwords"
    sentence = N_("Too many wrong passwords. Wait a quarter of an hour, then try again.")


class TooManySecondSteps(Throttled):
    code = "too_many_second_steps"
    sentence = N_("Too many tries. From %(time)s on you can try again.")


class ImpossibleBirthYear(Invalid):
    code = "impossible_birth_year"
    field = "birth_year"
    sentence = N_("You can take part from the age of %(minimum)s. Check the year.")


class NameTooLong(Invalid):
    code = "name_too_long"
    field = "name"
    sentence = N_("This name is too long: at most %(length)s letters.")


class NameMissing(Invalid):
    code = "name_missing"
    field = "name"
    sentence = N_("Tell us the name you go by. One word is enough.")


class SignInNameTaken(Conflict):
    code = "sign_in_name_taken"
    sentence = N_("Somebody already signs in with this name.")


class PasswordTooShort(Invalid):
    code = "password_too_short"
    field = "password"
    sentence = N_("A password has at least %(length)s letters.")


class TooManyPins(Throttled):
    code = "too_many_pins"
    sentence = N_("Too many tries. Wait a quarter of an hour, or ask at the desk.")


class PinUnusable(Invalid):
    code = "pin_unusable"
    field = "pin"
    sentence = N_("Write six digits.")


class PinTooEasy(Invalid):
    code = "pin_too_easy"
    field = "pin"
    sentence = N_("This PIN is easy to guess. Choose other digits.")


class PinForParticipants(Conflict):
    code = "pin_for_participants"
    sentence = N_("Whoever holds a role signs in with a name and a password, never with a PIN.")


class NoContact(Conflict):
    code = "no_contact"
    sentence = N_("We have no phone number and no e-mail address to send a code to.")
