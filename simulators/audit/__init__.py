"""The audit repository that a device reports to (PS3.15 A.5 to A.7), and who provokes reports."""
