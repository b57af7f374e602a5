"""What figures may show, decided from values alone."""

SMALLEST_COUNT = 5
"""People fewer than this are not counted out loud where no name may be guessed."""


def shown(people: int) -> int | None:
    """The count, or nothing when it is so small that it could point at somebody. Zero points at
    nobody."""
    return people if people == 0 or people >= SMALLEST_COUNT else None
