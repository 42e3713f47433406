"""The audit trail, and the operational log beside it (family AUD)."""
