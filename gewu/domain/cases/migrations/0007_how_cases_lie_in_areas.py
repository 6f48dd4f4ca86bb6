"""PostgreSQL learns how many cases lie below a subdistrict or a district.

The list of an office there is walked by deadline, since most open cases are its own. Without a count of the values
PostgreSQL takes any condition on an expression for a rare one, and would read and sort all open cases instead. What a
community or a grid holds is counted with its index; a count alone costs no write.
"""

from django.db import migrations

LENGTHS = {"district": 3, "subdistrict": 6}


def count(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, length in LENGTHS.items():
            schema_editor.execute(
                f"CREATE STATISTICS case_of_{name} ON (SUBSTR(scope_path, 1, {length})) FROM cases_case"
            )
        schema_editor.execute("ANALYZE cases_case")


def forget(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in LENGTHS:
            schema_editor.execute(f"DROP STATISTICS case_of_{name}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_absences")]

    operations = [migrations.RunPython(count, forget)]
