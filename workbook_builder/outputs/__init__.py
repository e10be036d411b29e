"""Results: one module for each kind of output."""
