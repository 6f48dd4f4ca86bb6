"""Of confidential reports the rows keep days: when they were filed, by what they are sorted, when a warning comes."""

from datetime import datetime, time, timedelta

from django.db import migrations
from django.utils.timezone import get_default_timezone

NOTHING_DUE = 2200
TELLING = ("accept", "promise", "stage")


def keep_days(apps, schema_editor):
    case, clock = apps.get_model("cases", "Case"), apps.get_model("cases", "Clock")
    for row in case.objects.filter(sensitivity="confidential").iterator():
        row.filed_at = _day(row.filed_at)
        if row.due_at.year < NOTHING_DUE:
            row.due_at = _day(row.due_at)
        if row.overdue_at:
            row.overdue_at = _day(row.overdue_at)
        row.save(update_fields=["filed_at", "due_at", "overdue_at"])
    waiting = clock.objects.filter(case__sensitivity="confidential", case__emergency=False, kind__in=TELLING)
    for row in waiting.filter(next_at__isnull=False).iterator():
        row.next_at = _day(row.next_at + timedelta(days=1))
        row.save(update_fields=["next_at"])


def _day(moment):
    zone = get_default_timezone()
    return datetime.combine(moment.astimezone(zone).date(), time(), zone)


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_parts_of_open_cases")]

    operations = [migrations.RunPython(keep_days, migrations.RunPython.noop)]
