"""Word, PDF, web pages, text, pictures → :class:`~workbook_builder.model.document.Document`."""
