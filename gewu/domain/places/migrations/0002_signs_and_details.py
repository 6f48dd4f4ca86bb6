"""Places get a keeper, details, the last days kept of them, and room for the two names on their signs."""

import django.db.models.deletion
import gewu.core.chance
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0001_initial"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "place",
            "keeper",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"
            ),
        ),
        migrations.AddField("place", "attributes", models.JSONField(default=dict)),
        migrations.AddField("place", "sign", models.CharField(max_length=20, null=True)),
        migrations.AddField("place", "number", models.CharField(max_length=8, null=True)),
        migrations.AddField("place", "scanned_on", models.DateField(null=True)),
        migrations.AddField("place", "unreadable_on", models.DateField(null=True)),
        migrations.AddField("place", "printed_on", models.DateField(null=True)),
        migrations.AddField("place", "seen_on", models.DateField(null=True)),
        migrations.AddIndex("place", models.Index(fields=["area", "code"], name="place_area_code")),
        migrations.CreateModel(
            name="FormerSign",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gewu.core.chance.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sign", models.CharField(max_length=20, unique=True)),
                ("replaced_on", models.DateField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_signs",
                        to="places.place",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
