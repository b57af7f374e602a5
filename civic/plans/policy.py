from civic.kernel.policy import Permission, any_of, case_worker_there, is_person, officer_there

WORK_ON_PLANS = Permission("plans.work_on", any_of(case_worker_there, officer_there))
"""In that city; the gate asks further that it is whoever follows this very plan."""
READ_OWN_PLAN = Permission("plans.read_own", is_person)
