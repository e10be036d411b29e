"""``python -m workbook_builder``."""

from workbook_builder.start import main

if __name__ == "__main__":
    main()
