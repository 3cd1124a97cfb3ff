"""Which network addresses may be dialled. Decided on the very address of the connection, so no name can trick it.

A name that points at a private address, an address written in another form, a redirect, an answer that changes between
two look-ups: all of them end here, because here is where the socket is made.
"""

import ipaddress
import socket
from collections.abc import Iterable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]
"""What `socket.getaddrinfo` gives for one address."""

_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "64:ff9b:1::/48",  # NAT64 towards private networks
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
        "ff00::/8",
    )
)
"""Refused whatever the interpreter's own tables say: they differ from one Python to the next."""
_ROUTED_V6 = ipaddress.IPv6Network("2000::/3")
_ISATAP = 0x5EFE
"""What the lower half of an address begins with that a router unpacks into the IPv4 address behind it."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class PrivateAddress(OSError):
    """A connection to an address that may not be visited. An `OSError`, as that is what connecting raises."""

    def __init__(self) -> None:
        super().__init__("address on a private network: not visited")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks from their CIDR notation; host bits are allowed. Raises ValueError for what is no network."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


class Guard:
    """Lets connections through to globally routable addresses, and to networks that somebody named on purpose."""

    def __init__(self, allow: Sequence[Network] = ()) -> None:
        self._allow = tuple(allow)

    def allows(self, address: str) -> bool:
        """Whether that numeric address may be dialled. What is no numeric address may not."""
        try:
            written = ipaddress.ip_address(address)
        except ValueError:
            return False
        meant = _embedded(written)
        return any(_within(meant, network) for network in self._allow) or _is_public(meant)

    def names(self, address: str) -> bool:
        """Whether that numeric address lies on a network that somebody named on purpose."""
        try:
            written = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(_within(_embedded(written), network) for network in self._allow)

    def socket_for(self, info: AddressInfo) -> socket.socket:
        """The unconnected socket for an address that is about to be dialled. Raises `PrivateAddress`."""
        family, kind, protocol, _, place = info
        if not self.allows(str(place[0])):
            raise PrivateAddress
        return socket.socket(family, kind, protocol)


def _within(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network


def _is_public(address: Address) -> bool:
    if any(_within(address, network) for network in _SPECIAL):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address not in _ROUTED_V6:
            return False
        if (int(address) >> 32) & 0xFDFFFFFF == _ISATAP:
            return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


def _embedded(address: Address) -> Address:
    """The IPv4 address to which that IPv6 address leads (mapped, 6to4, Teredo, NAT64), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
