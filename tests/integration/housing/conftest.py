"""The site with a file store of the test's own: plans, photos and signed papers go there."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask


@pytest.fixture
def app(app: Flask, tmp_path: Path) -> Flask:
    settings = app.extensions["civic_settings"]
    app.extensions["civic_settings"] = replace(settings, files=str(tmp_path / "files"))
    return app
