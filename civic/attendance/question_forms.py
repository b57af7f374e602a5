"""What is written about hours that are not right, and in answer."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from civic.attendance.errors import (
    AnswerToQuestionMissing,
    MinutesOutOfRange,
    QuestionMissing,
)
from civic.attendance.roster_forms import TOO_LONG
from civic.attendance.rules import ANSWER_LENGTH, MOST_MINUTES, QUESTION_LENGTH
from civic.web.fields import clean_text


class ContestForm(FlaskForm):
    words = TextAreaField(
        _l("What is not right"),
        [
            DataRequired(_l(QuestionMissing.sentence)),
            Length(max=QUESTION_LENGTH, message=TOO_LONG),
        ],
        filters=[clean_text],
    )


class ReplyForm(FlaskForm):
    """One for each question, told apart by prefix."""

    answer = TextAreaField(
        _l("Your answer"),
        [
            DataRequired(_l(AnswerToQuestionMissing.sentence)),
            Length(max=ANSWER_LENGTH, message=TOO_LONG),
        ],
        filters=[clean_text],
    )
    minutes = IntegerField(  # type: ignore[call-arg]  # the stubs lag behind
        _l("Minutes of that day, if they should be others"),
        [
            Optional(),
            NumberRange(0, MOST_MINUTES, message=_l(MinutesOutOfRange.sentence, most=MOST_MINUTES)),
        ],
        invalid_value_message=_l("Write the minutes as a whole number."),
    )
