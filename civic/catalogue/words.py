"""Names of areas and skills in the reader's language, for templates and forms."""

from flask_babel import gettext

from civic.catalogue.rules import AREA_NAMES, Area
from civic.catalogue.skills import SKILLS


def area_name(area: Area | str) -> str:
    name: str = gettext(AREA_NAMES[Area(area)])
    return name


def skill_name(skill_id: str) -> str:
    """The skill's name; its id when an older list knew it."""
    skill = SKILLS.get(skill_id)
    return gettext(skill.label) if skill else skill_id


def skill_choices(area: Area | None = None) -> list[tuple[str, str]]:
    """Skills to pick from: those of the area first, then those any project can teach."""
    chosen = [skill for skill in SKILLS.values() if area is None or skill.area in (area, None)]
    return [(skill.id, gettext(skill.label)) for skill in chosen]
