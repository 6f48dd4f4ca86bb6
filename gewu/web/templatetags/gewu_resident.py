"""How pages for residents write times and names."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gewu.domain.names import name_of

register = template.Library()


@register.filter
def when(moment: datetime | None, now: datetime) -> str:
    """“today 18:00”, “tomorrow 09:00”, “12 March 18:00”; with the year when it is another one."""
    if moment is None:
        return ""
    zone = get_default_timezone()
    local, today = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return _("today %(time)s") % {"time": clock}
    if local.date() == today.date() + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": clock}
    same_year = local.year == today.year
    # Django's date format letters; the order of day and month belongs to the language.
    day = pgettext("date format", "j F") if same_year else pgettext("date format", "j F Y")
    return f"{date_format(local, day)} {clock}"


@register.filter
def day(moment: datetime | None, now: datetime) -> str:
    """“today”, “yesterday”, “12 March”: for what happened, when the hour is nobody's business."""
    if moment is None:
        return ""
    zone = get_default_timezone()
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today:
        return _("today")
    if local == today - timedelta(days=1):
        return _("yesterday")
    return date_format(local, pgettext("date format", "j F"))


register.filter("name_of", name_of)
