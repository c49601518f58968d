"""Timestamp tokens of RFC 3161: decoded, their certificates followed to a trusted root, and verified without a network."""

import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography import x509
from django.conf import settings
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response


class UnusableTimestamp(ValueError):
    """The authority did not respond, or its timestamp does not verify; the message gives the reason."""


def decoded(received: bytes) -> TimeStampResponse:
    """Raises UnusableTimestamp.

    The certificates are a set, which authorities that run OpenSSL send unsorted and the library accepts only sorted.
    """
    try:
        return decode_timestamp_response(_with_sorted_certificates(received))
    except (ValueError, IndexError) as wrong:
        raise UnusableTimestamp(f"it cannot be read: {wrong}") from wrong


def _with_sorted_certificates(der: bytes) -> bytes:
    """The response with the certificates of its SignedData in the order of their bytes; nothing signed is touched."""
    (response,) = _elements(der, 0, len(der))
    token = list(_elements(der, *response))[1]
    explicit = list(_elements(der, *token))[1]
    (signed,) = _elements(der, *explicit)
    start = list(_elements(der, *signed))[2][1]  # after version, digest algorithms and content
    if der[start] != 0xA0:
        return der
    (place, end) = next(_elements(der, start, len(der)))
    whole, last = [], place
    for _, after in _elements(der, place, end):
        whole.append(der[last:after])
        last = after
    return der[:place] + b"".join(sorted(whole)) + der[end:]


def _elements(der: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Start and end of the content of each element between two positions."""
    while at < end:
        length, start = der[at + 1], at + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(der[at + 2 : start])
        at = start + length
        yield start, at


def roots() -> list[x509.Certificate]:
    """Root certificates that this machine trusts with timestamps."""
    if settings.TIMESTAMP_ROOTS:
        try:
            return x509.load_pem_x509_certificates(Path(settings.TIMESTAMP_ROOTS).read_bytes())
        except (OSError, ValueError) as unreadable:
            raise UnusableTimestamp(
                f"TIMESTAMP_ROOTS names {settings.TIMESTAMP_ROOTS}, which cannot be read: {unreadable}"
            ) from unreadable
    found = []
    for der in ssl.create_default_context().get_ca_certs(binary_form=True):
        try:
            found.append(x509.load_der_x509_certificate(der))
        except ValueError:  # a store may hold old certificates that break the rules of today
            continue
    return found


def chain_of(response: TimeStampResponse, trusted: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Certificates from the signer's to a trusted root. Raises UnusableTimestamp if none of the roots is trusted."""
    sent = [x509.load_der_x509_certificate(der) for der in response.signed_data.certificates]
    signers = {(signer.issuer, signer.serial_number) for signer in response.signed_data.signer_infos}
    chain = [one for one in sent if (one.issuer, one.serial_number) in signers][:1]
    while chain:
        issued_by = chain[-1].issuer
        if root := next((one for one in trusted if one.subject == issued_by and _issued(one, chain[-1])), None):
            return [*chain, root]
        above = next((one for one in sent if one.subject == issued_by and one not in chain), None)
        if above is None or not _issued(above, chain[-1]):
            break
        chain.append(above)
    raise UnusableTimestamp(
        "its certificates lead to no root that is trusted here. Put the authority's root certificate into TIMESTAMP_ROOTS."
    )


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # a bad signature is no ValueError
        return False
    return True


def verify(
    response: TimeStampResponse, chain: Sequence[x509.Certificate], sha256: str, nonce: int | None = None
) -> None:
    """Raises UnusableTimestamp unless the token is of this hash and signed under this chain."""
    *below, root = chain
    verifier = VerifierBuilder(roots=[root], intermediates=list(below[1:]), nonce=nonce).build()
    try:
        verifier.verify(response, bytes.fromhex(sha256))
    except VerificationError as wrong:
        raise UnusableTimestamp(f"it does not verify: {wrong}") from wrong
