import pytest

from civic.settings import Settings, SettingsError

KEY = "k" * 40
PRODUCTION = {"CIVIC_SECRET_KEY": KEY, "CIVIC_SMTP_URL": "smtp://mail.example.org:587"}


def test_production_without_a_secret_key_is_refused_and_says_what_to_set() -> None:
    with pytest.raises(SettingsError, match="Set CIVIC_SECRET_KEY"):
        Settings.from_env({"CIVIC_SMTP_URL": "smtp://mail.example.org"})


def test_a_short_secret_key_is_refused() -> None:
    with pytest.raises(SettingsError, match="at least 32"):
        Settings.from_env({**PRODUCTION, "CIVIC_SECRET_KEY": "short"})


def test_production_without_mail_is_refused_because_nobody_could_sign_in() -> None:
    with pytest.raises(SettingsError, match="CIVIC_SMTP_URL"):
        Settings.from_env({"CIVIC_SECRET_KEY": KEY})


def test_an_unknown_variable_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="CIVIC_SECRETKEY"):
        Settings.from_env({**PRODUCTION, "CIVIC_SECRETKEY": KEY})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "test"),
        ("WORKER", "magic"),
        ("POOL_SIZE", "many"),
        ("PROXIES", "-1"),
        ("SMTP_URL", "mail.example.org:587"),
        ("TILES", "tiles.example.org/{z}/{x}/{y}.png"),
        ("TILES", "https://tiles.example.org/{z}/{x}.png"),
        ("TILES", "https://tiles.example.org; script-src */{z}/{x}/{y}.png"),
        ("TILES", "javascript://x/{z}/{x}/{y}"),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"CIVIC_{name}"):
        Settings.from_env({**PRODUCTION, f"CIVIC_{name}": value})


def test_the_secret_is_not_in_what_the_settings_print() -> None:
    assert KEY not in repr(Settings.from_env(PRODUCTION))


def test_production_is_the_mode_when_none_is_named() -> None:
    settings = Settings.from_env(PRODUCTION)
    assert not settings.is_demonstration
    assert not settings.can_text_phones


def test_phones_are_offered_once_there_is_a_way_to_text_them() -> None:
    gateway = {"CIVIC_SMS_MAIL_DOMAIN": "sms.example.org"}
    assert Settings.from_env({**PRODUCTION, **gateway}).can_text_phones


@pytest.mark.parametrize(
    ("tiles", "source"),
    [
        ("", ""),
        ("https://tiles.example.org/a/{z}/{x}/{y}.png?key=1", "https://tiles.example.org"),
        ("http://127.0.0.1:9000/{z}/{y}/{x}.webp", "http://127.0.0.1:9000"),
        ("https://{s}.tiles.example.org/{z}/{x}/{y}.png", "https://*.tiles.example.org"),
    ],
)
def test_tiles_may_come_from_the_named_place_alone(tiles: str, source: str) -> None:
    assert Settings.from_env({**PRODUCTION, "CIVIC_TILES": tiles}).tiles_source == source
