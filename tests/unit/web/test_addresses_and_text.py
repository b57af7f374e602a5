import pytest

from civic.web.fields import clean_line, clean_text
from civic.web.guard import is_own_path


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "", None, "\\\\evil",
     "/\t/evil", "/a\nSet-Cookie: x", "javascript:alert(1)", "/ok\\..\\evil"],
)  # fmt: skip
def test_a_way_back_never_leads_to_another_site(address: str | None) -> None:
    assert not is_own_path(address)


@pytest.mark.parametrize("address", ["/it/me", "/ar/projects?area=green", "/it/projects/piazza-x1"])
def test_a_way_back_may_lead_anywhere_here(address: str) -> None:
    assert is_own_path(address)


def test_typed_lines_lose_nul_overrides_and_extra_spaces() -> None:
    assert clean_line("  Ali\x00  \u202eHassan\u2066 \n") == "Ali Hassan"


def test_joiners_of_persian_and_bengali_spelling_stay() -> None:
    assert clean_line("می\u200cخواهم") == "می\u200cخواهم"
    assert clean_line("র\u200dয") == "র\u200dয"


def test_emoji_and_accents_stay_and_accents_take_one_form() -> None:
    assert clean_line("Zoe\u0308 🌳") == "Zoë 🌳"


def test_paragraphs_stay_in_longer_texts() -> None:
    assert clean_text(" One \r\n\r\nTwo\x07 ") == "One\n\nTwo"
