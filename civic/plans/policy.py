from civic.kernel.policy import Permission, case_worker_there, is_person

WORK_ON_PLANS = Permission("plans.work_on", case_worker_there)
"""In that city; the gate asks further that it is this plan's own case worker."""
READ_OWN_PLAN = Permission("plans.read_own", is_person)
