"""The steps from a first bed to a home of one's own, as a person's plan shows them."""

from enum import StrEnum

from civic.kernel.i18n import N_


class Step(StrEnum):
    MOVED_IN = "moved_in"
    COURSE_DONE = "course_done"
    PAPERS_READY = "papers_ready"
    FLAT_VIEWED = "flat_viewed"
    RENT_ON_TIME = "rent_on_time"
    """Three months of their own part, each on time."""
    OWN_LEASE = "own_lease"


STEP_NAMES = {
    Step.MOVED_IN: N_("Moved in"),
    Step.COURSE_DONE: N_("Course “Rules of living together”"),
    Step.PAPERS_READY: N_("Papers for a rent contract ready"),
    Step.FLAT_VIEWED: N_("Looked at a flat"),
    Step.RENT_ON_TIME: N_("Paid their part on time for three months"),
    Step.OWN_LEASE: N_("A rent contract of their own"),
}
