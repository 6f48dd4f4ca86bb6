"""A plan may have names in other languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patrols", "0002_late_notes")]

    operations = [migrations.AddField("plan", "names", models.JSONField(default=dict))]
