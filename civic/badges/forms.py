from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput

from civic.badges.errors import NoSkillChosen


class ConfirmForm(FlaskForm):
    """The skills the assessor saw, of those the badge can show: all are ticked to begin with."""

    skills = SelectMultipleField(
        _l("Skills you saw"),
        validators=[DataRequired(message=_l(NoSkillChosen.sentence))],
        option_widget=CheckboxInput(),
    )


class AskedForForm(FlaskForm):
    """Badges that people show before they join a project."""

    badges = SelectMultipleField(_l("Badges to have first"), option_widget=CheckboxInput())
