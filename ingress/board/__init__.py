"""The board: the page where people look."""
