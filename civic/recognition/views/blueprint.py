from flask import Blueprint

bp = Blueprint("recognition", __name__, url_prefix="/<lang>")
