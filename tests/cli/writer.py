"""Reports by the ordinary action until its input ends: one line for each acknowledged report.

Run as a process of its own beside a backup: ``python -m tests.cli.writer`` with the settings of an installation.
"""

from __future__ import annotations

import io
import os
import select
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gewu.config.settings")
    import django

    django.setup()
    from PIL import Image

    from gewu.core import clock
    from gewu.domain.media.actions import keep_photo
    from tests import town

    town.town()
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(picture, "JPEG")
    while not select.select([sys.stdin], [], [], 0)[0]:
        now = clock.now()
        photo = keep_photo(picture.getvalue(), now=now)
        told = town.report_case(text="垃圾堆在三号楼下", photos=(photo.id,), now=now)
        sys.stdout.write(f"{told.case.number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
