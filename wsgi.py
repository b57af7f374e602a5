"""What a WSGI server loads: `granian --interface wsgi wsgi:app` or `gunicorn wsgi:app`."""

import os
import sys

from civic.app import create_app
from civic.settings import Settings, SettingsError
from civic.worker import start_in_thread

try:
    settings = Settings.from_env(os.environ)
except SettingsError as refusal:
    sys.exit(str(refusal))

app = create_app(settings)
if settings.worker == "thread":
    start_in_thread(app)
