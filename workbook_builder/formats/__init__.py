"""Bytes of a returned file → raw cells: a bounded reader for each format."""
