"""What a sent file really is."""

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from civic.web import uploads
from civic.web.uploads import (
    FileMissing,
    FileTooLarge,
    NotADocument,
    NotAPicture,
    TooManyPixels,
    read_document,
    remade_picture,
)

SCRIPTED = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200


def sent(body: bytes, name: str = "statuto.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(body), name, content_type="application/pdf")


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "olive").save(out, kind, **more)
    return out.getvalue()


def test_a_pdf_stays_as_it_is() -> None:
    document = read_document(sent(b"%PDF-1.7\n%%EOF"))
    assert (document.media_type, document.body) == ("application/pdf", b"%PDF-1.7\n%%EOF")


@pytest.mark.parametrize("body", [EXECUTABLE, SCRIPTED, b"PK\x03\x04", b"\x7fELF\x02"])
def test_another_kind_of_file_named_pdf_is_refused(body: bytes) -> None:
    with pytest.raises(NotADocument):
        read_document(sent(body))


def test_a_photo_of_a_paper_loses_the_place_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010E] = "via Gemito 3"
    document = read_document(sent(photo(exif=exif), "foto.jpg"))
    with Image.open(io.BytesIO(document.body)) as picture:
        assert (picture.format, dict(picture.getexif())) == ("JPEG", {})


@pytest.mark.parametrize("body", [SCRIPTED, EXECUTABLE, b"GIF89a", photo()[:60]])
def test_what_is_no_picture_is_refused_as_a_picture(body: bytes) -> None:
    with pytest.raises(NotAPicture):
        remade_picture(body)


def test_a_picture_with_a_script_behind_it_comes_out_without_it() -> None:
    made = remade_picture(photo("PNG") + SCRIPTED)
    assert b"script" not in made


def test_a_large_picture_becomes_a_small_one() -> None:
    with Image.open(io.BytesIO(remade_picture(photo(size=(3000, 1000)), side=300))) as picture:
        assert picture.size == (300, 100)


def test_a_small_file_that_unfolds_into_gigabytes_is_refused() -> None:
    with pytest.raises(TooManyPixels):
        remade_picture(photo("PNG", (9000, 9000)))


def test_no_file_and_too_large_a_file_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FILE", 10)
    with pytest.raises(FileMissing):
        read_document(sent(b""))
    with pytest.raises(FileTooLarge):
        read_document(sent(b"%PDF-1.7 and more"))
