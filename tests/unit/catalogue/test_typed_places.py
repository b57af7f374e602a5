import pytest

from civic.catalogue.forms.places import is_in_italy, read_degrees, read_place

POTENZA = (40.6404, 15.8056)


@pytest.mark.parametrize(
    "typed",
    [
        "40.6404, 15.8056",
        " 40.6404,15.8056 ",
        "40.6404 15.8056",
        "(40.6404; 15.8056)",
        "40,6404; 15,8056",
        "40,6404 15,8056",
        "geo:40.6404,15.8056?z=17",
        "https://maps.example/maps/@40.6404,15.8056,17z",
        "https://maps.example/?q=40.6404,15.8056",
        "https://maps.example/?api=1&query=40.6404%2C15.8056",
        "https://maps.example/?ll=40.6404,+15.8056&z=3",
        "https://map.example/#map=17/40.6404/15.8056",
        "https://map.example/?mlat=40.6404&mlon=15.8056#map=9/41.0/16.0",
        "https://maps.example/maps/place/X/@41.1,16.2,9z/data=!3d40.6404!4d15.8056",
    ],
)
def test_two_numbers_and_the_links_of_maps_are_read(typed: str) -> None:
    assert read_place(typed) == POTENZA


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Villa Giaquinto",
        "40.6404",
        "https://maps.app.example/xYz",
        "40.64,15.80,3",
        "1/2",
        "٤٠,١٥",
        "@,",
        "9" * 2000,
    ],
)
def test_what_holds_no_place_is_not_guessed(typed: str) -> None:
    assert read_place(typed) is None


def test_a_comma_is_a_point_and_a_metre_is_fine_enough() -> None:
    assert read_degrees("40,64041999") == 40.64042
    with pytest.raises(ValueError, match="x"):
        read_degrees("x")


@pytest.mark.parametrize(
    ("latitude", "longitude", "there"),
    [
        (35.49, 12.6, True),
        (46.5, 11.35, True),
        (15.8, 40.64, False),
        (-40.64, 15.8, False),
        (48.9, 2.3, False),
    ],
)
def test_italy_reaches_from_lampedusa_to_the_brenner(
    latitude: float, longitude: float, there: bool
) -> None:
    assert is_in_italy(latitude, longitude) is there
