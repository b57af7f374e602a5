"""A person's copy of their file: for them to read, for a program, and their papers, in one ZIP."""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from flask_babel import gettext as _

from civic.cases.access import CaseRole, Data
from civic.cases.blackout import BLACK
from civic.cases.operations.archives import Archive
from civic.cases.operations.documents import Paper
from civic.cases.queries.openings import Opening
from civic.cases.sections import SECTIONS
from civic.cases.states import CaseState, Ending
from civic.cases.trail_words import TRAIL_WORDS
from civic.cases.words import CASE_WORDS
from civic.kernel.clock import ROME
from civic.web.locale import page_language
from civic.web.paper import isolated, typeset
from civic.web.words import local_date, local_time, shown_language

ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}
BAR = "•••••"
Block = dict[str, str]
Row = Mapping[str, Any]


def archive_zip(archive: Archive, made_at: datetime) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        told = {"made_at": made_at.isoformat(), **archive.values}
        file.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1))
        file.writestr(f"{archive.reference}.pdf", typeset_archive(archive, made_at))
        for number, paper in enumerate(archive.papers, 1):
            file.writestr(f"documents/{number:02}-{_file_name(paper)}", paper.body)
    return out.getvalue()


def _file_name(paper: Paper) -> str:
    """Of a title only what every system takes in a name."""
    plain = "-".join(re.findall(r"\w+", paper.title))[:60] or "document"
    return f"{plain}.{ENDINGS.get(paper.media_type, 'bin')}"


def typeset_archive(archive: Archive, made_at: datetime) -> bytes:
    return typeset("cases/archive", _drawn(archive_values(archive, made_at)))


def _drawn(value: Any) -> Any:
    """With a bar that our fonts have: the template draws it black."""
    if isinstance(value, str):
        return value.replace(BLACK, BAR)
    if isinstance(value, dict):
        return {name: _drawn(each) for name, each in value.items()}
    return [_drawn(each) for each in value] if isinstance(value, list) else value


def archive_values(archive: Archive, made_at: datetime) -> dict[str, Any]:
    return {
        **_frame(_("Your file: %(reference)s", reference=archive.reference)),
        "lead": [
            _(
                "This is everything that %(city)s has written about you, on %(day)s. Names of other"
                " people are blacked out.",
                city=archive.values["municipality"],
                day=local_date(made_at),
            ),
            _("The same is in the file data.json, for a program. Papers of yours lie beside it."),
        ],
        "blocks": list(_blocks(archive.values)),
    }


def typeset_openings(reference: str, city: str, found: Sequence[Opening]) -> bytes:
    return typeset("cases/archive", openings_values(reference, city, found))


def openings_values(reference: str, city: str, found: Sequence[Opening]) -> dict[str, Any]:
    return {
        **_frame(_("Who opened your file: %(reference)s", reference=reference)),
        "lead": [
            _("These people of %(city)s opened your file, the last one first.", city=city),
        ],
        "blocks": [_opened(row.at, row.name, row.roles, row.action) for row in found],
    }


def _frame(title: str) -> dict[str, Any]:
    language = page_language()
    return {
        "lang": language.tag,
        "dir": language.direction,
        "title": title,
        "foot": _("This paper is yours. Keep it where nobody else reads it."),
    }


def _opened(at: datetime, name: str, roles: Sequence[str], action: str) -> Block:
    service = _(", ").join(CASE_WORDS.role(CaseRole(role)) for role in roles)
    who = " · ".join(filter(None, (name or _("the system"), service)))
    return _words(_moment(at), f"{who}: {_(TRAIL_WORDS[action])}")


def _blocks(values: Row) -> Iterator[Block]:
    yield from _parts(values["parts"])
    for title, name, said in (
        (_("What happened"), "timeline", _entry),
        (_("To do"), "tasks", _task),
        (_("To keep in mind"), "alerts", _alert),
        (_("Where it stands"), "states", _state),
        (_("Household"), "household", _relation),
        (_("Team"), "team", _member),
        (_("What you said yes to"), "consents", _consent),
        (_("Appointments"), "appointments", _appointment),
        (_("Handed on"), "referrals", _referral),
        (_("Papers"), "documents", _document),
        (_("Who opened your file"), "openings", _opening),
    ):
        if values[name]:
            yield _section(title)
            yield from (said(row) for row in values[name])


