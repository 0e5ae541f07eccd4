"""Our own signing key: an Ed25519 private key in a PEM file that only its owner may read."""

import os
import tempfile
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key


class UnusableSigningKeyError(Exception):
    """The file is there, but holds no unencrypted Ed25519 private key in PEM."""


def load_or_create_signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in `path`, made there if the file is absent; processes that start together agree on one.

    Raises `UnusableSigningKeyError`, and `OSError` where the file can be neither read nor made.
    """
    if not path.exists():
        _create(path)
    return _load(path)


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole or not at all and never replaces, so that the first process wins and nobody reads half.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


def _load(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # The library's text is withheld, since it may quote what it could not read.
        raise UnusableSigningKeyError(f"{path} is not an unencrypted private key in PEM") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableSigningKeyError(f"{path} is not an Ed25519 key")
    return key
