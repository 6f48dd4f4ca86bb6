"""Parts and ties of open cases by themselves: a team's list would otherwise read all it ever had to do with."""

from django.db import migrations, models

KEPT = ("Party", "Report")


def mark_closed(apps, schema_editor):
    closed = apps.get_model("cases", "Case").objects.filter(is_open=False).values("pk")
    for name in KEPT:
        apps.get_model("cases", name).objects.filter(case__in=closed).update(of_open=False)


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_how_cases_lie_in_areas")]

    operations = [
        *(migrations.AddField(name, "of_open", models.BooleanField(default=True)) for name in KEPT),
        migrations.RunPython(mark_closed, migrations.RunPython.noop),
        *(
            migrations.AddIndex(
                "Party",
                models.Index(
                    condition=models.Q(of_open=True),
                    fields=[whose, "relation", "case"],
                    name=f"party_open_{whose}",
                ),
            )
            for whose in ("unit", "post")
        ),
        migrations.AddIndex(
            "Report",
            models.Index(
                condition=models.Q(entered_by__isnull=False, of_open=True),
                fields=["entered_by", "case"],
                name="report_entered_open",
            ),
        ),
    ]
