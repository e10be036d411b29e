"""Templates in, :class:`~workbook_builder.model.form.Form` out."""
