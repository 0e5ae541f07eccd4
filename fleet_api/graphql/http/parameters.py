"""The parameters of a GET request, and what no address may hold."""

from typing import Any
from urllib.parse import parse_qsl

from fleet_api.graphql.http.http_errors import not_a_query_string, parameter_twice, token_in_url
from fleet_api.graphql.request_reader import RequestReader

_MOST = 50
_TOKENS = {"access_token", "authorization", "token"}
_KNOWN = {"query", "operationName", "variables", "extensions", "documentId"}
_JSON = {"variables", "extensions"}


def parameters_of(query_string: bytes) -> dict[str, str]:
    """Those that we know; an empty one is as good as none. Raises `HttpRefused` for a token among them, whatever the
    method: addresses are written into logs."""
    if not query_string:
        return {}
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=_MOST)
    except ValueError:
        raise not_a_query_string() from None
    parameters: dict[str, str] = {}
    for name, value in pairs:
        if name.lower() in _TOKENS:
            raise token_in_url(name.lower())
        if name in parameters:
            raise parameter_twice(name)
        if name in _KNOWN:
            parameters[name] = value
    return parameters


def fields_of(parameters: dict[str, str], reader: RequestReader) -> dict[str, Any]:
    """As a POST would have them. Raises `Refused` for what is not JSON and should be."""
    return {name: reader.json(value) if name in _JSON else value for name, value in parameters.items()}
