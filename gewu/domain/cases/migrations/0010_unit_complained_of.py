"""The unit a confidential report complains of stands beside the report, not only beside a contact that was left."""

from django.db import migrations, models


def take_over(apps, schema_editor):
    sealed = apps.get_model("privacy", "SealedContact").objects.filter(excluded_unit_id__isnull=False)
    reports = apps.get_model("cases", "Report").objects
    for row, unit in sealed.values_list("id", "excluded_unit_id").iterator():
        reports.filter(sealed_id=row).update(about_unit=unit)


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_confidential_by_day"), ("privacy", "0001_initial")]

    operations = [
        migrations.AddField("Report", "about_unit", models.UUIDField(null=True)),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
