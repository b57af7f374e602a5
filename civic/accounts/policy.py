from civic.kernel.policy import Permission, is_person, officer_there

OWN_ACCOUNT = Permission("accounts.own_account", is_person)
READ_PERSON = Permission("accounts.read_person", officer_there)
