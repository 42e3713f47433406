"""What the printed report says, as plain JSON for the typesetter: pure functions, no markup."""
