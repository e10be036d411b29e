"""Raw cells → a return → its verdict."""
