"""How a file ends, and what its person takes with them."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from civic.cases.retention import ERASURE_NAMES, ErasureReason
from civic.cases.work_forms import TOO_LONG, named
from civic.web.fields import clean_text


class ErasureForm(FlaskForm):
    reason = RadioField(
        _l("Why the file is to be erased"),
        validators=[InputRequired(message=_l("Choose a reason."))],
    )

    def offer(self) -> None:
        self.reason.choices = named(ERASURE_NAMES)

    @property
    def chosen(self) -> ErasureReason:
        return ErasureReason(self.reason.data)


class ReleaseForm(FlaskForm):
    names = TextAreaField(
        _l("Other names to black out"),
        filters=[clean_text],
        validators=[Length(max=2000, message=TOO_LONG)],
    )
