from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from civic.catalogue.comparing import MOST_PAIRS, Kind, Piece, compare, pieces

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def content(
    texts: dict[str, dict[str, str]] | None = None, dates: int = 0, **facts: Any
) -> dict[str, Any]:
    return {
        "language": "it",
        "texts": texts or {"it": {"title": "Siepe", "what_you_do": "Piantiamo."}},
        "facts": {"area": "green", "minimum_age": 14, "languages": ["it"]} | facts,
        "dates": [
            {
                "starts_at": (NOW + each * DAY).isoformat(),
                "ends_at": (NOW + each * DAY + timedelta(hours=3)).isoformat(),
                "meeting_point": "Porta Salza",
                "places": 5,
            }
            for each in range(1, dates + 1)
        ],
    }


def test_only_the_words_that_moved_are_marked() -> None:
    old, new = pieces("Porta guanti e acqua.", "Porta guanti, scarpe e acqua.")
    assert old == (Piece(Kind.SAME, "Porta guanti"), Piece(Kind.SAME, " e acqua."))
    assert new == (
        Piece(Kind.SAME, "Porta guanti"),
        Piece(Kind.NEW, ", scarpe"),
        Piece(Kind.SAME, " e acqua."),
    )


def test_a_sentence_that_follows_leaves_the_one_before_alone() -> None:
    _, new = pieces("Segnali di legno.", "Segnali di legno. Poi mangiamo.")
    assert new == (Piece(Kind.SAME, "Segnali di legno."), Piece(Kind.NEW, " Poi mangiamo."))


def test_the_same_version_again_changes_nothing() -> None:
    assert compare(content(dates=3), content(dates=3), NOW).is_empty


def test_each_language_is_compared_for_itself_and_the_original_comes_first() -> None:
    old = content({"it": {"title": "Siepe"}, "ar": {"title": "سياج"}, "fr": {"title": "Haie"}})
    new = content(
        {"it": {"title": "Siepe viva"}, "ar": {"title": "سياج الغار"}, "en": {"title": "Hedge"}}
    )
    words = compare(old, new, NOW).words
    assert [(each.language, each.field) for each in words] == [
        ("it", "title"),
        ("ar", "title"),
        ("en", "title"),
        ("fr", "title"),
    ]
    assert words[2].old == ()
    assert words[3].new == ()


def test_facts_that_differ_are_named_with_both_values() -> None:
    changes = compare(content(minimum_age=14), content(minimum_age=16, needs_no_italian=True), NOW)
    assert [(each.field, each.old, each.new) for each in changes.facts] == [
        ("minimum_age", 14, 16),
        ("needs_no_italian", None, True),
    ]


def test_a_date_that_went_by_meanwhile_was_not_taken_away() -> None:
    later = content(dates=2)
    later["dates"].pop(0)
    changes = compare(content(dates=3), later, NOW + 1.5 * DAY)
    assert changes.dates_new == ()
    assert [date.starts_at for date in changes.dates_gone] == [NOW + 3 * DAY]


@pytest.mark.parametrize(
    ("old", "new"), [("a " * 2000, "b a " * 1000), ("a b " * 1000, "b a " * 1000)]
)
def test_few_words_said_again_and_again_are_shown_whole_at_once(old: str, new: str) -> None:
    """Compared word by word, the first pair takes two minutes."""
    assert old.count("a ") * new.count("a ") > MOST_PAIRS
    assert pieces(old, new) == ((Piece(Kind.GONE, old),), (Piece(Kind.NEW, new),))
