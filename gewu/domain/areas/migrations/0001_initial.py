import django.db.models.deletion
import gewu.core.chance
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gewu.core.chance.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=32)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("district", "district"),
                            ("subdistrict", "subdistrict"),
                            ("community", "community"),
                            ("grid", "grid"),
                            ("microgrid", "micro-grid"),
                        ],
                        max_length=12,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=32)),
                ("name", models.CharField(max_length=120)),
                ("names", models.JSONField(blank=True, default=dict)),
                ("path", models.CharField(max_length=30, unique=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="areas.area",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="BorderVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gewu.core.chance.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("prepared", "prepared"), ("in_force", "in force"), ("past", "past")],
                        default="prepared",
                        max_length=10,
                    ),
                ),
                ("takes_effect", models.DateField()),
                ("in_force_at", models.DateTimeField(blank=True, null=True)),
                ("past_at", models.DateTimeField(blank=True, null=True)),
                ("accepted", models.JSONField(blank=True, default=list)),
                ("ignored", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("state",),
                        name="one_border_version_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Border",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=gewu.core.chance.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=32)),
                ("name", models.CharField(max_length=120)),
                ("names", models.JSONField(blank=True, default=dict)),
                ("geometry", models.TextField()),
                ("surface_m2", models.FloatField()),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="borders", to="areas.area"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="borders",
                        to="areas.borderversion",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(fields=["level", "code"], name="area_level_code"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("code",),
                name="area_code_unique_while_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="border",
            constraint=models.UniqueConstraint(
                fields=("area", "version"), name="one_border_per_area_and_version"
            ),
        ),
    ]
