from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from civic.enrolment.errors import GuardianNameMissing
from civic.web.fields import clean_line


class DayField(DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_l("This is not a day. Write it like 2026-03-28."))) from error


class PolicyForm(FlaskForm):
    """The days on which an association's volunteers are insured in a city."""

    association = SelectField(
        _l("Association"),
        [InputRequired(_l("Choose for which association."))],
        validate_choice=False,
    )
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
    starts_on = DayField(_l("First day covered"), [InputRequired(_l("Choose the first day."))])
    ends_on = DayField(_l("Last day covered"), [InputRequired(_l("Choose the last day."))])


class ConsentForm(FlaskForm):
    guardian_name = StringField(
        _l("Name of the guardian"),
        [
            DataRequired(_l(GuardianNameMissing.sentence)),
            Length(max=160, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_line],
    )
