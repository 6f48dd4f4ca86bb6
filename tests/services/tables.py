"""The tables of the tests' own store: migrated once in a run, copied by every process of it."""

from __future__ import annotations

import shutil

from django.db import connection

from gewu.cli.processes import leave_store
from tests.services import installation
from tests.services.environment import first_of_run, run_folder, store

TEMPLATE = "tables"


def lay_out() -> None:
    """Give this process its store; the first to come migrates, the others wait for it and find nothing left to do."""
    own = str(connection.creation._get_test_db_name())
    with first_of_run(TEMPLATE) as is_first:
        if not is_first:
            _copy(TEMPLATE, own)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=True)
        if is_first:
            leave_store()
            _copy(own, TEMPLATE)


def _copy(first: str, second: str) -> None:
    if store() == "sqlite":
        shutil.copyfile(run_folder() / first, run_folder() / second)
    else:
        installation.create_database(second, template=first)
