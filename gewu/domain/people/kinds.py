"""The kinds of units every installation knows. The catalogue brings those its filing conditions name, an import or
the installation its own.

Names in English are msgids; Chinese comes from the translations, like every word of the program.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = (
    ("committee", _("Community committee"), "V"),
    ("property", _("Property company"), "V"),
    ("council", _("Deliberation council"), "V"),
    ("volunteers", _("Volunteer team"), "V"),
    ("association", _("Public-interest organisation"), "V"),
    ("enterprise", _("Enterprise"), "V"),
    ("party_committee", _("Party committee"), "V"),
    ("party_branch", _("Party branch"), "G"),
    ("party_group", _("Party group"), "G"),
    ("subdistrict_office", _("Subdistrict office"), "S"),
    ("grid-centre", _("Grid centre"), "S"),
    ("enforcement", _("Enforcement team"), "S"),
    ("station", _("Section of the subdistrict"), "S"),
    ("district_centre", _("District grid centre"), "D"),
)
