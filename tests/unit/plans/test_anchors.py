"""The matrix of self-sufficiency: whole, short, and without blame."""

import pytest

from civic.plans.anchors import ANCHORS, anchor
from civic.plans.rules import SCORES, Domain

MOST_WORDS = 14


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("domain", Domain)
def test_every_score_of_every_domain_has_a_short_sentence(domain: Domain, score: int) -> None:
    words = anchor(domain, score)
    assert words.endswith(".")
    assert 1 < len(words.split()) <= MOST_WORDS


def test_no_two_scores_are_described_alike() -> None:
    sentences = [words for anchors in ANCHORS.values() for words in anchors]
    assert len(sentences) == len(set(sentences)) == len(Domain) * len(SCORES)


def test_no_sentence_blames() -> None:
    blaming = {"fails", "failed", "refuses", "lazy", "fault", "unable", "problem", "bad", "cannot"}
    for anchors in ANCHORS.values():
        for words in anchors:
            assert not blaming & set(words.casefold().strip(".").split()), words
