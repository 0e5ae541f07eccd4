"""Passwords, by argon2id with the parameters of RFC 9106 for machines of modest memory: 64 MiB, three passes."""

import asyncio
import secrets
import unicodedata
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import argon2
from argon2.exceptions import VerifyMismatchError


class PasswordHasher:
    """Hashes in `workers` threads of its own: a storm of logins neither stalls the loop nor takes over 64 MiB each.

    A semaphore before shared threads would not do: a request that is given up frees its place while its thread runs on.
    """

    def __init__(self, workers: int = 2) -> None:
        self._argon2 = argon2.PasswordHasher()
        self._nobody = _hash_of_no_password(self._argon2)
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="password")

    async def hash(self, password: str) -> str:
        """A new salted hash in the PHC format, which names its parameters."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._argon2.hash, _normal(password))

    async def verify(self, hash: str | None, password: str) -> bool:
        """Whether the password is the one hashed.

        `None` is whoever has no password: it costs as much as a wrong one, so that the clock does not tell which phones
        are known. Raises `argon2.exceptions.InvalidHashError` for a hash that is broken.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._matches, hash or self._nobody, _normal(password))

    def _matches(self, hash: str, password: bytes) -> bool:
        try:
            return self._argon2.verify(hash, password)
        except VerifyMismatchError:
            return False


def _normal(password: str) -> bytes:
    """One spelling of what looks the same, since phones compose accents differently; lone surrogates are just wrong."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _hash_of_no_password(parameters: argon2.PasswordHasher) -> str:
    """Well-formed, with random bytes where the hash stands: full price to verify, and no password fits."""
    salt, tag = (
        b64encode(secrets.token_bytes(length)).rstrip(b"=").decode()
        for length in (parameters.salt_len, parameters.hash_len)
    )
    p = parameters
    return f"$argon2id$v=19$m={p.memory_cost},t={p.time_cost},p={p.parallelism}${salt}${tag}"
