"""Pure functions from a record to a finding."""
