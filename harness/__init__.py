"""The judge: declarations, engine, oracles, record and verdicts. Opens no socket."""
