from civic.kernel.policy import Permission, any_of, case_worker_there, officer_there

WORK_AT_DESK = Permission("cases.work_at_desk", any_of(officer_there, case_worker_there))
KEEP_SERVICES = Permission("cases.keep_services", officer_there)
"""The directory of services of that city."""
