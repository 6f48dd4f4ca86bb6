"""Places that were there before signs get a code and a number each."""

import secrets

from django.db import migrations

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def fill(apps, schema_editor):
    places = apps.get_model("places", "Place")
    taken = set(places.objects.exclude(number=None).values_list("number", flat=True))
    for place in places.objects.filter(sign=None).order_by("code").iterator(chunk_size=500):
        place.sign = "".join(secrets.choice(ALPHABET) for _place in range(16))
        place.number = _number(taken)
        taken.add(place.number)
        place.save(update_fields=["sign", "number"])


def _number(taken):
    while True:
        digits = f"{secrets.randbelow(10**6):06d}"
        state = "0"
        for digit in digits:
            state = DAMM[int(state)][int(digit)]
        if digits + state not in taken:
            return digits + state


class Migration(migrations.Migration):
    dependencies = [("places", "0002_signs_and_details")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
