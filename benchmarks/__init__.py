"""How fast the API is, beside what else could serve the same data: `make bench`."""
