"""What several modules hang their pages on: one's own pass and hours, the roster, the gate."""

from flask import Blueprint

bp = Blueprint("attendance", __name__, url_prefix="/<lang>")
