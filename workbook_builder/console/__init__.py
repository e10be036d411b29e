"""控制台: the Excel console of the district desk. It holds no rule.

``places`` says where everything stands, ``book`` is the empty console, ``rows`` are
results as rows for its sheets, ``desk`` is the only module that knows xlwings, and
``actions`` runs the stages of the pipeline for the button.
"""
