"""From reviews to steps that can be drawn."""

from datetime import date, timedelta

from civic.plans.change import MOST_STEPS, Scored, Stairs, stairs
from civic.plans.rules import Domain, View

FIRST = date(2026, 1, 15)


def review(
    number: int, worker: dict[Domain, int] | None = None, person: dict[Domain, int] | None = None
) -> Scored:
    return Scored(
        FIRST + timedelta(days=30 * number), {View.WORKER: worker or {}, View.PERSON: person or {}}
    )


def ends(stairs: Stairs, view: View) -> list[int | None]:
    return [step.scores[view] for step in stairs.ends(view)]


def test_only_domains_that_somebody_scored_are_drawn_in_their_order() -> None:
    found = stairs([review(0, worker={Domain.LEGAL: 2}, person={Domain.WORK: 1}), review(1)])
    assert [each.domain for each in found] == [Domain.WORK, Domain.LEGAL]
    assert stairs([]) == []


def test_change_is_from_the_first_score_of_a_view_to_its_last() -> None:
    (work,) = stairs(
        [
            review(0, worker={Domain.WORK: 2}),
            review(1, worker={Domain.WORK: 1}, person={Domain.WORK: 4}),
            review(2, worker={Domain.WORK: 4}, person={Domain.WORK: 3}),
        ]
    )
    assert (ends(work, View.WORKER), work.change(View.WORKER)) == ([2, 4], 2)
    assert (ends(work, View.PERSON), work.change(View.PERSON)) == ([4, 3], -1)


def test_one_score_shows_no_change_yet_and_none_shows_nothing() -> None:
    (work,) = stairs([review(0, worker={Domain.WORK: 2})])
    assert (ends(work, View.WORKER), work.change(View.WORKER)) == ([2], None)
    assert (ends(work, View.PERSON), work.change(View.PERSON)) == ([], None)


def test_a_review_that_left_a_domain_out_is_no_step_of_it_and_one_view_alone_is() -> None:
    (work,) = stairs(
        [review(0, worker={Domain.WORK: 2}), review(1), review(2, person={Domain.WORK: 3})]
    )
    assert [step.held_on for step in work.steps] == [review(0).held_on, review(2).held_on]
    assert work.steps[0].scores == {View.WORKER: 2, View.PERSON: None}


def test_of_many_reviews_the_ends_of_both_views_and_the_latest_are_drawn() -> None:
    reviews = [review(number, worker={Domain.WORK: 1 + number % 5}) for number in range(20)]
    reviews[3] = review(3, worker={Domain.WORK: 4}, person={Domain.WORK: 2})
    reviews[5] = review(5, worker={Domain.WORK: 1}, person={Domain.WORK: 5})
    (work,) = stairs(reviews)
    days = [step.held_on for step in work.steps]
    assert len(days) == MOST_STEPS
    assert days == sorted(days)
    assert {reviews[at].held_on for at in (0, 3, 5, 17, 18, 19)} <= set(days)
    assert (work.change(View.WORKER), work.change(View.PERSON)) == (4, 3)
