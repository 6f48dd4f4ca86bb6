"""What came with a report is its reporter's, also when it was told by phone, at a counter or by another system."""

from django.db import migrations


def mark(apps, schema_editor):
    for name in ("CaseText", "CasePhoto"):
        rows = apps.get_model("cases", name).objects
        rows.filter(report_id__isnull=False, by_reporter=False).update(by_reporter=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_lists_by_relation")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
