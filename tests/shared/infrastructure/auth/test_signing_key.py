import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from fleet_api.shared.infrastructure.auth.signing_key import UnusableSigningKeyError, load_or_create_signing_key

RACER = """
import sys
from pathlib import Path
from fleet_api.shared.infrastructure.auth.signing_key import load_or_create_signing_key
print("ready", flush=True)
sys.stdin.readline()
print(load_or_create_signing_key(Path(sys.argv[1])).private_bytes_raw().hex())
"""


def pem(key: Ed25519PrivateKey | RSAPrivateKey, encryption: KeySerializationEncryption | None = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "signing-key.pem"
    made = load_or_create_signing_key(path)
    content = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_create_signing_key(path).private_bytes_raw() == made.private_bytes_raw()
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "signing-key.pem"
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(8)
    ]
    assert [racer.stdout.readline() for racer in racers if racer.stdout] == ["ready\n"] * 8
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    keys = {racer.communicate(timeout=60)[0].strip() for racer in racers}
    assert keys == {load_or_create_signing_key(path).private_bytes_raw().hex()}
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_that_an_operator_put_there_is_used(tmp_path: Path, private: Ed25519PrivateKey) -> None:
    path = tmp_path / "signing-key.pem"
    path.write_bytes(pem(private))
    assert load_or_create_signing_key(path).private_bytes_raw() == private.private_bytes_raw()


def test_a_file_that_holds_no_such_key_is_refused_and_left_alone(
    tmp_path: Path, private: Ed25519PrivateKey, rsa_private: RSAPrivateKey
) -> None:
    path = tmp_path / "signing-key.pem"
    encrypted = pem(private, BestAvailableEncryption(b"secret"))
    for content in (b"", b"garbage", pem(private)[:-40], pem(rsa_private), encrypted):
        path.write_bytes(content)
        with pytest.raises(UnusableSigningKeyError, match=r"signing-key\.pem"):
            load_or_create_signing_key(path)
        assert path.read_bytes() == content
