from civic.kernel.i18n import N_

REASONS = {
    "desk": N_("The person is at the desk, or calls"),
    "hours": N_("A question about their hours"),
    "consent": N_("A guardian's consent"),
    "safety": N_("Somebody's safety"),
}
"""Why an officer may open a person's file; the person reads which it was (DOMAIN.md, rule 6)."""
