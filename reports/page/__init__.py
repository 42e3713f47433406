"""What the HTML report shows, as plain values: pure functions from a run, no markup."""
