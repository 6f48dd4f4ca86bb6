from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Now


def leave_the_past(apps, schema_editor):
    """Nobody is told today of an absence of earlier days."""
    party = apps.get_model("cases", "Party")
    party.objects.filter(relation="whistled", answered_at=None, due_at__lt=Now()).update(
        missed_at=F("due_at")
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_lists_of_all_there_ever_were")]

    operations = [
        migrations.AddField("party", "missed_at", models.DateTimeField(null=True)),
        migrations.RunPython(leave_the_past, migrations.RunPython.noop),
        migrations.AddIndex(
            "party",
            models.Index(
                condition=models.Q(relation="whistled", answered_at=None, until=None, missed_at=None),
                fields=["due_at"],
                name="party_not_there",
            ),
        ),
    ]
