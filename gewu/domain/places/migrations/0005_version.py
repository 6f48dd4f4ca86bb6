"""Of two people who change one place the second is told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0004_every_place_has_a_sign")]

    operations = [migrations.AddField("place", "version", models.PositiveIntegerField(default=1))]
