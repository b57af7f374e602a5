"""The parts of a file and what is asked in each, in the order of an intake.

A part is one kind of data and is written, kept and read as a whole. Nothing in it is compulsory: what a
person cannot have, or does not say, stays empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civic.cases.access import Data
from civic.kernel.i18n import N_


class Ask(StrEnum):
    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    SEVERAL = "several"
    DAY = "day"
    BIRTH = "birth"
    """A whole date, or a year and month, or the year alone."""
    COUNTRY = "country"
    LANGUAGES = "languages"


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    ask: Ask = Ask.LINE
    choices: Mapping[str, str] | None = None
    hint: str = ""
    length: int = 120


@dataclass(frozen=True)
class Section:
    data: Data
    title: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


AGE_BANDS = {
    "under_18": N_("under 18"),
    "18_24": N_("18 to 24"),
    "25_39": N_("25 to 39"),
    "40_59": N_("40 to 59"),
    "60_plus": N_("60 or more"),
    "unknown": N_("not known"),
}
NEEDS = {
    "shelter": N_("A place to sleep"),
    "food": N_("Food"),
    "clothes": N_("Clothes"),
    "health": N_("Health"),
    "papers": N_("Papers"),
    "work": N_("Work"),
    "safety": N_("Safety"),
    "listening": N_("Somebody who listens"),
}
HELP = {
    "blanket": N_("Blanket"),
    "food": N_("Food"),
    "clothes": N_("Clothes"),
    "information": N_("Information"),
    "accompaniment": N_("Went along"),
    "listening": N_("Listened"),
    "emergency_call": N_("Called for help"),
}
GENDERS = {
    "woman": N_("Woman"),
    "man": N_("Man"),
    "other": N_("Another answer"),
    "unsaid": N_("Does not say"),
}
PERMITS = {
    "none": N_("None"),
    "requested": N_("Asked for, not yet given"),
    "asylum": N_("Asylum seeker"),
    "refugee": N_("Refugee"),
    "subsidiary": N_("Subsidiary protection"),
    "special": N_("Special protection"),
    "minor": N_("Minor"),
    "work": N_("Work"),
    "family": N_("Family"),
    "study": N_("Study"),
    "long_term": N_("Long-term"),
    "social_protection": N_("Social protection (article 18)"),
    "citizen_eu": N_("Citizen of the Union"),
    "unknown": N_("Not known"),
}
DEGREES = {
    "none": N_("No need seen"),
    "some": N_("Some need"),
    "strong": N_("Strong need"),
    "urgent": N_("Urgent"),
}
SLEEPING = {
    "street": N_("Outside"),
    "dormitory": N_("Night shelter"),
    "reception": N_("Reception centre"),
    "hosted": N_("With somebody who hosts them"),
    "informal": N_("Informal settlement"),
    "co_housing": N_("Co-housing"),
    "lease": N_("A lease of their own"),
}
BIRTH_HINT = N_("A day, or only the year: 2001-05-30, 2001-05 or 2001.")
THIRD_LABEL = N_("Names of other people in these words")
THIRD_HINT = N_("One after the other, with commas. In a copy for the person they are blacked out.")
YES_NO = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Not known")}

_NEED_DOMAINS = (
    ("need_person", N_("Person and care of oneself")),
    ("need_work", N_("Work and income")),
    ("need_learning", N_("Learning and Italian")),
    ("need_home", N_("Home")),
    ("need_networks", N_("Family and networks")),
    ("need_children", N_("Children and those cared for")),
)

SECTIONS: Mapping[Data, Section] = {
    section.data: section
    for section in (
        Section(
            Data.IDENTITY,
            N_("Who it is"),
            (
                Field("called", N_("Name they go by"), length=80),
                Field("given", N_("First name"), length=80),
                Field("family", N_("Surname"), hint=N_("Leave it empty if there is none.")),
                Field("born", N_("Born"), Ask.BIRTH, hint=BIRTH_HINT),
                Field("age_band", N_("Age, as it seems"), Ask.CHOICE, AGE_BANDS),
                Field("gender", N_("Gender"), Ask.CHOICE, GENDERS),
                Field("nationality", N_("Nationality"), Ask.COUNTRY),
                Field("languages", N_("Languages they speak"), Ask.LANGUAGES),
                Field("phone", N_("Phone"), length=30),
                Field("fiscal_code", N_("Fiscal code"), hint=N_("Also a provisional one."), length=20),
            ),
        ),
        Section(
            Data.SOCIAL,
            N_("Preliminary analysis and needs"),
            (
                Field("asked", N_("What they ask for, in their words"), Ask.TEXT),
                Field("story", N_("How they came here"), Ask.TEXT),
                Field("household", N_("Who lives with them"), Ask.TEXT),
                Field("work", N_("Work and income now"), Ask.TEXT),
                Field("learning", N_("School, trade, level of Italian"), Ask.TEXT),
                Field("networks", N_("Whom they can count on"), Ask.TEXT),
                Field("needs", N_("Needs seen"), Ask.SEVERAL, NEEDS),
                *(Field(name, label, Ask.CHOICE, DEGREES) for name, label in _NEED_DOMAINS),
                Field("third_parties", THIRD_LABEL, hint=THIRD_HINT, length=400),
            ),
        ),
        Section(
            Data.LEGAL_STATUS,
            N_("Legal status"),
            (
                Field("permit_kind", N_("Permit"), Ask.CHOICE, PERMITS),
                Field("permit", N_("Number of the permit"), length=30),
                Field("permit_ends", N_("The permit ends on"), Ask.DAY),
                Field("residence", N_("Registered residence"), Ask.CHOICE, YES_NO),
                Field("status_words", N_("What else matters"), Ask.TEXT),
            ),
        ),
        Section(
            Data.PROTECTION,
            N_("Vulnerability screening"),
            (
                Field("exploitation", N_("Forced to work, or to give money to somebody"), Ask.CHOICE, YES_NO),
                Field("violence", N_("Suffered or fears violence"), Ask.CHOICE, YES_NO),
                Field("minor_alone", N_("Minor without a parent here"), Ask.CHOICE, YES_NO),
                Field("illness", N_("Illness, disability or pregnancy"), Ask.CHOICE, YES_NO),
                Field("homeless", N_("Sleeps outside or must leave soon"), Ask.CHOICE, YES_NO),
                Field("permit_expiring", N_("The permit ends within two months"), Ask.CHOICE, YES_NO),
                Field("protection_words", N_("What was said and seen"), Ask.TEXT),
            ),
        ),
        Section(
            Data.HEALTH,
            N_("Health and mind"),
            (
                Field("health_card", N_("Enrolled in the health service"), Ask.CHOICE, YES_NO),
                Field("health_words", N_("Health"), Ask.TEXT),
                Field("mind_words", N_("Mind"), Ask.TEXT),
            ),
        ),
        Section(
            Data.LEGAL_ADVICE,
            N_("Legal advice"),
            (
                Field("procedures", N_("Procedures under way"), Ask.TEXT),
                Field("advice", N_("Advice given"), Ask.TEXT),
            ),
        ),
        Section(
            Data.HOUSING,
            N_("Housing"),
            (
                Field("sleeps", N_("Where they sleep"), Ask.CHOICE, SLEEPING),
                Field("until", N_("Until"), Ask.DAY),
                Field("housing_words", N_("What they need in a home"), Ask.TEXT),
            ),
        ),
    )
}  # fmt: skip
"""In the order of the preliminary analysis; `Data.PLAN` has no part of its own: tasks stand for it."""


def empty_of(data: Data) -> dict[str, Any]:
    return {field.name: [] if field.ask in MANY else "" for field in SECTIONS[data].fields}


MANY = frozenset({Ask.SEVERAL, Ask.LANGUAGES})
