from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class StillUnsigned(Conflict):
    code = "still_unsigned"
    sentence = N_(
        "An earlier version still waits to be signed. Sign it, or set it aside before you make a"
        " new one."
    )


class AlreadySigned(Conflict):
    code = "already_signed"
    sentence = N_("This paper already has this signature.")


class SetAside(Conflict):
    code = "set_aside"
    sentence = N_("This paper was set aside: it is signed no more.")


class NotWaiting(Conflict):
    code = "not_waiting"
    sentence = N_("Both have signed this paper: it stays.")


class WrongPin(Invalid):
    code = "wrong_pin"
    field = "pin"
    sentence = N_("This is not the PIN of your card, or the PIN is locked. Choose another way.")


class WrongCode(Invalid):
    code = "wrong_code"
    field = "code"
    sentence = N_("These are not the digits we sent. Look again.")


class CodeOver(Invalid):
    code = "code_over"
    field = "code"
    sentence = N_("This code does not work any more. Ask for a new one.")


class NothingDrawn(Invalid):
    code = "nothing_drawn"
    field = "drawing"
    sentence = N_("Draw your signature in the field, with a finger.")
