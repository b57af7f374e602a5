"""A version of a plan in words: the blocks of its page and of its PDF."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from civic.catalogue.words import skill_name
from civic.kernel.i18n import N_
from civic.plans.occupations import OCCUPATIONS
from civic.plans.rules import (
    ACTION_STATE_NAMES,
    DOMAIN_NAMES,
    EVIDENCE_NAMES,
    STATE_NAMES,
    ActionState,
    Domain,
    EvidenceKind,
    GoalState,
    OwedBy,
)
from civic.signatures import facing
from civic.signatures.facing import Block, apart, fact, heading, item, note, section, table, words
from civic.signatures.queries import Document
from civic.web.words import local_date

TITLE = N_("Plan of autonomy")


def typeset_plan(document: Document) -> bytes:
    return facing.typeset(document, TITLE, blocks)


def sides(document: Document) -> list[facing.FacingSide]:
    return facing.sides(document, TITLE, blocks)


def blocks(content: Mapping[str, Any], language: str) -> list[Block]:
    """In the language being spoken; as many and in the same order in each."""
    person = content["person"]
    said = [
        fact(_("Person"), _named(person)),
        fact(_("Municipality"), content["municipality"]),
        fact(_("Case worker"), content["case_worker"]),
        fact(_("Agreed on"), _day(content["agreed_on"])),
        section(_("Goals")),
    ]
    for goal in content["goals"]:
        said += _goal(goal, language, content["language"])
    if not content["goals"]:
        said.append(note(_("No goal yet.")))
    if content["occupations"]:
        said.append(section(_("Occupations that the plan walks towards")))
        said += [item(_occupation(each)) for each in content["occupations"]]
    if content["barriers"]:
        said.append(section(_("What stands in the way")))
        for barrier in content["barriers"]:
            said += _barrier(barrier)
    if content["actions"]:
        said.append(section(_("Who does what by when")))
        for action in content["actions"]:
            said += _action(action)
    if content["review"]:
        said += _review(content["review"])
    return said


def _named(person: Mapping[str, Any]) -> str:
    if person["birth_year"] is None:
        return str(person["name"])
    return _("%(name)s, born in %(year)s", name=apart(person["name"]), year=person["birth_year"])


def _goal(goal: Mapping[str, Any], language: str, page_language: str) -> list[Block]:
    """The person's own words on their side; on the Italian one the Italian ones, where there are any."""
    domain = _(DOMAIN_NAMES[Domain(goal["domain"])])
    state = _(STATE_NAMES[GoalState(goal["state"])])
    own = words(goal["words"], goal["language"])
    in_italian = words(goal["words_it"], "it") if goal["words_it"] else own
    said = [
        heading(_("%(domain)s: %(state)s", domain=domain, state=state)),
        in_italian if language == "it" else own,
    ]
    if page_language == "it" and goal["language"] != "it" and goal["words_it"]:
        said.append(own)  # there is no other side on which they would stand
    if goal["skills"]:
        said.append(
            fact(_("Skills that help towards it"), _(", ").join(map(skill_name, goal["skills"])))
        )
    for step in goal["milestones"]:
        said += [item(step["words"], step["language"]), note(_step(step))]
    for badge in goal["badges"]:
        name = badge["names"].get(language) or next(iter(badge["names"].values()))
        said.append(
            fact(
                _("Badge behind this goal"),
                _(", ").join(map(apart, (name, badge["association"], _day(badge["awarded_on"])))),
            )
        )
    for each in goal["papers"]:
        kind = _(EVIDENCE_NAMES[EvidenceKind(each["kind"])])
        title = _(each["title"]) if each["kind"] == EvidenceKind.HOUSING else each["title"]
        parts = (each["level"], title, _day(each["dated_on"]))
        said.append(fact(kind, _(", ").join(apart(part) for part in parts if part)))
    return said


def _step(step: Mapping[str, Any]) -> str:
    if step["reached_on"]:
        return _("Reached on %(day)s", day=_day(step["reached_on"]))
    return _("By %(day)s", day=_day(step["due_on"])) if step["due_on"] else _("Still to come")


def _occupation(occupation_id: str) -> str:
    known = OCCUPATIONS.get(occupation_id)
    return _(known.label) if known else occupation_id


def _barrier(barrier: Mapping[str, Any]) -> list[Block]:
    overcome = barrier["overcome_on"]
    domain = _(DOMAIN_NAMES[Domain(barrier["domain"])])
    state = _("Overcome on %(day)s", day=_day(overcome)) if overcome else _("In the way")
    return [
        heading(_("%(domain)s: %(state)s", domain=domain, state=state)),
        words(barrier["words"], barrier["language"]),
    ]


def _action(action: Mapping[str, Any]) -> list[Block]:
    by_person = action["owed_by"] == OwedBy.PERSON
    state = _(ACTION_STATE_NAMES[ActionState(action["state"])])
    due = _("By %(day)s", day=_day(action["due_on"])) if action["due_on"] else ""
    return [
        heading(_("The person does this") if by_person else _("The service does this")),
        words(action["words"], action["language"]),
        note(" · ".join(part for part in (due, state) if part)),
    ]


def _review(review: Mapping[str, Any]) -> list[Block]:
    seen = review["scores"]
    rows = [
        (
            _(DOMAIN_NAMES[domain]),
            _score(seen["person"].get(domain.value)),
            _score(seen["worker"].get(domain.value)),
        )
        for domain in Domain
    ]
    return [
        section(_("Where things stand")),
        table((_("Domain"), _("The person"), _("The case worker")), *rows),
        note(_("From 1 to 5: the higher the step, the more somebody does on their own.")),
        fact(_("Looked at on"), _day(review["held_on"])),
        fact(_("Next review"), _day(review["next_on"])),
    ]


def _score(score: int | None) -> str:
    return "–" if score is None else str(score)


def _day(day: str | None) -> str:
    return apart(local_date(date.fromisoformat(day))) if day else ""
