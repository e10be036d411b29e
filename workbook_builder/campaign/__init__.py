"""The campaign folder: settings, roster, past figures, inbox, results."""
