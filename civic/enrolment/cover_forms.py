"""Forms of policies and of what the register of volunteers asks."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from civic.catalogue.forms.fields import CalendarDayField
from civic.enrolment.errors import BirthDateWrong, FiscalCodeWrong, PolicyEndReasonMissing
from civic.enrolment.operations.cover import NewPolicy
from civic.enrolment.operations.details import Details
from civic.enrolment.rules import (
    ASSOCIATIONS_OWN,
    BASIS_WORDS,
    MUNICIPAL,
    RISK_WORDS,
    LegalBasis,
    Risk,
)
from civic.web.fields import clean_line


class ChecklistField(SelectMultipleField):
    """Boxes to tick. What is no choice is left out, and a rule says when nothing is left."""

    option_widget = CheckboxInput()

    def __init__(self, label: Any, words: Mapping[Any, str], **kwargs: Any) -> None:
        def choices() -> list[tuple[str, str]]:
            return [(member.value, _(sentence)) for member, sentence in words.items()]

        super().__init__(label, choices=choices, validate_choice=False, **kwargs)


class CityPolicyForm(FlaskForm):
    """Cover for those whom the municipality sends."""

    insurer = StringField(
        _l("Insurance company"),
        [
            DataRequired(_l("Write the name of the insurance company.")),
            Length(max=160, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_line],
    )
    number = StringField(
        _l("Number of the policy"),
        [
            DataRequired(_l("Write the number that stands on the policy.")),
            Length(max=80, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_line],
    )
    starts_on = CalendarDayField(
        _l("First day covered"), [InputRequired(_l("Choose the first day."))]
    )
    ends_on = CalendarDayField(_l("Last day covered"), [InputRequired(_l("Choose the last day."))])
    risks = ChecklistField(_l("It covers"), RISK_WORDS, default=[risk.value for risk in Risk])
    bases = ChecklistField(
        _l("For whom"), BASIS_WORDS, default=sorted(basis.value for basis in MUNICIPAL)
    )

    def to_policy(self, association_id: UUID | None, municipality_id: UUID) -> NewPolicy:
        """After the form was found right: it demands both days."""
        return NewPolicy(
            association_id,
            municipality_id,
            self.insurer.data or "",
            self.number.data or "",
            cast("date", self.starts_on.data),
            cast("date", self.ends_on.data),
            frozenset(risk for risk in Risk if risk.value in (self.risks.data or ())),
            tuple(basis for basis in LegalBasis if basis.value in (self.bases.data or ())),
        )


class PolicyForm(CityPolicyForm):
    """Cover for an association's volunteers in a city."""

    association = SelectField(
        _l("Association"),
        [InputRequired(_l("Choose for which association."))],
        validate_choice=False,
    )
    bases = ChecklistField(
        _l("For whom"),
        {basis: BASIS_WORDS[basis] for basis in ASSOCIATIONS_OWN},
        default=[basis.value for basis in ASSOCIATIONS_OWN],
    )


class PolicyEndForm(FlaskForm):
    last_day = CalendarDayField(_l("Last day covered"), [InputRequired(_l("Choose the last day."))])
    reason = StringField(
        _l("Why it ends earlier"),
        [
            DataRequired(_l(PolicyEndReasonMissing.sentence)),
            Length(max=300, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_line],
    )


class BirthDateField(DateField):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        formats = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]
        super().__init__(label, [Optional()], format=formats, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_(BirthDateWrong.sentence)) from None


class DetailsForm(FlaskForm):
    """Nothing here is demanded: who has no code has no code (DOMAIN.md, rule 4)."""

    fiscal_code = StringField(
        _l("Fiscal code"),
        [Length(max=16, message=_l(FiscalCodeWrong.sentence))],
        filters=[lambda typed: "".join((clean_line(typed) or "").split()).upper()],
    )
    birth_date = BirthDateField(_l("Date of birth"))
    birth_place = StringField(
        _l("Place of birth"),
        [Length(max=120, message=_l("This is too long: at most %(max)d letters."))],
        filters=[clean_line],
    )
    residence = StringField(
        _l("Residence or domicile"),
        [Length(max=200, message=_l("This is too long: at most %(max)d letters."))],
        filters=[clean_line],
    )

    def to_details(self) -> Details:
        return Details(
            self.fiscal_code.data or "",
            self.birth_date.data,
            self.birth_place.data or "",
            self.residence.data or "",
        )
