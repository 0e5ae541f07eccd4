"""How events reach many phones, beside what else could send them: `make bench-live`."""
