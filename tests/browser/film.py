"""A camera for Chromium that shows a film of somebody's pass."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.provision import chromium

WIDTH, HEIGHT, FRAMES = 640, 480, 10
LUMINANCE = f"""
image => {{
  const canvas = document.createElement('canvas');
  canvas.width = {WIDTH}; canvas.height = {HEIGHT};
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, {WIDTH}, {HEIGHT});
  pen.translate({WIDTH} / 2, {HEIGHT} / 2);
  pen.rotate(0.12);
  pen.drawImage(image, -170, -170, 340, 340);
  const rgba = pen.getImageData(0, 0, {WIDTH}, {HEIGHT}).data;
  let bytes = '';
  for (let at = 0; at < rgba.length; at += 4) bytes += String.fromCharCode(rgba[at]);
  return btoa(bytes);
}}
"""


def write_film(page: Page, film: Path) -> None:
    """Ten frames of the pass on the page, a little tilted, in grey (YUV4MPEG2, 4:2:0)."""
    picture = page.locator("img.qr").first.element_handle()
    _write(film, base64.b64decode(page.evaluate(LUMINANCE, picture)), WIDTH, HEIGHT)


def write_film_of(paper: Image.Image, film: Path) -> None:
    """The same of something on paper, by a camera of today's phones (1280 by 720)."""
    shown = paper.convert("L").rotate(4, expand=True, fillcolor=255)
    shown.thumbnail((1200, 680))
    frame = Image.new("L", (1280, 720), 255)
    frame.paste(shown, ((1280 - shown.width) // 2, (720 - shown.height) // 2))
    _write(film, frame.tobytes(), *frame.size)


def _write(film: Path, grey: bytes, width: int, height: int) -> None:
    colourless = bytes([128]) * (width * height // 2)
    head = f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode()
    film.write_bytes(head + (b"FRAME\n" + grey + colourless) * FRAMES)


@contextmanager
def filming(browser: Browser, film: Path) -> Iterator[Browser]:
    """Another browser, in whose camera the film runs."""
    with browser.browser_type.launch(
        executable_path=str(chromium.executable()),
        args=[
            *chromium.launch_arguments(),
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    ) as camera:
        yield camera
