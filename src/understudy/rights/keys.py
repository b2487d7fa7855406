"""The keys of this installation, made on first use and kept in `home()/keys` for its user alone (mode 0600).

installation.pem   Ed25519: signs grants, licences of actors made here, and ledger checkpoints
authority.pem      the local C2PA root: key and certificate (ES256); copy only the certificate to those who verify
signer.pem         the C2PA claim signer: key, certificate and the root's certificate (ES256, EKU emailProtection)
watermark.key      32 random bytes that place the invisible mark

`home()/trust/*.pub` holds the public keys of licensors (base64url of the raw 32 bytes) and `home()/trust/*.pem` C2PA
roots this user trusts. Two processes that start together get the same keys: each file is written aside in full and
linked to its name, and the first link wins.
"""

import base64
import contextlib
import datetime
import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from understudy.base.errors import BadInput, Unavailable
from understudy.base.folders import home

_LIFE = datetime.timedelta(days=365 * 20)
"""Without a time-stamp authority a file turns invalid when the signer's certificate ends, so it ends late."""


@dataclass(frozen=True)
class ClaimSigner:
    """What signs C2PA claims. chain_pem: signer first, then the root. name: what verifiers display."""

    key: ec.EllipticCurvePrivateKey
    chain_pem: str
    name: str

    def sign(self, data: bytes) -> bytes:
        """Returns the ES256 signature in DER."""
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def keys_exist() -> bool:
    """Tells whether this installation has made its keys; a machine that only verifies has none."""
    return (home() / "keys" / "installation.pem").is_file()


def installation_key() -> Ed25519PrivateKey:
    """Returns the key that speaks for this installation."""
    key = serialization.load_pem_private_key(_kept("installation.pem", _new_installation_key), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise _damaged("installation.pem")
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """Returns the public half: raw 32 bytes in base64url without padding."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def key_id(public: str) -> str:
    """Returns the short name of a public key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public.encode()).hexdigest()[:16]


def trusted_licensors() -> dict[str, str]:
    """Returns key id -> public key of everyone whose licences count here; this installation is one of them."""
    own = public_text(installation_key())
    found = {key_id(own): own}
    for path in sorted((home() / "trust").glob("*.pub")):
        public = path.read_text().strip()
        found[key_id(public)] = public
    return found


def trust_licensor(public: str, name: str) -> str:
    """Adds a licensor's public key to the trust store and returns its key id. Raises BadInput or Unavailable."""
    try:
        raw = base64.urlsafe_b64decode(public + "=" * (-len(public) % 4))
    except ValueError:
        raw = b""
    if len(raw) != 32 or not name.replace("-", "").isalnum():
        raise BadInput("A licensor needs a plain name and a public key of 32 bytes in base64url; ask them for theirs.")
    try:
        (home() / "trust").mkdir(parents=True, exist_ok=True)
        (home() / "trust" / f"{name}.pub").write_text(public + "\n")
    except OSError as error:
        raise _closed(error) from error
    return key_id(public)


def claim_signer() -> ClaimSigner:
    """Returns the C2PA signer of this installation, issued by its own root."""
    pem = _kept("signer.pem", _new_signer)
    try:
        key = serialization.load_pem_private_key(pem, None)
        chain = x509.load_pem_x509_certificates(pem)
        name = str(chain[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    except (ValueError, IndexError) as error:
        raise _damaged("signer.pem") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise _damaged("signer.pem")
    return ClaimSigner(key, "".join(_pem(certificate) for certificate in chain), name)


def claim_anchors() -> str:
    """Returns the PEM of the C2PA roots trusted here: this installation's own and those in the trust store."""
    own = x509.load_pem_x509_certificates(_kept("authority.pem", _new_authority))
    extra = [path.read_text() for path in sorted((home() / "trust").glob("*.pem"))]
    return "".join([_pem(certificate) for certificate in own] + extra)


def watermark_key() -> bytes:
    """Returns the 32 secret bytes that place the invisible mark."""
    return _kept("watermark.key", lambda: secrets.token_bytes(32))


def derived(purpose: str) -> bytes:
    """Returns a 32-byte secret for one purpose, derived from the installation key."""
    raw = installation_key().private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    return hashlib.blake2b(purpose.encode(), key=raw, digest_size=32).digest()


def _kept(name: str, make: Callable[[], bytes]) -> bytes:
    path = home() / "keys" / name
    try:
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        draft = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(make())
                stream.flush()
                os.fsync(stream.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        return path.read_bytes()
    except OSError as error:
        raise _closed(error) from error


def _closed(error: OSError) -> Unavailable:
    return Unavailable(
        f"The folder for keys, {home()}, cannot be used ({error.strerror}); "
        "make it writable or set UNDERSTUDY_HOME to another folder."
    )


def _damaged(name: str) -> Unavailable:
    return Unavailable(f"The key file {home() / 'keys' / name} is damaged; restore it from a backup.")


def _new_installation_key() -> bytes:
    return _key_pem(Ed25519PrivateKey.generate())


def _new_authority() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Understudy local root {secrets.token_hex(4)}")
    certificate = (
        _certificate(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _key_pem(key) + _pem(certificate).encode()


def _new_signer() -> bytes:
    authority = _kept("authority.pem", _new_authority)
    root = x509.load_pem_x509_certificates(authority)[0]
    root_key = serialization.load_pem_private_key(authority, None)
    if not isinstance(root_key, ec.EllipticCurvePrivateKey):
        raise _damaged("authority.pem")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _certificate(_name(f"Understudy installation {secrets.token_hex(4)}"), root.subject, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return _key_pem(key) + _pem(certificate).encode() + _pem(root).encode()


def _name(common: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Understudy (local, not on the C2PA trust list)")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=5)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    return builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start + _LIFE)


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _key_pem(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
