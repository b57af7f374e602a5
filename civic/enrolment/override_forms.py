from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from civic.audit.rules import REASON_LENGTH
from civic.enrolment.errors import OverrideReasonMissing
from civic.web.fields import clean_line


class OverrideForm(FlaskForm):
    """Somebody from a session's list, and why; the view fills in the names."""

    person = RadioField(
        _l("Who"), [InputRequired(_l("Choose a person."))], choices=[], validate_choice=False
    )
    reason = StringField(
        _l("Why"),
        [
            DataRequired(_l(OverrideReasonMissing.sentence)),
            Length(max=REASON_LENGTH, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_line],
    )

    def validate_person(self, field: RadioField) -> None:
        # The library's own check says it in words that nobody here would use.
        if field.data not in {choice[0] for choice in field.iter_choices()}:
            raise StopValidation(_l("Choose a person."))
