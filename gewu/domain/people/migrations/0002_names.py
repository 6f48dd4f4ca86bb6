"""A post may have titles in other languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.AddField("post", "names", models.JSONField(default=dict))]
