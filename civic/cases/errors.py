from civic.kernel.errors import Conflict
from civic.kernel.i18n import N_


class TicketMoved(Conflict):
    code = "ticket_moved"
    sentence = N_("Somebody else has dealt with this number meanwhile.")