def _parts(rows: Sequence[Row]) -> Iterator[Block]:
    """How each part stands; all versions of it are in data.json."""
    newest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda each: each["version"]):
        newest[row["data"]] = row
    for data, section in SECTIONS.items():
        if data.value not in newest:
            continue
        part = newest[data.value]
        yield _section(_(section.title))
        for field in section.fields:
            words = CASE_WORDS.value(field, part["said"].get(field.name))
            if words:
                yield {"kind": "fact", "label": _(field.label), "text": isolated(words)}
        yield _words(_signed(part["written_at"], part["by"]), "")


def _entry(row: Row) -> Block:
    label = _signed(row["happened_at"], row["by"], CASE_WORDS.data(row["data"]))
    return _words(label, CASE_WORDS.entry(row["said"]))


def _task(row: Row) -> Block:
    ends = _("Done on %(day)s", day=_day(row["done_at"])) if row["done_at"] else ""
    due = _("by %(day)s", day=_day(row["due_on"])) if row["due_on"] else ""
    return _words(_joined(due, ends, row["by"]), row["said"]["words"])


def _alert(row: Row) -> Block:
    words = _joined(CASE_WORDS.of("alert", row["kind"]), str(row["said"] or ""))
    return _words(_joined(_day(row["about_on"] or row["expires_on"]), row["by"]), words)


def _state(row: Row) -> Block:
    ending = CASE_WORDS.ending(Ending(row["ending"])) if row["ending"] else ""
    state = CASE_WORDS.state(CaseState(row["to_state"]))
    return _words(
        _signed(row["moved_at"], row["by"]), _joined(state, ending, str(row.get("said") or ""))
    )


def _relation(row: Row) -> Block:
    return _words(_day(row["since"]), CASE_WORDS.of("relation", row["relation"]))


def _member(row: Row) -> Block:
    until = _day(row["until"]) if row["until"] else ""
    days = " – ".join(filter(None, (_day(row["since"]), until)))
    said = _("In an emergency: %(reason)s", reason=row["said"]) if row.get("said") else ""
    return _words(days, _joined(row["by"], CASE_WORDS.role(CaseRole(row["role"])), said))


def _consent(row: Row) -> Block:
    back = _("Taken back on %(day)s", day=_day(row["withdrawn_at"])) if row["withdrawn_at"] else ""
    said = _joined(
        CASE_WORDS.of("purpose", row["purpose"]),
        CASE_WORDS.of("recipient", row["recipient"]),
        _("explained in %(language)s", language=shown_language(row["language"])),
        back,
    )
    return _words(_signed(row["given_on"], row["by"]), said)


def _appointment(row: Row) -> Block:
    said = _joined(CASE_WORDS.of("appointment", row["state"]), str(row["said"] or ""))
    return _words(_joined(_moment(datetime.fromisoformat(row["at"])), row["by"]), said)


def _referral(row: Row) -> Block:
    carried = _(", ").join(CASE_WORDS.data(Data(each)) for each in row["carried"])
    state = CASE_WORDS.of("referral", row["state"])
    return _words(_signed(row["sent_at"], row["by"]), _joined(state, carried))


def _document(row: Row) -> Block:
    title = row["said"]["title"]
    return _words(_signed(row["kept_at"], row["by"], CASE_WORDS.data(row["data"])), title)


def _opening(row: Row) -> Block:
    at = datetime.fromisoformat(row["at"])
    return _opened(at, row["by"], row["roles"], row["action"])


def _section(text: str) -> Block:
    return {"kind": "section", "text": text, "label": ""}


def _words(label: str, text: str) -> Block:
    return {"kind": "words", "label": label, "text": isolated(text)}


def _signed(day: str, by: str, what: str = "") -> str:
    return _joined(_day(day), what, by)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _day(told: str) -> str:
    """Of a day or an instant, as JSON holds it: the day on Italian clocks."""
    if len(told) <= len("2026-03-14"):
        return local_date(date.fromisoformat(told))
    return local_date(datetime.fromisoformat(told))


def _moment(at: datetime) -> str:
    return _("%(day)s at %(time)s", day=local_date(at.astimezone(ROME)), time=local_time(at))
