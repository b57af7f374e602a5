"""What dwellings, their owners and the works on them are called."""

from enum import StrEnum

from civic.kernel.i18n import N_


class OwnerKind(StrEnum):
    PRIVATE = "private"
    AGENCY = "agency"
    PUBLIC_BODY = "public_body"
    ASSOCIATION = "association"


class OfferState(StrEnum):
    NEW = "new"
    TO_VISIT = "to_visit"
    VISITED = "visited"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN_OFFERS = (OfferState.NEW, OfferState.TO_VISIT, OfferState.VISITED)


class OfferRefusal(StrEnum):
    TOO_DEAR = "too_dear"
    UNSAFE = "unsafe"
    TOO_FAR = "too_far"
    NOT_ACCESSIBLE = "not_accessible"
    NO_CONTRACT = "no_contract"
    TOO_MUCH_WORK = "too_much_work"
    OTHER = "other"


class Guarantee(StrEnum):
    """What the municipality offers an owner so that they let to somebody with little behind them."""

    DEPOSIT = "deposit"
    GUARANTEE_FUND = "guarantee_fund"
    DAMAGE_INSURANCE = "damage_insurance"
    SMALL_WORKS = "small_works"
    ONE_CONTACT = "one_contact"


class UnitKind(StrEnum):
    EMERGENCY = "emergency"
    TEMPORARY = "temporary"
    COHOUSING = "cohousing"
    SEMI_AUTONOMOUS = "semi_autonomous"
    MARKET = "market"
    """Let to the person by its owner, with the municipality behind them."""


class Who(StrEnum):
    """Who may live somewhere; a unit that names nobody takes everybody."""

    SINGLE_WOMEN = "single_women"
    SINGLE_MEN = "single_men"
    FAMILIES = "families"
    MINORS = "minors"
    """Unaccompanied ones, with adults who look after them: the only units where they may be alone."""


class Gender(StrEnum):
    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"
    UNTOLD = "untold"


class Direction(StrEnum):
    IN = "in"
    """From the owner to the municipality or the body that runs the unit."""
    OUT = "out"
    """To whoever lives there."""


class WorkState(StrEnum):
    REQUESTED = "requested"
    QUOTED = "quoted"
    APPROVED = "approved"
    UNDER_WAY = "under_way"
    DONE = "done"
    CLOSED = "closed"
    """Inspected and found well: the beds are there again."""
    REFUSED = "refused"


OPEN_WORKS = (
    WorkState.REQUESTED,
    WorkState.QUOTED,
    WorkState.APPROVED,
    WorkState.UNDER_WAY,
    WorkState.DONE,
)


class WorkKind(StrEnum):
    FAULT = "fault"
    PAINTING = "painting"
    PLUMBING = "plumbing"
    ELECTRICAL = "electrical"
    HEATING = "heating"
    FURNISHING = "furnishing"
    ACCESS = "access"
    OTHER = "other"


class CheckKind(StrEnum):
    BOILER = "boiler"
    ELECTRICAL = "electrical"
    GAS = "gas"
    FIRE = "fire"
    LIFT = "lift"


class FileKind(StrEnum):
    FLOOR_PLAN = "floor_plan"
    PHOTO = "photo"
    CONTRACT = "contract"
    QUOTE = "quote"
    BEFORE = "before"
    AFTER = "after"
    FAULT = "fault"
    SIGNED = "signed"
    """An agreement signed by hand, as a photo or a scan."""


OWNER_NAMES = {
    OwnerKind.PRIVATE: N_("private owner"),
    OwnerKind.AGENCY: N_("agency"),
    OwnerKind.PUBLIC_BODY: N_("public body"),
    OwnerKind.ASSOCIATION: N_("association"),
}
OFFER_NAMES = {
    OfferState.NEW: N_("new"),
    OfferState.TO_VISIT: N_("visit planned"),
    OfferState.VISITED: N_("visited"),
    OfferState.ACCEPTED: N_("accepted"),
    OfferState.REFUSED: N_("refused"),
    OfferState.WITHDRAWN: N_("withdrawn by the owner"),
}
OFFER_REFUSALS = {
    OfferRefusal.TOO_DEAR: N_("the rent is too high"),
    OfferRefusal.UNSAFE: N_("it is not safe to live in"),
    OfferRefusal.TOO_FAR: N_("too far from everything"),
    OfferRefusal.NOT_ACCESSIBLE: N_("cannot be reached without steps"),
    OfferRefusal.NO_CONTRACT: N_("the owner wants no registered contract"),
    OfferRefusal.TOO_MUCH_WORK: N_("it needs more than small works"),
    OfferRefusal.OTHER: N_("another reason"),
}
GUARANTEE_NAMES = {
    Guarantee.DEPOSIT: N_("the deposit is paid"),
    Guarantee.GUARANTEE_FUND: N_("a fund pays when the rent is late"),
    Guarantee.DAMAGE_INSURANCE: N_("insurance against damage"),
    Guarantee.SMALL_WORKS: N_("small works before moving in"),
    Guarantee.ONE_CONTACT: N_("one person to call"),
}
UNIT_NAMES = {
    UnitKind.EMERGENCY: N_("emergency bed"),
    UnitKind.TEMPORARY: N_("temporary flat"),
    UnitKind.COHOUSING: N_("co-housing"),
    UnitKind.SEMI_AUTONOMOUS: N_("semi-autonomous flat"),
    UnitKind.MARKET: N_("flat with its own lease"),
}
WHO_NAMES = {
    Who.SINGLE_WOMEN: N_("women on their own"),
    Who.SINGLE_MEN: N_("men on their own"),
    Who.FAMILIES: N_("families"),
    Who.MINORS: N_("minors without a family"),
}
GENDER_NAMES = {
    Gender.WOMAN: N_("woman"),
    Gender.MAN: N_("man"),
    Gender.OTHER: N_("other"),
    Gender.UNTOLD: N_("not said"),
}
WORK_NAMES = {
    WorkState.REQUESTED: N_("asked for"),
    WorkState.QUOTED: N_("with quotes"),
    WorkState.APPROVED: N_("approved"),
    WorkState.UNDER_WAY: N_("under way"),
    WorkState.DONE: N_("done, to be inspected"),
    WorkState.CLOSED: N_("inspected"),
    WorkState.REFUSED: N_("refused"),
}
WORK_KINDS = {
    WorkKind.FAULT: N_("something is broken"),
    WorkKind.PAINTING: N_("painting"),
    WorkKind.PLUMBING: N_("water and drains"),
    WorkKind.ELECTRICAL: N_("electricity"),
    WorkKind.HEATING: N_("heating"),
    WorkKind.FURNISHING: N_("furniture"),
    WorkKind.ACCESS: N_("getting in without steps"),
    WorkKind.OTHER: N_("something else"),
}
CHECK_NAMES = {
    CheckKind.BOILER: N_("boiler"),
    CheckKind.ELECTRICAL: N_("electrical system"),
    CheckKind.GAS: N_("gas"),
    CheckKind.FIRE: N_("fire extinguishers"),
    CheckKind.LIFT: N_("lift"),
}
FILE_NAMES = {
    FileKind.FLOOR_PLAN: N_("floor plan"),
    FileKind.PHOTO: N_("photo"),
    FileKind.CONTRACT: N_("contract"),
    FileKind.QUOTE: N_("quote"),
    FileKind.BEFORE: N_("before"),
    FileKind.AFTER: N_("after"),
    FileKind.FAULT: N_("photo of what is broken"),
    FileKind.SIGNED: N_("signed paper"),
}
