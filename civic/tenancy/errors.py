from civic.kernel.errors import Conflict
from civic.kernel.i18n import N_


class AlreadyDecided(Conflict):
    code = "already_decided"
    sentence = N_("Somebody has already answered this association. Look at the list again.")
