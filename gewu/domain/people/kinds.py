"""The kinds of units an installation begins with. An installation may add its own rows.

Names in English are msgids; Chinese comes from the translations, like every word of the program.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = (
    ("committee", _("Community committee"), "V"),
    ("grid_centre", _("Grid centre"), "V"),
    ("property", _("Property company"), "V"),
    ("council", _("Deliberation council"), "V"),
    ("volunteers", _("Volunteer team"), "V"),
    ("association", _("Public-interest organisation"), "V"),
    ("enterprise", _("Enterprise"), "V"),
    ("party_committee", _("Party committee"), "V"),
    ("party_branch", _("Party branch"), "G"),
    ("party_group", _("Party group"), "G"),
    ("subdistrict_office", _("Subdistrict office"), "S"),
    ("subdistrict_centre", _("Subdistrict grid centre"), "S"),
    ("enforcement", _("Enforcement team"), "S"),
    ("station", _("Subdistrict station"), "S"),
    ("department", _("District department"), "D"),
    ("district_centre", _("District grid centre"), "D"),
)
