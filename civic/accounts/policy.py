from civic.kernel.policy import Permission, is_person, officer_there

OWN_ACCOUNT = Permission("accounts.own_account", is_person)
READ_PERSON = Permission("accounts.read_person", officer_there)
RESET_PIN = Permission("accounts.reset_pin", officer_there)
"""Hands over the keyboard, so that somebody at the desk sets a new PIN for their card."""
