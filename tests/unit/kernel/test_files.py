"""The store of files that people hand in."""

from pathlib import Path

import pytest

from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore


def test_what_is_kept_comes_back_and_can_be_dropped_twice(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    name = store.put(b"%PDF-1.7 statuto")
    assert store.get(name) == b"%PDF-1.7 statuto"
    store.drop(name)
    store.drop(name)
    with pytest.raises(NotFound):
        store.get(name)


@pytest.mark.parametrize("name", ["../civic.sqlite3", "", "a" * 31, "A" * 32, "a/" * 16])
def test_a_name_that_the_store_never_gave_leads_nowhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        FileStore(tmp_path).get(name)
