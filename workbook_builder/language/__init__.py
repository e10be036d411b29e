"""The faces of a rule: its value, its formula in a cell, its words."""
