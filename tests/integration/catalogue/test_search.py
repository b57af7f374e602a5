"""Words: what finds a project, and what becomes of words that find none."""

import pytest

from civic.catalogue.models import ProjectSearch, SearchWord
from civic.catalogue.operations.indexing import EDITION, index_missing
from civic.catalogue.queries.listing import find_projects
from civic.catalogue.queries.search import Search, search_for
from civic.catalogue.rules import Area, Filters
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR
from tests.integration.catalogue.scene import Scene


def found(database: Database, words: str, language: str = "it", **filters: object) -> list[str]:
    with database.reading(VISITOR) as ctx:
        page = find_projects(ctx, Filters(words=words, **filters), language)  # type: ignore[arg-type]  # any of them
    return [card.title for card in page.cards]


def search(database: Database, words: str, language: str = "it", **filters: object) -> Search:
    with database.reading(VISITOR) as ctx:
        return search_for(ctx, Filters(words=words, **filters), language)  # type: ignore[arg-type]  # as above


@pytest.fixture
def garden(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(
            ctx,
            title="L'orto della città",
            what_you_do="Piantiamo alberi e curiamo le aiuole.",
            district="Rione Lucania",
            texts={"en": "The town garden", "ar": "بستان المدينة"},
        )
        scene.project_with_session(
            ctx, title="Una siepe di alloro", what_you_do="Scaviamo insieme.", days=8
        )


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("orto", "it"),
        ("citta", "it"),
        ("CITTÀ", "it"),
        ("albero", "it"),
        ("piantare", "it"),
        ("orto aiuola", "it"),
        ("aiuo", "it"),
        ("garden", "en"),
        ("gardens town", "en"),
        ("orto", "en"),
        ("orto", "ar"),
        ("بستان", "ar"),
        ("البستان", "ar"),
        ("مدينه", "ar"),
        ("المدينة", "it"),
        ("rione lucania orto", "it"),
        ("potenza orto", "fr"),
        ("gasparri orto", "it"),
    ],
)
@pytest.mark.usefixtures("garden")
def test_words_in_the_readers_language_and_in_italian_find(
    database: Database, words: str, language: str
) -> None:
    assert len(found(database, words, language)) == 1
    assert search(database, words, language).typed == ""


@pytest.mark.usefixtures("garden")
def test_all_words_must_stand_in_it(database: Database) -> None:
    assert found(database, "orto siepe") == []
    assert found(database, "alloro siepe") == ["Una siepe di alloro"]


@pytest.mark.usefixtures("garden")
def test_names_of_who_and_where_find(database: Database) -> None:
    assert len(found(database, "Orti in Comune")) == 2
    assert len(found(database, "Potenza")) == 2
    assert len(found(database, "Villa Giaquinto")) == 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sieppe", "siepe"),
        ("alolro", "alloro"),
        ("ssiepe di alloo", "siepe alloro"),
        ("Gerden", "garden"),
    ],
)
@pytest.mark.usefixtures("garden")
def test_small_typing_errors_are_forgiven_and_told(
    database: Database, typed: str, meant: str
) -> None:
    language = "en" if meant == "garden" else "it"
    understood = search(database, typed, language)
    assert (understood.typed, understood.filters.words) == (typed, meant)
    assert len(found(database, typed, language)) == 1


@pytest.mark.usefixtures("garden")
def test_arabic_typing_errors_are_forgiven_too(database: Database) -> None:
    assert search(database, "بسطان", "ar").filters.words == "بستان"
    assert len(found(database, "بسطان", "ar")) == 1


@pytest.mark.usefixtures("garden")
def test_a_word_that_is_like_none_is_said_to_be_unknown(database: Database) -> None:
    understood = search(database, "xyzzy orto")
    assert understood.unknown == ("xyzzy",)
    assert understood.typed == ""
    assert understood.found_nothing


@pytest.mark.usefixtures("garden")
def test_words_that_stand_somewhere_are_not_corrected_when_a_filter_finds_nothing(
    database: Database,
) -> None:
    understood = search(database, "orto", area=Area.CARE)
    assert understood.found_nothing
    assert (understood.typed, understood.unknown) == ("", ())


@pytest.mark.usefixtures("garden")
def test_short_words_are_not_guessed(database: Database) -> None:
    assert search(database, "ort").typed == ""
    assert search(database, "xrt").typed == ""


@pytest.mark.parametrize(
    "words",
    [
        '"',
        '"siepe',
        "siepe*",
        "siepe AND NOT alloro:",
        "(siepe",
        "^siepe",
        "siepe NEAR(alloro, 2)",
        "-siepe",
        "siepe & !alloro | x:*",
        "'; DROP TABLE project; --",
        "siepe\x00alloro",
        "{siepe} + [alloro]",
        "%_siepe%",
        "বাগান",
        "সিপ",
        "🌳",
        "\u202eepeis",
        "siepe " * 2000,
        "a" * 10_000,
        " ",
        "\u00a0\u3000",
    ],
)
@pytest.mark.usefixtures("garden")
def test_whatever_is_typed_is_answered(database: Database, words: str) -> None:
    for language in ("it", "ar"):
        assert isinstance(found(database, words, language), list)


@pytest.mark.usefixtures("garden")
def test_operators_are_only_letters(database: Database) -> None:
    assert found(database, 'siepe* "') == ["Una siepe di alloro"]
    assert found(database, "-siepe") == ["Una siepe di alloro"]
    assert found(database, "siepe OR orto") == []


def test_bengali_words_find_a_project_in_bengali(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="বাগান করি", language="bn")
        scene.project_with_session(ctx, title="বই পড়ি", language="bn", days=8)
    assert found(database, "বাগান") == ["বাগান করি"]
    assert found(database, "বাগন", "fr") == ["বাগান করি"]
    assert search(database, "বাগন").filters.words == "বাগান"


def test_words_of_a_language_that_the_reader_did_not_choose_do_not_find(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Siepe", texts={"fr": "Haie"})
    assert found(database, "haie", "fr") == ["Haie"]
    assert found(database, "haie", "it") == []


def test_documents_of_an_older_edition_are_made_again(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, title="Siepe")
        row = ctx.db.query(ProjectSearch).filter(ProjectSearch.project_id == project_id).one()
        row.edition, row.document = EDITION - 1, ["it:altro"]
    assert found(database, "siepe") == []
    with database.unit_of_work(VISITOR) as ctx:
        assert index_missing(ctx) == 1
        assert index_missing(ctx) == 0
    assert found(database, "siepe") == ["Siepe"]
    assert found(database, "altro") == []


def test_the_vocabulary_holds_words_as_they_are_spelled(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="L'Orto della Città 2026")
        words = {(row.language, row.word) for row in ctx.db.query(SearchWord)}
    assert {("it", "orto"), ("it", "città"), ("", "potenza")} <= words
    assert not {("it", "della"), ("it", "2026"), ("it", "l")} & words
