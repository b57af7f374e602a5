import pytest

from civic.cases.blackout import BLACK, Blackout, names_in


def test_names_are_listed_with_commas_and_what_they_are_is_left_out() -> None:
    assert names_in("Fatima Diallo (sister), Modou;  Omar\nAwa") == [
        "Fatima Diallo",
        "Modou",
        "Omar",
        "Awa",
    ]
    assert names_in(" , ") == []


@pytest.mark.parametrize(
    "text",
    [
        "Fatima Diallo came",
        "FATIMA diallo came",
        "Diallo, Fatima",
        "fatima's brother",
        "Fatimas Bruder",
        "Fátima came",
        "Fati\u0301ma came",
        "Fatima-Diallo",
        "(fatima)",
        "fatima@example.org",
        "Fatima\nDiallo",
    ],
)
def test_a_name_goes_whatever_its_case_accents_and_endings(text: str) -> None:
    told = Blackout(["Fatima Diallo"]).text(text)
    assert BLACK in told
    assert "fatima" not in told.casefold()
    assert "diallo" not in told.casefold()


def test_letters_of_a_short_name_inside_a_word_stay() -> None:
    assert Blackout(["Ali"]).text("Ali is in Italia, alias") == f"{BLACK} is in Italia, alias"
    assert Blackout(["Abu Omar"]).text("abuse by Omar") == f"abuse by {BLACK}"


def test_the_persons_own_names_stay_also_where_a_relative_shares_them() -> None:
    blackout = Blackout(["Modou Sarr", "Awa"], own=["Awa Sarr"])
    assert blackout.text("Awa Sarr met Modou Sarr and Modou") == f"Awa Sarr met {BLACK} and {BLACK}"


def test_scripts_without_capitals_join_words_so_a_name_goes_inside_them() -> None:
    assert "أحمد" not in Blackout(["أحمد"]).text("وأحمد قال")
    assert "أحمد" not in Blackout(["أحمد"]).text("أَحمَد قال")
    assert "王伟" not in Blackout(["王伟"]).text("他和王伟说话")


def test_values_of_any_shape_are_gone_through_and_the_list_itself_goes_whole() -> None:
    values = {"third_parties": "Omar, X", "words": ["Omar ran", {"deep": "to omar"}], "n": 3}
    assert Blackout(["Omar"]).values(values) == {
        "third_parties": BLACK,
        "words": [f"{BLACK} ran", {"deep": f"to {BLACK}"}],
        "n": 3,
    }


def test_without_names_nothing_changes() -> None:
    assert Blackout([]).text("Fatima") == "Fatima"
