from civic.kernel.policy import Permission, officer_there

VERIFY_ASSOCIATION = Permission("tenancy.verify_association", officer_there)
