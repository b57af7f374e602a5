from civic.kernel.policy import Actor, Permission, Place, officer_there


def _anybody_signed_in(actor: Actor, _place: Place | None) -> bool:
    """Of which association they may change anything is for `queries.own` to say."""
    return actor.is_signed_in


VERIFY_ASSOCIATION = Permission("tenancy.verify_association", officer_there)
RUN_ASSOCIATION = Permission("tenancy.run_association", _anybody_signed_in)
