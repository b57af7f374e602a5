from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from civic.catalogue.forms.fields import CalendarDayField
from civic.enrolment.errors import GuardianNameMissing
from civic.web.fields import clean_line


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
    starts_on = CalendarDayField(
        _l("First day covered"), [InputRequired(_l("Choose the first day."))]
    )
    ends_on = CalendarDayField(_l("Last day covered"), [InputRequired(_l("Choose the last day."))])


class ConsentForm(FlaskForm):
    guardian_name = StringField(
        _l("Name of the guardian"),
        [
            DataRequired(_l(GuardianNameMissing.sentence)),
            Length(max=160, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_line],
    )
