"""Roles in plain words."""

from flask_babel import gettext

from civic.kernel.i18n import N_
from civic.kernel.policy import Role

ROLE_NAMES = {
    Role.ORGANISER: N_("organiser of an association"),
    Role.OFFICER: N_("officer of the municipality"),
    Role.CASE_WORKER: N_("case worker"),
    Role.COORDINATOR: N_("coordinator of the network"),
    Role.ADMINISTRATOR: N_("administrator"),
}


def role_name(role: Role) -> str:
    return gettext(ROLE_NAMES[role])
