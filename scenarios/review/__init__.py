"""What only a person can see: questions to an operator, answered by attestation."""
