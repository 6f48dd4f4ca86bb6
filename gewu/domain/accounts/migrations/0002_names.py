"""A name may be kept in other characters beside the one that was given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.AddField("user", "names", models.JSONField(default=dict))]
