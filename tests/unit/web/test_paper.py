"""Typesetting, with the real fonts."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from civic.web import paper

PAGE = """\
#let v = json(bytes(sys.inputs.values))
#set document(title: v.title)
#set text(font: ("Noto Sans", "Noto Sans Arabic", "Hind Siliguri"))
= #v.title
#v.name
"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "card.typ").write_text(PAGE)
    monkeypatch.setattr(paper, "TEMPLATES", tmp_path)
    return "card"


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_italian_arabic_and_bengali_stand_on_paper(template: str) -> None:
    made = paper.typeset(template, {"title": "Perché c'è già", "name": "আমিনা أمينة"})
    assert "Perché c'è già" in text_of(made)


@pytest.mark.parametrize(("typed", "stands"), [("አማኑኤል", "amanu"), ("李明", "LiMing")])
def test_a_name_in_a_script_without_a_font_is_romanised_and_not_lost(
    template: str, typed: str, stands: str
) -> None:
    made = paper.typeset(template, {"title": "Presenze", "name": typed})
    assert stands.casefold() in text_of(made).casefold()


def test_what_somebody_typed_is_never_a_command(template: str) -> None:
    typed = '#read("/etc/hostname") = titolo $x$ \\'
    made = paper.typeset(template, {"title": "Presenze", "name": typed})
    assert '#read("/etc/hostname")' in text_of(made)
