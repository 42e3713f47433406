"""The flaws of the audit trail, and of the log beside it, which test_auditing.py shows."""

AUDIT_FLAWS = (
    "audit_says_nothing",
    "audit_failures_missing",
    "audit_misses_queries",
    "audit_forgets_restarts",
    "audit_wrong_actor",
    "audit_outcome_always_success",
    "audit_ignores_handshakes",
    "audit_unescaped",
    "audit_time_without_zone",
    "audit_refuses_when_down",
    "audit_drops_when_down",
    "audit_trusts_any_repository",
    "audit_falls_back_to_plain",
    "logs_user_secrets",
)
