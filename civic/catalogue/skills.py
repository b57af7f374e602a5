"""Starter skills, by ESCO address.

Labels follow ESCO's English preferred labels; in other languages ours are plain-word renderings.
Read ESCO's definitions before adding one: some labels promise less than they hold.
"""

from dataclasses import dataclass

from civic.catalogue.rules import Area
from civic.kernel.i18n import N_

ESCO = "http://data.europa.eu/esco/skill/"


@dataclass(frozen=True)
class Skill:
    id: str
    area: Area | None
    """None for transversal skills, which any project can teach."""
    label: str

    @property
    def address(self) -> str:
        return ESCO + self.id


_ALL = (
    Skill("41be6ab9-1cf9-43af-8c63-b6664b921dd5", Area.GREEN, N_("perform ground maintenance activities")),
    Skill("8a1942a8-bebd-4cc5-bdff-fe215aaa3de5", Area.GREEN, N_("use gardening equipment")),
    Skill("51097602-8e4e-4830-8f35-d77afc713fc0", Area.GREEN, N_("prune hedges and trees")),
    Skill("8ce4a4af-969b-4d1c-8bfe-891cff82f913", Area.GREEN, N_("plant green plants")),
    Skill("0e355580-bd4a-465a-8058-92984623070e", Area.GREEN, N_("work in outdoor conditions")),
    Skill("ab89ad86-1098-44bb-9465-05af5624557c", Area.CARE, N_("accompany people")),
    Skill("9aa2a1cb-37a6-4f3b-9610-0dadee1ec8ed", Area.CARE, N_("communicate with elderly groups")),
    Skill(
        "74a5e8b1-dc44-4a03-b4f2-ad06966128c6", Area.CARE, N_("assist with personal administration issues")
    ),
    Skill("77b636e8-fab3-41a8-8022-1e0a354059dc", Area.CARE, N_("show empathy")),
    Skill("e37d64dc-0f05-4ee8-b065-bf76f70d8f5c", Area.CARE, N_("respect confidentiality obligations")),
    Skill("2adc2a4a-bb29-4a7f-aab7-d1a21bf08b9e", Area.TERRITORY, N_("assist emergency services")),
    Skill("d1052480-60f7-404b-83f1-254666daf790", Area.TERRITORY, N_("clean public furniture")),
    Skill("b826a56a-811d-477c-b165-271729f644a4", Area.TERRITORY, N_("paint surfaces")),
    Skill("f21c872c-68ae-49bb-a84f-bf3097c65443", Area.TERRITORY, N_("inspect road signs")),
    Skill("51754b8a-3e2c-4cc1-86e6-cf510d9c6fe4", Area.TERRITORY, N_("use personal protection equipment")),
    Skill("60c78287-22eb-4103-9c8c-28deaa460da0", None, N_("work in teams")),
    Skill("113b4428-0a31-4199-8496-070af7854b91", None, N_("meet commitments")),
    Skill("fc511e12-fe90-40a0-bec8-227abb5e4255", None, N_("follow verbal instructions")),
    Skill("b45f87e9-66ce-4212-82eb-3a55765bc512", None, N_("interact verbally in Italian")),
    Skill("7d9bace0-63d0-4848-ac87-350a98082c12", None, N_("participate actively in civic life")),
)  # fmt: skip

SKILLS: dict[str, Skill] = {skill.id: skill for skill in _ALL}
