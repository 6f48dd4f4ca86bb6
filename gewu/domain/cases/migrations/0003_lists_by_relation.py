from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0001_initial"),
        ("cases", "0002_place_of_a_case"),
        ("catalogue", "0001_initial"),
        ("people", "0001_initial"),
        ("places", "0004_every_place_has_a_sign"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_open_area",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_open_due",
        ),
        migrations.RemoveIndex(
            model_name="party",
            name="party_by_unit",
        ),
        migrations.RemoveIndex(
            model_name="party",
            name="party_by_post",
        ),
        migrations.RemoveIndex(
            model_name="report",
            name="report_entered",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)), fields=["due_at", "id"], name="case_open_by_due"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.Func(
                    models.F("scope_path"), function="SUBSTR", template="%(function)s(%(expressions)s, 1, 9)"
                ),
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="case_open_community",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.Func(
                    models.F("scope_path"), function="SUBSTR", template="%(function)s(%(expressions)s, 1, 12)"
                ),
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="case_open_grid",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True), ("overdue_at__isnull", False)),
                fields=["due_at", "id"],
                name="case_overdue",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True), ("start_level", "D")),
                fields=["department", "due_at", "id"],
                name="case_open_category",
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["unit", "relation", "case"], name="party_of_unit"),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["post", "relation", "case"], name="party_of_post"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("entered_by__isnull", False)),
                fields=["entered_by", "case"],
                name="report_entered_case",
            ),
        ),
    ]
