"""From now on each place has a code and a number of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0003_fill_signs")]

    operations = [
        migrations.AlterField("place", "sign", models.CharField(max_length=20, unique=True)),
        migrations.AlterField("place", "number", models.CharField(max_length=8, unique=True)),
    ]
