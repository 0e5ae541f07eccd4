"""What is told at addresses that are none of ours, in the shape of the API's errors."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_NOT_FOUND = 404
_MESSAGES = {
    404: ("NOT_FOUND", "Nothing is here: the API is at /graphql."),
    405: ("METHOD_NOT_ALLOWED", "Ask this address with another method."),
}


async def lost(_: Request, error: Exception) -> Response:
    """error: of the router."""
    found = error if isinstance(error, HTTPException) else HTTPException(_NOT_FOUND)
    code, message = _MESSAGES.get(found.status_code, _MESSAGES[_NOT_FOUND])
    headers: dict[str, Any] = {**(found.headers or {}), "Cache-Control": "no-store"}
    return JSONResponse({"errors": [{"message": message, "extensions": {"code": code}}]}, found.status_code, headers)
