from civic.kernel.policy import Permission, administrator

LOOK_AFTER = Permission("notifications.look_after", administrator)
"""What did not arrive, on the administrator's page: counts and names of events, nobody's words."""
