from flask import Blueprint, current_app

from civic.kernel.keys import Keys

bp = Blueprint("accounts", __name__, url_prefix="/<lang>")


def keys() -> Keys:
    found: Keys = current_app.extensions["civic_keys"]
    return found
