"""Search and filters with two thousand projects and with ten times as many, the same addresses."""

import gzip
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator

from flask.testing import FlaskClient

from bench import databases
from bench.catalogue import LIST, asked_by
from bench.figures import Figure, Measure, at_most, at_most_times
from civic.app import create_app
from civic.catalogue.queries.listing import find_projects
from civic.catalogue.rules import Filters
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.policy import VISITOR
from civic.settings import Settings

FEW, MANY = 2_000, 20_000
TIMES = 1.5
"""What a page costs with many projects, of what it costs with few; a deep page, of the first."""
MOST_STATEMENTS = 8
ASKED = {
    "list": ("",),
    "word": ("q=alberi", "q=panchine", "q=vicini", "q=pozzo"),
    "words": ("q=alberi+mulino", "q=piazza+collina+ringhiere", "q=pranzo+acquedotto"),
    "typing_error": ("q=albreri", "q=panchne+mulino"),
    "city": ("municipality=napoli", "municipality=potenza&district=Stazione"),
    "city_and_more": (
        "municipality=roma&q=orto",
        "municipality=torino&area=green&language=ar",
        "municipality=palermo&weekday=sat&part=morning",
    ),
    "facts": (
        "language=bn&no_italian=1",
        "area=care&wheelchair=1",
        "language=uk&wheelchair=1&no_italian=1&area=green",
        "age=15&area=territory",
    ),
    "week": (
        "weekday=sat&weekday=sun",
        "part=morning&area=green",
        "weekday=tue&part=afternoon&language=fr",
        "free=1&q=siepi",
    ),
    "nearest": ("near=40.64,15.80", "near=45.46,9.19&area=green", "near=41.90,12.50&q=orto"),
}
"""What stands in the addresses of each figure, one after the other."""


ROUNDS = 60
WARM = 3

Asking = tuple[FlaskClient, str]


def paths(name: str) -> tuple[str, ...]:
    return tuple(f"{LIST}?{query}" if query else LIST for query in ASKED[name])


def growth() -> Iterator[Figure]:
    few, many = (_client(databases.offer(projects)) for projects in (FEW, MANY))
    for name in ASKED:
        pairs = [((many, path), (few, path)) for path in paths(name)]
        value, reference = _in_turn(pairs)
        yield at_most_times(f"search.{name}", value, "ms", reference, TIMES)


def depth() -> Iterator[Figure]:
    """Pages in the middle and at the end, beside the first of the same list."""
    client = _client(databases.offer(MANY))
    filters = {"": Filters(), "q=piazza&": Filters(words="piazza")}
    for name, part in (("deep_page", 0.5), ("last_page", 1.0)):
        pairs = [
            (
                (client, f"{LIST}?{query}after={_cursor(asked, part)}"),
                (client, f"{LIST}?{query}"),
            )
            for query, asked in filters.items()
        ]
        value, reference = _in_turn(pairs)
        yield at_most_times(f"search.{name}", value, "ms", reference, TIMES)


def _client(url: str) -> FlaskClient:
    return create_app(Settings.from_env(databases.settings(url))).test_client()


def _in_turn(pairs: list[tuple[Asking, Asking]]) -> tuple[float, float]:
    """Milliseconds of the first of each pair and of the second, a page in the mean: asked
    alternately, so that whatever else the machine does slows both alike. Of each page the time
    that a quarter of the tries stayed below, since what comes between only ever adds to it."""
    taken: dict[tuple[int, int], list[float]] = defaultdict(list)
    for turn in range(ROUNDS + WARM):
        for place, pair in enumerate(pairs):
            for side, (client, path) in enumerate(pair):
                began = time.perf_counter()
                answer = client.get(path, headers={"Accept-Encoding": "gzip"})
                if turn >= WARM:
                    taken[place, side].append(time.perf_counter() - began)
                if b"project-card" not in gzip.decompress(answer.data):
                    raise RuntimeError(f"{path} finds nothing")
    first, second = (
        statistics.mean(
            statistics.quantiles(taken[place, side], n=4)[0] * 1000 for place in range(len(pairs))
        )
        for side in (0, 1)
    )
    return first, second


def _cursor(filters: Filters, part: float) -> str:
    """Where a page begins that lies so far in the list; at its end, the last ten projects."""
    with Database(make_engine(databases.offer(MANY))).reading(VISITOR) as ctx:
        total = len(find_projects(ctx, filters, "it", limit=MANY).cards)
        before = find_projects(ctx, filters, "it", limit=min(int(total * part), total - 10))
    assert before.next
    return before.next


def statements() -> Iterator[Figure]:
    """Of processes that have just started and of warm ones, the most that any page asks."""
    url = databases.offer(MANY)
    counts = [asked_by(url, path)[0] for name in ASKED for path in paths(name)]
    yield at_most("search.statements", max(counts), "statements", MOST_STATEMENTS)


MEASURES = (
    Measure(("search.statements",), statements),
    Measure(tuple(f"search.{name}" for name in ASKED), growth),
    Measure(("search.deep_page", "search.last_page"), depth),
)
