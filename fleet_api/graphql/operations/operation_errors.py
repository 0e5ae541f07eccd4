"""Why a document that was named, or brought along, does not run."""

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.text import Text


def persisted_query_not_found() -> OutputErrorContext:
    """Clients look for this very message, in whatever language, to send the document along."""
    return OutputErrorContext(
        404,
        "PERSISTED_QUERY_NOT_FOUND",
        Text("PersistedQueryNotFound", "PersistedQueryNotFound"),
        Text(
            "No document of that name is registered. Register it, or send its text along.",
            "No hay ningún documento registrado con ese nombre. Regístrelo, o envíe también su texto.",
        ),
    )


def persisted_query_not_supported() -> OutputErrorContext:
    """Clients look for this very message to name no more documents."""
    return OutputErrorContext(
        404,
        "PERSISTED_QUERY_NOT_SUPPORTED",
        Text("PersistedQueryNotSupported", "PersistedQueryNotSupported"),
        Text("No documents are registered here: send its text.", "Aquí no hay documentos registrados: envíe su texto."),
    )


def document_mismatch() -> OutputErrorContext:
    return OutputErrorContext(
        400,
        "PERSISTED_QUERY_MISMATCH",
        Text("The document is not the one that you name.", "El documento no es el que usted nombra."),
        Text(
            "Hash the very text that you send, in UTF-8, with SHA-256.",
            "Calcule el SHA-256 del mismo texto que envía, en UTF-8.",
        ),
    )


def not_registered() -> OutputErrorContext:
    return OutputErrorContext(
        400,
        "OPERATION_NOT_REGISTERED",
        Text("Only registered documents run here.", "Aquí solo se ejecutan documentos registrados."),
        Text(
            "Have the operator register it: fleet-api operations add FILE.",
            "Pida al operador que lo registre: fleet-api operations add FICHERO.",
        ),
    )
