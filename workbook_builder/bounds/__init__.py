"""How much of what comes from outside is taken in, and where it runs."""
