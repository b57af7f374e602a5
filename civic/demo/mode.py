from civic.settings import Settings


class NotADemonstration(Exception):
    """Invented people stay out of an installation that serves real ones."""


def refuse_production(settings: Settings) -> None:
    if not settings.is_demonstration:
        raise NotADemonstration("CIVIC_MODE is not demonstration")
