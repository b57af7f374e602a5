"""The camera page reads a pass: Chromium's camera shows a film of the QR from the pass page."""

import base64
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.steps import sign_up, staff_sign_in
from tests.provision import chromium

UNDER_WAY = "Il verde sotto casa"
"""The demonstration's project with a session at this very moment."""
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


def test_the_camera_reads_a_pass_held_at_an_angle(
    phone: Callable[..., Page], browser: Browser, site: Site, tmp_path: Path
) -> None:
    holder = phone()
    sign_up(holder, "idrissa@example.org", "Idrissa", 1994, "it")
    holder.goto("/it/projects?city=potenza&area=green")
    holder.get_by_role("link", name=UNDER_WAY).first.click()
    holder.locator("form[action*='/book'] button").first.click()
    holder.goto("/it/me/pass")
    film = tmp_path / "pass.y4m"
    _write_film(holder, film)
    with browser.browser_type.launch(
        executable_path=str(chromium.executable()),
        args=[
            *chromium.launch_arguments(),
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    ) as camera:
        gate = camera.new_context(viewport=PHONE, locale="it-IT", base_url=site.url).new_page()
        staff_sign_in(gate, "organiser")
        gate.goto("/it/organise")
        gate.locator("a[href$='/scan']").first.click()
        gate.locator("#start").click()
        welcome = gate.locator("#answer .alert-success")
        expect(welcome).to_be_visible(timeout=20_000)
        expect(welcome).to_contain_text("Idrissa")
        gate.screenshot(path=Path("var/screenshots/camera-it.png"))


def _write_film(page: Page, film: Path) -> None:
    """Ten frames of the pass, a little tilted, in grey (YUV4MPEG2, 4:2:0)."""
    picture = page.locator("img.qr").first.element_handle()
    grey = base64.b64decode(page.evaluate(LUMINANCE, picture))
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    film.write_bytes(head + (b"FRAME\n" + grey + colourless) * FRAMES)
