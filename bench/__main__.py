"""`make bench`, or `make bench ONLY=catalogue`: one JSON object a line.

Traffic stays on this machine and every measurement is bounded by a count.
"""

import os
import sys

from bench import (
    attendance,
    badges,
    cases,
    catalogue,
    fit,
    housing_calendar,
    housing_proposals,
    housing_report,
    joining,
    plans,
    scanning,
    search,
    start,
    web,
)
from bench.databases import put_away

MEASURES = (
    *start.MEASURES,
    *catalogue.MEASURES,
    *search.MEASURES,
    *fit.MEASURES,
    *attendance.MEASURES,
    *scanning.MEASURES,
    *joining.MEASURES,
    *badges.MEASURES,
    *cases.MEASURES,
    *plans.MEASURES,
    *housing_calendar.MEASURES,
    *housing_proposals.MEASURES,
    *housing_report.MEASURES,
    *web.MEASURES,
)


def main() -> int:
    prefix = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ONLY", "")
    chosen = [measure for measure in MEASURES if measure.matches(prefix)]
    if not chosen:
        names = ", ".join(name for measure in MEASURES for name in measure.names)
        print(f"No figure begins with {prefix!r}. There are: {names}", file=sys.stderr)
        return 2
    all_hold = True
    try:
        for measure in chosen:
            for figure in measure.take():
                if figure.name.startswith(prefix):
                    print(figure.line(), flush=True)
                    all_hold = all_hold and figure.holds
    finally:
        put_away()
    return 0 if all_hold else 1


if __name__ == "__main__":
    raise SystemExit(main())
