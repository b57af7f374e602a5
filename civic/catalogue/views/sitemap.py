"""Addresses of all public pages, for search engines (sitemaps.org), each in every language."""

from datetime import datetime
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, current_app, request, url_for

from civic.catalogue.queries import sitemap
from civic.kernel.errors import NotFound
from civic.kernel.i18n import DEFAULT, LANGUAGES
from civic.kernel.slugs import is_slug
from civic.settings import Settings
from civic.web.guard import public
from civic.web.transaction import reading

bp = Blueprint("sitemap", __name__)

MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
ADDRESSES = 2_000
"""In one file; each page has one for every language. Written in a fifth of a second: crawlers
take one after the other, and nobody else should wait for them."""
ENTRIES = ADDRESSES // len(LANGUAGES)
MARK = "slug"
PAGES = ("portal.home", "catalogue.project_list", "portal.accessibility")
KINDS = {
    "projects": (sitemap.projects, "catalogue.project"),
    "associations": (sitemap.associations, "tenancy_associations.association"),
}
"""What there are many of, and the page of one."""
CONTENT_TYPE = "application/xml; charset=utf-8"


@bp.get("/robots.txt")
@public
def robots() -> Response:
    lines = ["User-agent: *", "Disallow: /calendar/", f"Sitemap: {_address('sitemap.index')}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
@public
def index() -> Response:
    root = ET.Element("sitemapindex", {"xmlns": MAP})
    parts = [_address("sitemap.pages")]
    with reading() as ctx:
        for kind, (of, _endpoint) in KINDS.items():
            beginnings = sitemap.map_pages(ctx, of, ENTRIES)
            parts += [_address("sitemap.part", kind=kind, after=slug) for slug in beginnings]
    for part in parts:
        ET.SubElement(ET.SubElement(root, "sitemap"), "loc").text = part
    return _written(root)


@bp.get("/sitemap-pages.xml")
@public
def pages() -> Response:
    root = _new_map()
    for endpoint in PAGES:
        _add(root, {language.tag: _address(endpoint, lang=language.tag) for language in LANGUAGES})
    return _written(root)


@bp.get("/sitemap-<any(projects, associations):kind>.xml")
@public
def part(kind: str) -> Response:
    of, endpoint = KINDS[kind]
    after = request.args.get("after", "")
    if after and not is_slug(after):
        raise NotFound
    with reading() as ctx:
        entries = sitemap.map_entries(ctx, of, after, ENTRIES)
    root = _new_map()
    # Built once for each language and not for each of the thousands of addresses.
    beginnings = {
        language.tag: _address(endpoint, slug=MARK, lang=language.tag).removesuffix(MARK)
        for language in LANGUAGES
    }
    for entry in entries:
        addresses = {tag: beginning + entry.slug for tag, beginning in beginnings.items()}
        _add(root, addresses, entry.changed_at)
    return _written(root)


def _new_map() -> ET.Element:
    return ET.Element("urlset", {"xmlns": MAP, "xmlns:xhtml": XHTML})


def _add(root: ET.Element, addresses: dict[str, str], changed_at: datetime | None = None) -> None:
    """The same page in each language, each naming all the others."""
    named = {**addresses, "x-default": addresses[DEFAULT.tag]}
    for address in addresses.values():
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = address
        if changed_at is not None:
            ET.SubElement(url, "lastmod").text = changed_at.isoformat(timespec="seconds")
        for tag, other in named.items():
            link = {"rel": "alternate", "hreflang": tag, "href": other}
            ET.SubElement(url, "xhtml:link", link)


def _address(endpoint: str, **arguments: str) -> str:
    settings: Settings = current_app.extensions["civic_settings"]
    given = {name: value for name, value in arguments.items() if value}
    return settings.public_url.rstrip("/") + url_for(endpoint, **given)  # type: ignore[arg-type]  # text alone


def _written(root: ET.Element) -> Response:
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type=CONTENT_TYPE)
