"""Only addresses of the open internet are dialled, and private ones that somebody named on purpose."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.guard import Guard, PrivateAddress, networks

PRIVATE = [
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.251",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "64:ff9b::a00:1",
    "64:ff9b:1::808:808",
    "100::1",
    "2001:db8::1",
    "2600:1700::5efe:a00:1",
    "2600:1700::200:5efe:7f00:1",
    "3fff::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_on_the_open_internet_is_refused(address: str) -> None:
    assert not Guard().allows(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "8.8.8.8",
            "1.1.1.1",
            "172.32.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "2002:808:808::",
            "64:ff9b::808:808",
        ),
        "2600:1700::5efe:808:808",
    ],
)
def test_what_is_on_the_open_internet_is_let_through(address: str) -> None:
    assert Guard().allows(address)


@pytest.mark.parametrize("text", ["", "localhost", "2130706433", "0x7f.1", "127.1", "8.8.8.8.", "8.8.8.8/32", "[::1]"])
def test_what_is_no_numeric_address_is_refused(text: str) -> None:
    assert not Guard(networks(["0.0.0.0/0", "::/0"])).allows(text)


def test_a_named_network_is_let_through_in_every_spelling_and_no_other_is() -> None:
    guard = Guard(networks(["127.0.0.0/8", "fd00::/8"]))

    allowed = {
        a: guard.allows(a) for a in ("127.0.0.2", "::ffff:127.0.0.2", "64:ff9b::7f00:2", "fd12::1", "10.0.0.1", "::1")
    }

    assert allowed == {
        "127.0.0.2": True,
        "::ffff:127.0.0.2": True,
        "64:ff9b::7f00:2": True,
        "fd12::1": True,
        "10.0.0.1": False,
        "::1": False,
    }


def test_a_socket_for_a_private_address_is_never_made() -> None:
    info = socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM)[0]

    with pytest.raises(PrivateAddress, match="address on a private network: not visited"):
        Guard().socket_for(info)


@given(st.ip_addresses(v=4))
def test_an_address_hidden_in_another_is_treated_as_itself(address: ipaddress.IPv4Address) -> None:
    guard = Guard()
    number = int(address)

    for wrapped in (f"::ffff:{address}", str(ipaddress.IPv6Address((0x64FF9B << 96) | number))):
        assert guard.allows(wrapped) == guard.allows(str(address))


@given(st.ip_addresses())
def test_nothing_private_by_the_interpreters_own_tables_gets_through(address: ipaddress.IPv4Address) -> None:
    if not address.is_global:
        assert not Guard().allows(str(address)) or address in ipaddress.ip_network("2002::/16")
