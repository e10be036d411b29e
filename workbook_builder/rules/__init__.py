"""Pure functions over answers: evaluate, verify, tally. Never imports excel."""
