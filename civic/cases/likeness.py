"""Whether two files may be about one person: names that are written differently, a surname that is
missing, a birth known by its year alone. It only ever proposes; people decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from civic.cases.facts import plain_facts, plain_name, sound

LIKELY = 70
"""From this score on two files are laid side by side."""


@dataclass(frozen=True)
class Likeness:
    score: int
    """0 to 100."""
    grounds: tuple[str, ...]
    """Codes of what speaks for and against it; see `GROUND_NAMES`."""


def likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> Likeness:
    names = _names_alike(one, other)
    score, grounds = 0.75 * names, []
    if names >= 85:
        grounds.append("names")
    elif names >= 65:
        grounds.append("names_sound")
    mine, theirs = plain_facts(one), plain_facts(other)
    for kind, worth in (("phone", 25), ("fiscal_code", 40), ("permit", 40)):
        if mine.get(kind) and mine.get(kind) == theirs.get(kind):
            score, grounds = score + worth, [*grounds, kind]
    years = {*mine.get("born_in", ()), *theirs.get("born_in", ())}
    days = {*mine.get("born_on", ()), *theirs.get("born_on", ())}
    both_years = bool(mine.get("born_in") and theirs.get("born_in"))
    if both_years and len(years) == 1:
        # 1 January stands for an unknown day on many papers: it is no more than its year.
        is_day = len(days) == 1 and bool(mine.get("born_on") and theirs.get("born_on"))
        is_day = is_day and not next(iter(days)).endswith("-01-01")
        is_other_day = len(days) == 2 and not any(day.endswith("-01-01") for day in days)
        score += 25 if is_day else 4 if is_other_day else 15
        grounds.append("born_on" if is_day else "born_in")
    elif both_years:
        apart = abs(int(min(years)) - int(max(years)))
        score -= 5 if apart == 1 else 25
        grounds.append("born_otherwise")
    if one.get("gender") and other.get("gender") and one["gender"] != other["gender"]:
        score -= 15
        grounds.append("gender_otherwise")
    return Likeness(max(0, min(100, round(score))), tuple(grounds))


def _names_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """0 to 100, by letters or by sound, whichever fits better. A missing surname costs little: the
    shorter name is looked for in the longer one."""
    left, right = _whole(one), _whole(other)
    if not left or not right:
        return 0
    heard_left, heard_right = (
        " ".join(sound(word) for word in text.split()) for text in (left, right)
    )
    is_short = min(len(left.split()), len(right.split())) < 2
    letters = fuzz.token_set_ratio(left, right) if is_short else fuzz.token_sort_ratio(left, right)
    sounds = 0.95 * (
        fuzz.token_set_ratio(heard_left, heard_right)
        if is_short
        else fuzz.token_sort_ratio(heard_left, heard_right)
    )
    best = max(letters, sounds)
    return best * (0.88 if is_short and len(left.split()) != len(right.split()) else 1)


def _whole(identity: Mapping[str, Any]) -> str:
    names = [identity.get("given"), identity.get("family")]
    text = " ".join(str(name) for name in names if name) or str(identity.get("called") or "")
    return plain_name(text)
