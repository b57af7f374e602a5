"""What the lines of the trail that are about cases are called, for who reads all of them."""

from enum import StrEnum

from civic.kernel.i18n import N_


class TrailKind(StrEnum):
    OPENINGS = "openings"
    SEARCHES = "searches"
    EXPORTS = "exports"
    REFUSALS = "refusals"
    EMERGENCIES = "emergencies"
    CHANGES = "changes"
    ENDINGS = "endings"


KIND_NAMES = {
    TrailKind.OPENINGS: N_("Files opened"),
    TrailKind.SEARCHES: N_("Searches and lists"),
    TrailKind.EXPORTS: N_("Taken away"),
    TrailKind.REFUSALS: N_("Refused"),
    TrailKind.EMERGENCIES: N_("Emergencies"),
    TrailKind.CHANGES: N_("Written"),
    TrailKind.ENDINGS: N_("Copies, erasures, keys"),
}

WORDS: dict[TrailKind, dict[str, str]] = {
    TrailKind.OPENINGS: {
        "case.read": N_("opened the file"),
        "case.document_read": N_("opened a paper"),
        "case.likely_read": N_("looked at files that may be of the same person"),
        "case.found": N_("found the file by two facts"),
        "case.arrivals_read": N_("looked at what other cities sent"),
    },
    TrailKind.SEARCHES: {
        "case.searched": N_("asked whether somebody is known"),
        "case.list_read": N_("looked at the list of cases"),
        "case.outing_loaded": N_("loaded the people of the street onto a phone"),
    },
    TrailKind.EXPORTS: {
        "case.printed": N_("printed the file"),
        "case.exported": N_("took the file away for a program"),
        "case.list_exported": N_("took the list of cases away"),
        "case.openings_printed": N_("printed who opened the file"),
        "case.archive_taken": N_("took a copy of their own file"),
    },
    TrailKind.REFUSALS: {
        "case.refused": N_("asked for what is not theirs, or is not there"),
    },
    TrailKind.EMERGENCIES: {
        "case.glass_broken": N_("opened the file in an emergency"),
        "case.glass_reviewed": N_("looked at an emergency afterwards"),
    },
    TrailKind.CHANGES: {
        "case.opened": N_("began the file"),
        "case.changed": N_("wrote a part of the file"),
        "case.linked": N_("linked an account to the file"),
        "case.unlinked": N_("took an account off the file"),
        "case.moved": N_("moved the case on"),
        "case.handed_on": N_("handed the case on"),
        "case.team_changed": N_("changed the team"),
        "case.entry_added": N_("wrote a line"),
        "case.task_added": N_("wrote down what is to do"),
        "case.task_marked": N_("marked what is to do"),
        "case.alert_added": N_("wrote down what to keep in mind"),
        "case.alert_ended": N_("ended what was to be kept in mind"),
        "case.document_kept": N_("kept a paper"),
        "case.document_given": N_("gave a paper to the person"),
        "case.consent_given": N_("wrote down a consent"),
        "case.consent_withdrawn": N_("wrote down that a consent was taken back"),
        "case.appointment_made": N_("made an appointment"),
        "case.appointment_marked": N_("marked an appointment"),
        "case.merged": N_("put two files together"),
        "case.merge_undone": N_("took two files apart again"),
        "case.kept_apart": N_("said that two files are of two people"),
        "case.household_changed": N_("linked a household"),
        "case.household_split": N_("split a household"),
        "case.referred": N_("handed something on"),
        "case.referral_marked": N_("marked what was handed on"),
        "case.arrived": N_("was sent by another city"),
        "case.taken_in": N_("took in what another city sent"),
        "case.turned_down": N_("turned down what another city sent"),
    },
    TrailKind.ENDINGS: {
        "case.archive_asked": N_("asked for a copy of their own file"),
        "case.archive_looked": N_("looked at whom to black out in a copy"),
        "case.archive_released": N_("released a copy to the person"),
        "case.erasure_asked": N_("asked for the file to be erased"),
        "case.erasure_declined": N_("decided that the file stays"),
        "case.erased": N_("erased the file"),
        "case.part_removed": N_("removed a part whose time was over"),
        "case.erasures_read": N_("looked at the files to be erased"),
        "case.retention_read": N_("looked at what goes soon"),
        "case.trail_read": N_("read this trail"),
        "case.keys_turned": N_("turned over the city’s key"),
    },
}
TRAIL_WORDS = {action: words for table in WORDS.values() for action, words in table.items()}
OF_KIND = {kind: frozenset(table) for kind, table in WORDS.items()}
OPENED = frozenset(
    {
        "case.read",
        "case.document_read",
        "case.likely_read",
        "case.printed",
        "case.exported",
        "case.glass_broken",
    }
)
"""By which somebody saw what a file says: for its person, and for counting who opens many."""
