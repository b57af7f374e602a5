from hypothesis import given
from hypothesis import strategies as st

from civic.catalogue.comparing import Kind, pieces

TEXTS = st.text(alphabet="ab,\n \u200fسব", max_size=60)


@given(TEXTS, TEXTS)
def test_pieces_put_together_are_the_texts_themselves(old: str, new: str) -> None:
    before, now = pieces(old, new)
    assert "".join(piece.text for piece in before) == old
    assert "".join(piece.text for piece in now) == new


@given(TEXTS, TEXTS)
def test_what_is_called_the_same_is_the_same_on_both_sides(old: str, new: str) -> None:
    before, now = pieces(old, new)
    same = [[piece.text for piece in side if piece.kind is Kind.SAME] for side in (before, now)]
    assert same[0] == same[1]
    assert not any(piece.kind is Kind.NEW for piece in before)
    assert not any(piece.kind is Kind.GONE for piece in now)
