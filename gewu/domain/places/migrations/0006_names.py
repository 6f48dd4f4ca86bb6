"""A place may have names in other languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0005_version")]

    operations = [migrations.AddField("place", "names", models.JSONField(default=dict))]
