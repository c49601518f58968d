"""One request: pinned, bounded in time and in size; real servers on this machine."""

import ipaddress
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from editorial.webhooks import addresses, http_client
from editorial.webhooks.addresses import Target
from editorial.webhooks.http_client import NoAnswer
from tests.editorial.webhooks.conftest import drip, flood, hang_up, keep_silent, redirect, say


def post(receiver, altogether=5.0):
    aim = addresses.checked(addresses.target(receiver.url))
    return http_client.post(aim, b'{"a":1}', {"Content-Type": "application/json"}, altogether=altogether)


class TestAnAnswer:
    def test_of_a_receiver_is_its_status_and_its_beginning(self, receiver):
        receiver.answer = say("Thank\0 you,\n\x1b[31m" + "x" * 5000, 200)

        answer = post(receiver)

        assert (answer.status, answer.is_success, len(answer.text)) == (200, True, 200)
        assert answer.text.startswith("Thank  you,  [31mxx")
        (came,) = receiver.received
        assert (came.path, came.body) == ("/hook?token=zzsecret", b'{"a":1}')
        assert came.headers["Host"].startswith("127.0.0.1:")
        assert came.headers["User-Agent"].startswith("Conflict-Chronology")

    def test_that_leads_elsewhere_is_not_followed(self, receiver):
        receiver.answer = redirect

        answer = post(receiver)

        assert (answer.status, answer.is_success) == (302, False)
        assert len(receiver.received) == 1

    def test_without_end_is_read_no_further_than_its_beginning(self, receiver):
        receiver.answer = flood

        assert post(receiver).text == "x" * 200

    @pytest.mark.parametrize("said", [b"\xff\xfe\x00", "é".encode("latin-1")])
    def test_in_no_encoding_is_kept_readable(self, receiver, said):
        def answer(handler):
            handler.send_response(200)
            handler.end_headers()
            handler.wfile.write(said)

        receiver.answer = answer

        assert "\0" not in post(receiver).text

    @pytest.mark.parametrize(("said", "seconds"), [("120", 120), ("soon", None), ("-5", None), ("9" * 50, None)])
    def test_may_say_when_to_come_back(self, receiver, said, seconds):
        receiver.answer = say("", 503, Retry_After=said)

        assert post(receiver).retry_after == seconds


class TestNoAnswer:
    def test_of_whom_nobody_reaches(self):
        with pytest.raises(NoAnswer, match=r"connection failed: .*refused"):
            http_client.post(Target(False, "localhost", 1, "/", ("127.0.0.1",)), b"", {})

    def test_of_whom_hangs_up(self, receiver):
        receiver.answer = hang_up

        with pytest.raises(NoAnswer, match="connection failed"):
            post(receiver)

    @pytest.mark.parametrize("behaviour", [keep_silent, drip])
    def test_of_whom_is_too_slow_however_it_drips(self, receiver, behaviour):
        receiver.answer = behaviour

        with pytest.raises(NoAnswer, match=r"No answer within 0\.4 seconds"):
            post(receiver, altogether=0.4)

    def test_of_whom_speaks_no_http(self, receiver):
        def babble(handler):
            handler.wfile.write(b"220 mail.example ESMTP\r\n")

        receiver.answer = babble

        with pytest.raises(NoAnswer, match="connection failed"):
            post(receiver)

    def test_of_whom_sends_headers_without_end(self, receiver):
        def header(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 500)

        receiver.answer = header

        with pytest.raises(NoAnswer):
            post(receiver)


@pytest.fixture
def secure(tmp_path):
    """A server called partner.example, and a trust in its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "partner.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("partner.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "partner.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    names = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            names.append(self.headers["Host"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args): ...

    class Quiet(HTTPServer):
        def handle_error(self, request, client_address): ...

    server = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_address[1], ssl.create_default_context(cafile=str(file)), names
    server.shutdown()
    server.server_close()
    thread.join()


class TestASecureConnection:
    def test_goes_to_the_number_that_was_checked_in_the_name_of_the_host(self, secure):
        port, trust, names = secure

        answer = http_client.post(Target(True, "partner.example", port, "/", ("127.0.0.1",)), b"{}", {}, trust=trust)

        assert answer.status == 200
        assert names == [f"partner.example:{port}"]

    @pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
    def test_is_refused_in_another_name(self, secure, host):
        port, trust, names = secure

        with pytest.raises(NoAnswer, match="No secure connection"):
            http_client.post(Target(True, host, port, "/", ("127.0.0.1",)), b"{}", {}, trust=trust)
        assert names == []

    def test_is_refused_with_a_certificate_that_nobody_vouches_for(self, secure):
        port, _, names = secure

        with pytest.raises(NoAnswer, match="No secure connection"):
            http_client.post(Target(True, "partner.example", port, "/", ("127.0.0.1",)), b"{}", {})
        assert names == []

    def test_that_is_none_is_cut_at_the_deadline(self, receiver):
        receiver.answer = drip
        plain = addresses.target(receiver.url)

        with pytest.raises(NoAnswer):
            http_client.post(Target(True, "localhost", plain.port, "/", ("127.0.0.1",)), b"{}", {}, altogether=0.4)
