"""Search and filters with two thousand projects and with ten times as many, the same addresses."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench import databases
from bench.catalogue import LIST, asked_by
from bench.figures import Figure, Measure, at_least_of, at_most
from bench.load import Target, in_turn
from bench.servers import Server, fetch, granian
from civic.catalogue.queries.listing import find_projects
from civic.catalogue.rules import Filters
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.policy import VISITOR

FEW, MANY = 2_000, 20_000
ENOUGH = 1 / 1.5
"""Of the rate with few projects: the cost may grow at most one and a half times."""
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


def paths(name: str) -> tuple[str, ...]:
    return tuple(f"{LIST}?{query}" if query else LIST for query in ASKED[name])


@contextmanager
def served(projects: int) -> Iterator[Server]:
    url = databases.offer(projects)
    with granian("wsgi:app", databases.settings(url), LIST) as server:
        yield server


def growth() -> Iterator[Figure]:
    with served(FEW) as small, served(MANY) as large:
        for name in ASKED:
            _make_sure_all_find(large, name)
            few, many = in_turn(Target(small, paths(name)), Target(large, paths(name)))
            yield at_least_of(f"search.{name}", many, "requests/s", few, ENOUGH)


def _make_sure_all_find(server: Server, name: str) -> None:
    for path in paths(name):
        if b"project-card" not in fetch(server.url(path)):
            raise RuntimeError(f"{path} finds nothing")


def depth() -> Iterator[Figure]:
    """Pages in the middle and at the end, beside the first of the same list."""
    filters = {"": Filters(), "q=piazza&": Filters(words="piazza")}
    with served(MANY) as server:
        for name, part in (("deep_page", 0.5), ("last_page", 1.0)):
            deep = []
            for query, asked in filters.items():
                deep.append(f"{LIST}?{query}after={_cursor(asked, part)}")
            first = [f"{LIST}?{query}" for query in filters]
            rate, reference = in_turn(Target(server, tuple(deep)), Target(server, tuple(first)))
            yield at_least_of(f"search.{name}", rate, "requests/s", reference, ENOUGH)


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
