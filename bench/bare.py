"""The page that ours is measured against: Flask, SQLAlchemy and Jinja with nothing around them.

The same rows from the same database, on the same server with the same options; no sign-in, no
tenancy, no translation, no layout, no headers. Its states are written out as ours are, so that the
same index serves both.
"""

import os

from flask import Flask, abort, render_template
from jinja2 import DictLoader
from sqlalchemy import create_engine, func, make_url, select
from sqlalchemy.orm import Session

from civic.catalogue.models import Project, ProjectSession, ProjectText
from civic.catalogue.queries.texts import PUBLISHED, SCHEDULED
from civic.kernel.clock import SystemClock
from civic.tenancy.models import Association, Municipality

LIST = """<!doctype html>
<html lang="it"><head><title>Progetti</title></head><body><h1>Progetti</h1><ul>
{% for row in rows %}
<li><a href="/projects/{{ row.slug }}">{{ row.title }}</a>
{{ row.starts_at.strftime("%d/%m/%Y %H:%M") }}, {{ row.city }}, {{ row.meeting_point }},
{{ row.association }}, {{ row.places - row.places_taken }}</li>
{% endfor %}
</ul></body></html>"""

DETAIL = """<!doctype html>
<html lang="it"><head><title>{{ project.title }}</title></head><body>
<h1>{{ project.title }}</h1><p>{{ project.city }}, {{ project.association }}</p>
<p>{{ project.what_you_do }}</p><p>{{ project.what_to_bring }}</p><ul>
{% for row in sessions %}
<li>{{ row.starts_at.strftime("%d/%m/%Y %H:%M") }}, {{ row.meeting_point }},
{{ row.places - row.places_taken }}</li>
{% endfor %}
</ul></body></html>"""

url = make_url(os.environ["BARE_DATABASE_URL"])
if url.get_backend_name() == "postgresql":
    url = url.set(drivername="postgresql+psycopg")
engine = create_engine(url)
clock = SystemClock()
app = Flask(__name__)
app.jinja_loader = DictLoader({"list.html": LIST, "detail.html": DETAIL})

offered = (
    select(
        Project.id,
        Project.slug,
        ProjectText.title,
        ProjectText.what_you_do,
        ProjectText.what_to_bring,
        Municipality.name.label("city"),
        Association.name.label("association"),
    )
    .join(ProjectText, ProjectText.project_id == Project.id)
    .join(Municipality, Municipality.id == Project.municipality_id)
    .join(Association, Association.id == Project.association_id)
    .where(Project.state == PUBLISHED, Project.is_public.is_(True))
    .where(ProjectText.language == Project.language)
)
dates = (
    select(
        ProjectSession.starts_at,
        ProjectSession.meeting_point,
        ProjectSession.places,
        ProjectSession.places_taken,
    )
    .where(ProjectSession.state == SCHEDULED, ProjectSession.is_public.is_(True))
    .order_by(ProjectSession.starts_at, ProjectSession.id)
)
listed = (
    offered.add_columns(
        ProjectSession.starts_at,
        ProjectSession.meeting_point,
        ProjectSession.places,
        ProjectSession.places_taken,
    )
    .join(ProjectSession, ProjectSession.project_id == Project.id)
    .where(ProjectSession.state == SCHEDULED, ProjectSession.is_public.is_(True))
    .order_by(ProjectSession.starts_at, ProjectSession.id)
    .limit(20)
)


@app.get("/projects")
def project_list() -> str:
    with Session(engine) as db:
        rows = db.execute(listed.where(ProjectSession.starts_at > clock.now())).all()
    return render_template("list.html", rows=rows)


@app.get("/projects/<slug>")
def project_detail(slug: str) -> str:
    with Session(engine) as db:
        project = db.execute(offered.where(Project.slug == slug)).first()
        if project is None:
            abort(404)
        coming = dates.where(ProjectSession.project_id == project.id)
        sessions = db.execute(coming.where(ProjectSession.ends_at > clock.now())).all()
    return render_template("detail.html", project=project, sessions=sessions)


@app.get("/ready")
def ready() -> str:
    with Session(engine) as db:
        return str(db.scalar(select(func.count()).select_from(Municipality)))
