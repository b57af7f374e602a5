"""Where a project is, as people type or paste it."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError
from wtforms.validators import Length

from civic.catalogue.forms.fields import too_long
from civic.web.fields import clean_line

SOUTH, NORTH, WEST, EAST = 35.0, 48.0, 6.0, 19.0
"""Italy with its islands, in degrees."""
DISTRICT_LENGTH = 80
PASTED_LENGTH = 2000
DEGREES = r"(-?\d{1,3}(?:\.\d{1,20})?)"
BETWEEN = r"(?:,|%2C|\+|%20|\s){1,6}"
TWO_NUMBERS = (
    re.compile(rf"^\(?{DEGREES}\s*[,;\s]\s*{DEGREES}\)?$", re.ASCII),
    # As Italians write them, with a comma inside each.
    re.compile(r"^\(?(-?\d{1,3},\d{1,20})\s*[;\s]\s*(-?\d{1,3},\d{1,20})\)?$", re.ASCII),
)
MAP_LINKS = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        # The place itself before the middle of the picture, which may have been dragged away.
        rf"!3d{DEGREES}!4d{DEGREES}",
        rf"[?&]mlat={DEGREES}&mlon={DEGREES}",
        rf"[?&](?:q|query|ll|daddr|destination)=(?:loc:)?{DEGREES}{BETWEEN}{DEGREES}",
        rf"^geo:{DEGREES},{DEGREES}",
        rf"@{DEGREES},{DEGREES}",
        rf"#map=\d{{1,2}}(?:\.\d{{1,9}})?/{DEGREES}/{DEGREES}",
    )
)


def read_place(typed: str) -> tuple[float, float] | None:
    """Latitude and longitude from two numbers or from the link of a map; None if unreadable."""
    text = typed.strip()
    for pattern in (*TWO_NUMBERS, *MAP_LINKS):
        found = pattern.search(text)
        if found:
            return read_degrees(found[1]), read_degrees(found[2])
    return None


def read_degrees(text: str) -> float:
    """Raises ValueError for what is no coordinate; a metre is as fine as it gets."""
    if not re.fullmatch(r"-?[0-9]{1,3}(?:[.,][0-9]{1,20})?", text):
        raise ValueError(text)
    return round(float(text.replace(",", ".")), 5)


def is_in_italy(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


class DegreesField(StringField):
    """A coordinate; what was typed stays, with a comma or a point."""

    degrees: float | None = None

    def process_data(self, value: Any) -> None:
        super().process_data("" if value is None else str(value))

    def pre_validate(self, form: Any) -> None:
        typed = (self.data or "").rstrip("°").strip()
        try:
            self.degrees = read_degrees(typed) if typed else None
        except ValueError:
            raise ValidationError(_("Write a number like 40.6404.")) from None


class PlaceForm(FlaskForm):
    """A district in words; and, for the map, two numbers or something pasted that holds them."""

    district = StringField(
        _l("District"),
        filters=[clean_line],
        validators=[Length(max=DISTRICT_LENGTH, message=too_long())],
    )
    pasted = StringField(
        _l("Link of a map, or both numbers"),
        filters=[clean_line],
        validators=[Length(max=PASTED_LENGTH, message=too_long())],
    )
    latitude = DegreesField(_l("Latitude"), filters=[clean_line])
    longitude = DegreesField(_l("Longitude"), filters=[clean_line])

    @property
    def is_map_open(self) -> bool:
        fields = (self.pasted, self.latitude, self.longitude)
        return any(field.data or field.errors for field in fields)

    def place(self) -> tuple[float, float] | None:
        """What was pasted counts before the two fields, which may still hold the old place."""
        if self.pasted.data:
            return read_place(self.pasted.data)
        if self.latitude.degrees is None or self.longitude.degrees is None:
            return None
        return self.latitude.degrees, self.longitude.degrees

    def validate_pasted(self, field: StringField) -> None:
        if not field.data:
            return
        found = read_place(field.data)
        if found is None:
            raise ValidationError(
                _(
                    "We find no place in this. Open the map, and copy its long address or two"
                    " numbers like 40.6404, 15.8056."
                )
            )
        self._must_be_in_italy(*found)

    def validate_latitude(self, field: DegreesField) -> None:
        if field.errors or self.pasted.data:
            return
        if not field.data and self.longitude.data:
            raise ValidationError(_("Write both numbers, or none."))

    def validate_longitude(self, field: DegreesField) -> None:
        if field.errors or self.latitude.errors or self.pasted.data:
            return
        if not field.data and self.latitude.data:
            raise ValidationError(_("Write both numbers, or none."))
        if self.latitude.degrees is not None and field.degrees is not None:
            self._must_be_in_italy(self.latitude.degrees, field.degrees)

    def _must_be_in_italy(self, latitude: float, longitude: float) -> None:
        if not is_in_italy(latitude, longitude):
            raise ValidationError(
                _(
                    "This place is not in Italy. The latitude comes first, from %(south)d to"
                    " %(north)d; then the longitude, from %(west)d to %(east)d.",
                    south=SOUTH,
                    north=NORTH,
                    west=WEST,
                    east=EAST,
                )
            )
