from civic.kernel.policy import Actor, Permission, Place, is_person, officer_there


def holds_a_role(actor: Actor, _place: Place | None) -> bool:
    return bool(actor.grants)


OWN_ACCOUNT = Permission("accounts.own_account", is_person)
READ_PERSON = Permission("accounts.read_person", officer_there)
SECOND_STEP = Permission("accounts.second_step", holds_a_role)
RESET_PIN = Permission("accounts.reset_pin", officer_there)
"""Hands over the keyboard, so that somebody at the desk sets a new PIN for their card."""
