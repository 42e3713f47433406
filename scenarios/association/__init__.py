"""The upper layer: association negotiation and the state machine (family ASC)."""
