"""The campaign folder: settings, roster, last year's figures, inbox and results."""
