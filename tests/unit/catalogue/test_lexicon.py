import pytest

from civic.catalogue.lexicon import (
    FREE,
    LONGEST_WORD,
    fold,
    languages_of,
    searched_words,
    spelled_words,
    stem,
    token,
    tokens_of,
    words_in,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Città", "citta"),
        ("PERCHÉ", "perche"),
        ("œuvre", "oeuvre"),
        ("Straße", "strasse"),
        ("أشجار", "اشجار"),
        ("حَدِيقَة", "حديقة"),
        ("مـــدينة", "مدينة"),
        ("کتاب", "كتاب"),
        ("٢٠٢٦", "2026"),
    ],
)
def test_ways_to_write_a_word_are_one_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_bengali_vowel_signs_stay_since_they_tell_words_apart() -> None:
    assert words_in("বাগান ও বাগানি") == ["বাগান", "ও", "বাগানি"]
    assert fold("বাগান") != fold("বাগন")


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("it", "giardini", "giardino"),
        ("it", "panchine", "panchina"),
        ("en", "gardens", "garden"),
        ("fr", "jardins", "jardin"),
        ("ar", "الحديقة", "حديقه"),
        ("ar", "والأشجار", "اشجار"),
    ],
)
def test_endings_and_articles_do_not_matter(language: str, one: str, other: str) -> None:
    assert token(language, fold(one)) == token(language, fold(other))


def test_a_language_without_a_stemmer_keeps_its_words_whole() -> None:
    assert stem("bn", "বাগান") == "বাগান"
    assert stem(FREE, "filo") == "filo"


def test_an_apostrophe_parts_two_words() -> None:
    assert words_in("L'orto dell’acqua") == ["l", "orto", "dell", "acqua"]


def test_words_that_stand_in_every_text_are_not_kept() -> None:
    assert tokens_of("it", "Il giardino di tutti") == {
        token("it", "giardino"),
        token("it", "tutti"),
    }


@pytest.mark.parametrize(
    ("word", "reader", "languages"),
    [
        ("garden", "en", ("en", "it", FREE)),
        ("siepe", "it", ("it", FREE)),
        ("siepe", "ar", ("ar", "it", FREE)),
        ("سياج", "it", ("ar", "fa", "ur", "ps", FREE)),
        ("বাগান", "fr", ("bn", FREE)),
    ],
)
def test_a_word_may_be_of_the_readers_language_and_italian_or_of_its_script(
    word: str, reader: str, languages: tuple[str, ...]
) -> None:
    assert languages_of(word, reader) == languages


@pytest.mark.parametrize("text", ["", "   ", "the", "a", "il di la", '"*" OR', "-:()^{}", "'"])
def test_what_tells_nothing_is_not_searched_for(text: str) -> None:
    assert searched_words(text, "en") == []


def test_each_word_is_searched_once_and_as_it_was_spelled() -> None:
    assert searched_words("Città CITTA città orto", "it") == ["città", "orto"]


def test_a_word_has_an_end() -> None:
    (word,) = spelled_words("a" * 10_000)
    assert len(word) == LONGEST_WORD
