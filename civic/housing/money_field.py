"""A field for an amount in euro: typed in either manner, kept as whole cents."""

from collections.abc import Callable, Sequence
from typing import Any

from wtforms import StringField

from civic.housing.rules.money import read_cents
from civic.kernel.errors import Invalid
from civic.web.fields import clean_line
from civic.web.words import say


class MoneyField(StringField):
    """`cents` once it was read; None for nothing typed. What was typed stays in the field."""

    cents: int | None = None

    def __init__(self, label: Any, *, read: Callable[[str], int] = read_cents, **kwargs: Any):
        super().__init__(label, **kwargs)
        self.read = read

    def process_data(self, value: int | None) -> None:
        self.cents = value
        self.data = "" if value is None else _typed(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.cents = None
        self.data = str(clean_line(valuelist[0])) if valuelist else ""
        if not self.data:
            return
        try:
            self.cents = self.read(self.data)
        except Invalid as refusal:
            raise ValueError(say(refusal)) from None


def _typed(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole},{rest:02}" if rest else str(whole)
