"""The kubectl stand-in."""
