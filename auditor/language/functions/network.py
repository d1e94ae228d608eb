"""
CEL's extension for addresses of the internet and ranges of them.

An address is read strictly: no zone, no leading zeros, and no IPv4 address spelt inside an IPv6 one. The same
address written in hexadecimal (``::ffff:c0a8:1``) is the IPv4 address that it maps. A range keeps the address
that it was written with; `masked` gives its first one.

Source: CEL specification, conformance suite "network_ext"; cel-go, extension "network".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.failures import fail
from auditor.language.registry import Library, overload
from auditor.language.values import EvaluationFailure, Opaque

if TYPE_CHECKING:
    from collections.abc import Callable
    from ipaddress import IPv4Address, IPv6Address

    Address = IPv4Address | IPv6Address

_LONGEST: Final = 64
"""So many characters are more than any address has; a longer text is none by its beginning alone."""


def _parsed(text: str) -> Address:
    import ipaddress  # noqa: PLC0415 (only policies that use addresses pay for it)

    if "%" in text:
        fail("bad_address", "an address with a zone is not allowed")
    try:
        address = ipaddress.ip_address(text[:_LONGEST])
    except ValueError:
        fail("bad_address", "the text is not an IP address")
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None and "." in text:
        fail("bad_address", "an IPv4 address inside an IPv6 one is not allowed")
    return mapped or address


def _address(number: int, family: int) -> Address:
    import ipaddress  # noqa: PLC0415 (as above)

    return (ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address)(number)  # noqa: PLR2004


def _ip_value(address: Address) -> Opaque:
    return Opaque("net.IP", (address.version, int(address)), str(address))


def _cidr_value(address: Address, bits: int) -> Opaque:
    key = (address.version, int(address), bits)
    return Opaque("net.CIDR", key, f"{address}/{bits}")


def _ip(text: str) -> Opaque:
    return _ip_value(_parsed(text))


def _cidr(text: str) -> Opaque:
    written, _, prefix = text.partition("/")
    address = _parsed(written)
    if ":" in written and address.version != 6:  # noqa: PLR2004
        fail("bad_address", "an IPv4 address inside an IPv6 one is not allowed")
    is_number = prefix.isascii() and prefix.isdecimal() and len(prefix) <= 3  # noqa: PLR2004
    if not is_number or str(int(prefix)) != prefix or int(prefix) > address.max_prefixlen:
        fail("bad_address", "the text is not an address with the length of its prefix")
    return _cidr_value(address, int(prefix))


def _reads(parse: Callable[[str], Opaque]) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        try:
            parse(text)
        except EvaluationFailure:
            return False
        return True

    return test


def _of(value: Opaque) -> Address:
    return _address(value.key[1], value.key[0])


def _is_global(value: Opaque) -> bool:
    """Whether it is one address of one place; private ranges count, the broadcast address does not."""
    address = _of(value)
    special = (
        address.is_unspecified
        or address.is_loopback
        or address.is_multicast
        or address.is_link_local
    )
    return not special and value.text != "255.255.255.255"


def _is_local_multicast(value: Opaque) -> bool:
    family, number = value.key
    if family == 4:  # noqa: PLR2004
        return bool(number >> 8 == 0xE00000)  # noqa: PLR2004 - 224.0.0.0/24
    return bool(number >> 112 & 0xFF0F == 0xFF02)  # noqa: PLR2004 - ff02::/16 and its flags


def _prefix(family: int, number: int, bits: int) -> int:
    """Return the first *bits* of an address, in their place."""
    rest = (32 if family == 4 else 128) - bits  # noqa: PLR2004
    return number >> rest << rest


def _contains_ip(range_: Opaque, ip: Opaque) -> bool:
    family, number, bits = range_.key
    same = ip.key[0] == family
    return same and _prefix(family, number, bits) == _prefix(family, ip.key[1], bits)


def _contains_cidr(outer: Opaque, inner: Opaque) -> bool:
    family, number, bits = inner.key
    first = Opaque("net.IP", (family, number), "")
    return bool(outer.key[2] <= bits) and _contains_ip(outer, first)


def _masked(value: Opaque) -> Opaque:
    family, number, bits = value.key
    return _cidr_value(_address(_prefix(family, number, bits), family), bits)


def _text(value: Opaque) -> str:
    return value.text


LIBRARY: Final = Library(
    "network",
    (
        overload(
            "ip(string) -> net.IP",
            _ip,
            about="Reads an address, IPv4 or IPv6.",
            examples=[("ip('::ffff:c0a8:1') == ip('192.168.0.1')", "true")],
        ),
        overload(
            "isIP(string) -> bool",
            _reads(_ip),
            about="Whether a text is an address.",
            examples=[("isIP('192.168.0.1.0')", "false")],
        ),
        overload(
            "ip.isCanonical(string) -> bool",
            lambda text: _ip(text).text == text,
            about="Whether an address is written in its one canonical form; an error where it is none.",
            examples=[("ip.isCanonical('2001:DB8::68')", "false")],
        ),
        overload(
            "string(net.IP) -> string",
            _text,
            about="The canonical form.",
            examples=[("string(ip('2001:DB8::68'))", "'2001:db8::68'")],
        ),
        overload(
            "net.IP.family() -> int",
            lambda value: value.key[0],
            about="4 or 6.",
            examples=[("ip('::1').family()", "6")],
        ),
        overload(
            "net.IP.isUnspecified() -> bool",
            lambda value: value.key[1] == 0,
            about="Whether it is the address of zeros.",
            examples=[("ip('0.0.0.0').isUnspecified()", "true")],
        ),
        overload(
            "net.IP.isLoopback() -> bool",
            lambda value: _of(value).is_loopback,
            about="Whether it stands for the machine itself.",
            examples=[("ip('127.0.0.1').isLoopback()", "true")],
        ),
        overload(
            "net.IP.isGlobalUnicast() -> bool",
            _is_global,
            about="Whether it stands for one place beyond its link; private ranges count.",
            examples=[("ip('192.168.0.1').isGlobalUnicast()", "true")],
        ),
        overload(
            "net.IP.isLinkLocalUnicast() -> bool",
            lambda value: _of(value).is_link_local,
            about="Whether it stands for one place on its link.",
            examples=[("ip('169.254.169.254').isLinkLocalUnicast()", "true")],
        ),
        overload(
            "net.IP.isLinkLocalMulticast() -> bool",
            _is_local_multicast,
            about="Whether it stands for many places on its link.",
            examples=[("ip('224.0.1.1').isLinkLocalMulticast()", "false")],
        ),
        overload(
            "cidr(string) -> net.CIDR",
            _cidr,
            about="Reads a range: an address and the length of its prefix.",
            examples=[("cidr('10.0.0.0/8').containsIP('10.1.2.3')", "true")],
        ),
        overload(
            "isCIDR(string) -> bool",
            _reads(_cidr),
            about="Whether a text is a range.",
            examples=[("isCIDR('10.0.0.0/33')", "false")],
        ),
        overload(
            "string(net.CIDR) -> string",
            _text,
            about="The address and the length of the prefix.",
            examples=[("string(cidr('2001:db8::/32'))", "'2001:db8::/32'")],
        ),
        overload(
            "net.CIDR.containsIP(net.IP) -> bool",
            _contains_ip,
            about="Whether an address lies in the range.",
            examples=[("cidr('192.168.0.0/24').containsIP(ip('192.168.1.1'))", "false")],
        ),
        overload(
            "net.CIDR.containsIP(string) -> bool",
            lambda value, text: _contains_ip(value, _ip(text)),
            about="Whether an address lies in the range.",
            examples=[("cidr('192.168.0.0/24').containsIP('192.168.0.1')", "true")],
        ),
        overload(
            "net.CIDR.containsCIDR(net.CIDR) -> bool",
            _contains_cidr,
            about="Whether another range lies within this one.",
            examples=[("cidr('10.0.0.0/8').containsCIDR(cidr('10.0.0.0/8'))", "true")],
        ),
        overload(
            "net.CIDR.containsCIDR(string) -> bool",
            lambda value, text: _contains_cidr(value, _cidr(text)),
            about="Whether another range lies within this one.",
            examples=[("cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "true")],
        ),
        overload(
            "net.CIDR.ip() -> net.IP",
            lambda value: _ip_value(_of(value)),
            about="The address with which the range was written.",
            examples=[("cidr('192.168.1.5/24').ip() == ip('192.168.1.5')", "true")],
        ),
        overload(
            "net.CIDR.masked() -> net.CIDR",
            _masked,
            about="The same range, written with its first address.",
            examples=[("cidr('192.168.1.5/24').masked() == cidr('192.168.1.0/24')", "true")],
        ),
        overload(
            "net.CIDR.prefixLength() -> int",
            lambda value: value.key[2],
            about="How many bits all its addresses share.",
            examples=[("cidr('192.168.1.0/24').prefixLength()", "24")],
        ),
    ),
    "The extension *network* of CEL, as cel-go documents it (it has one version) and the conformance suite exercises it.",
)
