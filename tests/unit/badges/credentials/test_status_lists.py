import gzip
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.badges.credentials import status
from civic.badges.credentials.status import NotAList

places = st.sets(st.integers(0, status.SIZE - 1), max_size=20)


@given(places, st.integers(0, status.SIZE - 1))
def test_the_bits_that_were_set_are_set_and_no_others(chosen: set[int], other: int) -> None:
    bits = status.blank()
    for index in chosen:
        bits = status.with_bit(bits, index, value=True)
    read = status.decode(status.encode(bits))
    assert all(status.is_set(read, index) for index in chosen)
    assert status.is_set(read, other) == (other in chosen)
    for index in chosen:
        read = status.with_bit(read, index, value=False)
    assert read == status.blank()


def test_number_nought_is_the_highest_bit_of_the_first_byte() -> None:
    assert status.with_bit(status.blank(), 0, value=True)[0] == 0x80
    assert status.with_bit(status.blank(), 7, value=True)[0] == 0x01


def test_the_empty_list_of_the_recommendation_is_read() -> None:
    """W3C Bitstring Status List 1.0, example of a list with nothing in it."""
    text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert status.decode(text) == status.blank()


def test_the_same_bits_give_the_same_text() -> None:
    assert status.encode(status.blank()) == status.encode(status.blank())


@pytest.mark.parametrize("index", [-1, status.SIZE])
def test_a_place_outside_the_list_is_refused(index: int) -> None:
    with pytest.raises(NotAList):
        status.is_set(status.blank(), index)


def _packed(content: bytes) -> str:
    return "u" + urlsafe_b64encode(content).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "u",
        "z123",
        "uöö",
        _packed(b"x"),
        _packed(gzip.compress(b"short")),
        _packed(gzip.compress(status.blank())[:-3]),
        _packed(gzip.compress(status.blank()) + b"more"),
        _packed(gzip.compress(bytes(50_000_000))),
    ],
    ids=range(10),
)
def test_what_is_no_list_or_swells_is_refused(text: object) -> None:
    with pytest.raises(NotAList):
        status.decode(text)
