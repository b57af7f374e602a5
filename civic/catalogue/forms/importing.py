"""A table of sessions, and for whom it is taken in."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import InputRequired

from civic.catalogue.operations import importing
from civic.catalogue.queries.desks import Desk
from civic.kernel.i18n import LANGUAGES


class ImportForm(FlaskForm):
    desk = SelectField(_l("Association"), validators=[InputRequired(_l("Choose an association."))])
    language = SelectField(_l("The language of the table's words"))
    file = FileField(_l("Table (XLSX or CSV)"))

    def __init__(self, desks: Sequence[Desk], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._desks = {f"{desk.association_id}:{desk.municipality_id}": desk for desk in desks}
        self.desk.choices = [
            (key, f"{desk.association_name} – {desk.municipality_name}")
            for key, desk in self._desks.items()
        ]
        self.language.choices = [(language.tag, language.endonym) for language in LANGUAGES]

    def chosen(self) -> importing.Desk:
        desk = self._desks[str(self.desk.data)]
        return importing.Desk(desk.association_id, desk.municipality_id, str(self.language.data))
