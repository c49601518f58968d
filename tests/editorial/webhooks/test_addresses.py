"""Allowed addresses: public ones over HTTPS, called only at the IP addresses that were checked."""

import ipaddress

import pytest

from editorial.webhooks import addresses
from editorial.webhooks.addresses import AddressRefused

PUBLIC = ["93.184.215.14", "2a00:1450:4001:830::200e", "64:ff9b::5db8:d70e"]
NOT_PUBLIC = [
    "0.0.0.1", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.215.14", "64:ff9b::a00:1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "2002:5db8:d70e::1",
    "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip


class TestANumber:
    @pytest.mark.parametrize("number", PUBLIC)
    def test_of_the_internet_may_be_called(self, number):
        assert addresses.is_public(ipaddress.ip_address(number))

    @pytest.mark.parametrize("number", NOT_PUBLIC)
    def test_of_a_network_of_ours_may_not(self, number):
        assert not addresses.is_public(ipaddress.ip_address(number))


class TestAnAddress:
    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("http://partner.example/hook", "https://"),
            ("ftp://partner.example/hook", "https://"),
            ("file:///etc/passwd", "no host"),
            ("gopher://127.0.0.1:6379/_x", "https://"),
            ("//partner.example/hook", "https://"),
            ("partner.example/hook", "no host"),
            ("https://", "no host"),
            ("https:///hook", "no host"),
            ("https://user:pw@partner.example/", "name or password"),
            ("https://partner.example@10.0.0.1/", "name or password"),
            ("https://partner.example/#part", "after #"),
            ("https://partner.example:22/", "Port 22"),
            ("https://partner.example:0/", "Port 0"),
            ("https://partner.example:99999/", "cannot be read"),
            ("https://partner.example:x/", "cannot be read"),
            ("https://[::1/", "cannot be read"),
            ("https://[fe80::1%25eth0]/", "no host"),
            ("https://partner.example/a b", "percent-encoded"),
            ("https://partner.example/\r\nHost: x", "percent-encoded"),
            ("https://partner.example\\@10.0.0.1/", "percent-encoded"),
            ("https://pärtner.example/", "percent-encoded"),
            ("https://partner.example/" + "x" * 500, "longer than"),
            ("https://par%74ner.example/", "no host"),
            ("", "percent-encoded"),
        ],
    )
    def test_that_may_not_be_called_is_refused_with_why(self, url, said):
        with pytest.raises(AddressRefused, match=said):
            addresses.target(url)

    def test_is_taken_apart(self):
        aim = addresses.target("https://partner.example:8443/hook?a=1")

        assert (aim.is_secure, aim.host, aim.port, aim.path) == (True, "partner.example", 8443, "/hook?a=1")
        assert addresses.target("https://partner.example").path == "/"

    def test_is_told_without_its_query(self):
        with pytest.raises(AddressRefused) as refused:
            addresses.target("http://partner.example/hook?token=zzsecret")
        assert "zzsecret" not in str(refused.value)

    @pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://[::1]:9/"])
    def test_of_this_machine_is_for_trials_alone(self, settings, url):
        assert not addresses.target(url).is_secure
        settings.LOOPBACK = False
        with pytest.raises(AddressRefused):
            addresses.target(url)


class TestAName:
    def checked(self, *numbers, url="https://partner.example/"):
        return addresses.checked(addresses.target(url), lambda host, port: numbers)

    def test_is_pinned_to_what_it_resolves_to(self):
        assert self.checked(*PUBLIC[:2]).numbers == tuple(PUBLIC[:2])

    @pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:169.254.169.254"])
    def test_with_one_number_that_is_not_public_is_refused_whatever_the_others_are(self, number):
        with pytest.raises(AddressRefused, match="not a public address"):
            self.checked(PUBLIC[0], number)

    def test_of_nobody_is_refused(self):
        with pytest.raises(AddressRefused, match="cannot be resolved"):
            self.checked()

    @pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "017700000001", "0", "localhost", "localhost."])  # fmt: skip
    def test_however_it_is_written_does_not_lead_to_this_machine(self, settings, host):
        settings.LOOPBACK = False

        with pytest.raises(AddressRefused, match=r"not a public|cannot be resolved"):
            addresses.checked(addresses.target(f"https://{host}/"))

    def test_of_this_machine_that_resolves_elsewhere_is_refused_in_a_trial(self):
        with pytest.raises(AddressRefused):
            self.checked("10.0.0.1", url="http://localhost/")
