class Anomaly(Exception):
    """Something that graphql-core must answer: a null where none may be, a value that does not fit, an exception."""
