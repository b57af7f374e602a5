import struct
import zlib
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from civic.badges.credentials import baking
from civic.badges.credentials.baking import NotABadge, TooLarge, TwoCredentials
from tests.factories.credentials import SVG, picture

PNG = picture()
JSON = '{"name": "àè ع ]]> & <b>"}'
JWS = "eyJh.eyJi-_9.c2ln"
BAKED = baking.bake(PNG, JSON)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def _with(chunk: bytes) -> bytes:
    return PNG[:33] + chunk + PNG[33:]


@pytest.mark.parametrize("credential", [JSON, JWS])
def test_what_was_baked_into_a_png_comes_out_and_the_picture_stays(credential: str) -> None:
    baked = baking.bake(PNG, credential)
    assert baking.unbake(baked) == credential
    assert Image.open(BytesIO(baked)).tobytes() == Image.open(BytesIO(PNG)).tobytes()


def test_another_program_finds_the_chunk_by_its_name() -> None:
    with Image.open(BytesIO(BAKED)) as opened:
        assert isinstance(opened, PngImagePlugin.PngImageFile)
        assert opened.text["openbadgecredential"] == JSON


@pytest.mark.parametrize("credential", [JSON, JWS])
def test_what_was_baked_into_an_svg_means_the_same_when_it_comes_out(credential: str) -> None:
    baked = baking.bake(SVG, credential)
    assert baking.unbake(baked).replace("\\u003e", ">") == credential
    root = ET.fromstring(baked)  # noqa: S314 - made here
    assert root[0].tag == "{https://purl.imsglobal.org/ob/v3p0}credential"
    assert root[1].tag == "{http://www.w3.org/2000/svg}path"


def test_an_svg_with_nothing_inside_can_be_baked_too() -> None:
    baked = baking.bake(b"<s:svg xmlns:s='http://www.w3.org/2000/svg'/>", JWS)
    assert baking.unbake(baked) == JWS


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", "<!-- è ع -->".encode(), b"<?x y?>\n"])
def test_what_stands_before_the_first_tag_stays_there(before: bytes) -> None:
    svg = before + b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'
    baked = baking.bake(svg, JWS)
    assert baked.startswith(before + b"<svg ")
    assert baking.unbake(baked) == JWS


def test_an_svg_that_would_no_longer_be_one_is_refused() -> None:
    taken = SVG.replace(b" viewBox", b' xmlns:openbadges="urn:other" viewBox')
    with pytest.raises(NotABadge):
        baking.bake(taken, JWS)


def test_a_second_credential_is_refused() -> None:
    for picture_, credential in [(PNG, JSON), (SVG, JWS)]:
        with pytest.raises(TwoCredentials):
            baking.bake(baking.bake(picture_, credential), credential)


def test_a_png_with_two_credentials_is_refused() -> None:
    chunk = _chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0" + JWS.encode())
    assert baking.unbake(_with(chunk)) == JWS
    with pytest.raises(TwoCredentials):
        baking.unbake(_with(chunk + chunk))


def test_an_svg_with_two_credentials_is_refused() -> None:
    baked = baking.bake(SVG, JWS)
    tag = f'<openbadges:credential verify="{JWS}"/>'.encode()
    with pytest.raises(TwoCredentials):
        baking.unbake(baked.replace(tag, tag + tag))


def test_a_compressed_credential_is_refused() -> None:
    content = b"openbadgecredential\0\1\0\0\0" + zlib.compress(JWS.encode())
    with pytest.raises(NotABadge):
        baking.unbake(_with(_chunk(b"iTXt", content)))


@pytest.mark.parametrize("length", range(0, len(BAKED), 7))
def test_a_picture_cut_short_is_refused(length: int) -> None:
    with pytest.raises(NotABadge):
        baking.unbake(BAKED[:length])


@settings(deadline=None)
@given(st.integers(0, len(BAKED) - 1), st.integers(1, 255))
def test_a_changed_byte_of_a_picture_is_noticed(place: int, change: int) -> None:
    changed = bytearray(BAKED)
    changed[place] ^= change
    with pytest.raises(NotABadge):
        baking.unbake(bytes(changed))


def test_a_picture_without_a_credential_is_refused() -> None:
    for one in (PNG, SVG, PNG + b"more", b"", b"<svg/>", b"<svg", b"GIF89a"):
        with pytest.raises(NotABadge):
            baking.unbake(one)


def test_nothing_follows_the_end_and_the_header_comes_first() -> None:
    for one in (BAKED + b"more", BAKED + BAKED, BAKED[:8] + BAKED[33:]):
        with pytest.raises(NotABadge):
            baking.unbake(one)


def test_a_chunk_that_claims_to_be_huge_is_refused() -> None:
    with pytest.raises(NotABadge):
        baking.unbake(PNG[:33] + b"\xff\xff\xff\xffiTXt")


def test_entities_are_not_even_read() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "b">]>' + baking.bake(SVG, JWS).partition(b"?>")[2]
    with pytest.raises(NotABadge):
        baking.unbake(bomb)


def test_more_than_a_megabyte_is_refused() -> None:
    large = b" " * baking.MOST_BYTES
    with pytest.raises(TooLarge):
        baking.unbake(SVG + large)
    with pytest.raises(TooLarge):
        baking.bake(PNG, "{" + "x" * baking.MOST_BYTES + "}")


def test_nothing_but_a_token_goes_into_the_attribute() -> None:
    with pytest.raises(NotABadge):
        baking.bake(SVG, 'a.b.c" onload="alert(1)')
