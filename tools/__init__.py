"""What maintainers run in a checkout; not part of the installed package."""
