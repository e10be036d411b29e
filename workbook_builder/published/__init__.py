"""What a document prints → the figures and texts of a form, each with its certainty."""
