"""An officer's answer."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    TextAreaField,
)
from wtforms.validators import DataRequired, Length

from civic.catalogue.forms.fields import too_long
from civic.catalogue.rules import (
    REASON_LENGTH,
)
from civic.web.fields import clean_text


class SendBackForm(FlaskForm):
    reason = TextAreaField(
        _l("What must change before it can be published?"),
        filters=[clean_text],
        validators=[
            DataRequired(_l("Write the reason, so that the association knows what to change.")),
            Length(max=REASON_LENGTH, message=too_long()),
        ],
    )
