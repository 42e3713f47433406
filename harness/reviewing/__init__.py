"""Manual evidence: questions to a person, answers, attestations and attachments."""
