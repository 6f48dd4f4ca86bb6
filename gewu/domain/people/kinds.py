"""The kinds of units every installation knows. The catalogue brings those its filing conditions name, an import or
the installation its own.

Names in English are msgids; Chinese comes from the translations, like every word of the program.
"""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

KINDS = (
    ("committee", pgettext_lazy("unit kind", "Community committee"), "V"),
    ("property", pgettext_lazy("unit kind", "Property company"), "V"),
    ("council", pgettext_lazy("unit kind", "Deliberation council"), "V"),
    ("volunteers", pgettext_lazy("unit kind", "Volunteer team"), "V"),
    ("association", pgettext_lazy("unit kind", "Public-interest organisation"), "V"),
    ("enterprise", pgettext_lazy("unit kind", "Enterprise"), "V"),
    ("party_committee", pgettext_lazy("unit kind", "Party committee"), "V"),
    ("party_branch", pgettext_lazy("unit kind", "Party branch"), "G"),
    ("party_group", pgettext_lazy("unit kind", "Party group"), "G"),
    ("subdistrict_office", pgettext_lazy("unit kind", "Subdistrict office"), "S"),
    ("grid-centre", pgettext_lazy("unit kind", "Grid centre"), "S"),
    ("enforcement", pgettext_lazy("unit kind", "Enforcement team"), "S"),
    ("station", pgettext_lazy("unit kind", "Section of the subdistrict"), "S"),
    ("district_centre", pgettext_lazy("unit kind", "District grid centre"), "D"),
)
