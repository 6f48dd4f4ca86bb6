"""The handbook: its chapters, their pictures, and which page each of them helps with. One table for all of it.

The pictures are made by tests/web/test_handbook_in_browser.py (`make handbook`), in each of PICTURED.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

PICTURED = ("zh-hans", "en")


@dataclass(frozen=True)
class Picture:
    """`name` is the file's below static/help/; `says` is read to those who do not see it."""

    name: str
    says: Any
    is_tall: bool = False  # a phone's


@dataclass(frozen=True)
class Chapter:
    """A title, what to know in a few short paragraphs, pictures, and the pages from which help leads here."""

    slug: str
    title: Any
    texts: tuple[Any, ...]
    pictures: tuple[Picture, ...]
    pages: tuple[str, ...]


CHAPTERS = (
    Chapter(
        "report",
        _("Report and follow"),
        (
            _("Choose what it is, take a photo, write a few words, send. No account, no name needed."),
            _(
                "If a neighbour has reported it already, it is shown before you write. Follow "
                "that one instead."
            ),
            _(
                "You get a receipt at once: a number and a code. Keep it; with it alone you see "
                "how things go."
            ),
            _(
                "For five minutes you can still change what you wrote. You can add to it or "
                "withdraw it later."
            ),
            _("Fire, injury, danger to life: call 119, 120 or 110. This page is not quick enough for that."),
        ),
        (
            Picture("report", _("The form for a report, on a phone"), is_tall=True),
            Picture("track", _("How a report goes on, on a phone"), is_tall=True),
        ),
        (
            "resident:start", "resident:report", "resident:known", "resident:join", "resident:receipt",
            "resident:suggest", "resident:suggestion", "staff:report", "staff:caller", "staff:suggestions",
        ),
    ),
    Chapter(
        "case",
        _("What happens to a case"),
        (
            _("A report is taken on, or declined with a reason and where to turn instead."),
            _(
                "Taken on, it is given to who can settle it: first the grid, then village or "
                "community, subdistrict, district."
            ),
            _(
                "A clock runs from then on. At half of the time the mark is yellow, at four "
                "fifths red, then overdue."
            ),
            _("When the work is done somebody else looks at it. Then whoever reported it is asked: solved?"),
            _(
                "“Not solved” sends it one level up. No answer within five working days closes "
                "it as unconfirmed, counted apart."
            ),
            _(
                "Everything that happened stands in the history, newest last. Nothing is ever "
                "taken out of it."
            ),
        ),
        (Picture("case", _("A case with its history and what can be done next")),),
        ("resident:track", "staff:case", "staff:read", "staff:alike", "staff:compare", "staff:compare_two",
         "staff:rechecks"),
    ),
    Chapter(
        "queue",
        _("The list and its keys"),
        (
            _(
                "The list opens with what serves your post: about to run out, to accept or assign, "
                "or what you hold. The other views stand above it, with counts."
            ),
            _(
                "“Why here” says in each row what is asked of you. The time stands in words; a "
                "clock that stands still says why."
            ),
            _(
                "J and K go up and down, Enter opens beside the list, Esc leads back and closes. "
                "“?” lists all keys and switches them off."
            ),
            _(
                "What a case asks for is done beside the list. Was somebody quicker, their step "
                "stands there, and so do your words."
            ),
            _(
                "An eye and a name: somebody has the case open now. A minute later that is "
                "forgotten; it stands in no record."
            ),
            _("When others change the list, a line says so. No row moves before you press it, or R."),
            _(
                "X chooses, with Shift all up to here; A acts on them, C compares two. You see "
                "what would happen, then have ten seconds to call it off."
            ),
            _("More than fifty at once need a second person."),
            _(
                "Filter, then keep the filter under a name of your own. Shared, the others on "
                "your post see it too."
            ),
        ),
        (Picture("queue", _("The list of cases with the time that is left")),),
        (
            "staff:queue", "staff:bulk", "staff:bulk_preview", "staff:bulk_ask", "staff:bulk_off", "staff:bulk_confirm",
            "staff:bulk_waiting", "staff:list_export", "staff:inbox",
        ),
    ),
    Chapter(
        "moves",
        _("Hand up, hand back, whistle"),
        (
            _(
                "Hand up what your level cannot settle: with a reason and what was tried. One "
                "level at a time, except emergencies."
            ),
            _(
                "Hand back what is not yours: with a reason. After two returns the next level "
                "names the holder, and that binds."
            ),
            _("Whistle: the subdistrict calls several units together. Each confirms its arrival, one leads."),
            _("Waiting needs a reason and a day on which it goes on. The clock stands still until then."),
            _("More time can be asked for once, before the end, and is granted one level up."),
        ),
        (Picture("moves", _("Handing a case up, with a reason and what was tried")),),
        ("staff:move",),
    ),
    Chapter(
        "phone",
        _("The phone without network"),
        (
            _(
                "Open “/field” once with network, then add it to your home screen. From then on "
                "it works without."
            ),
            _(
                "Below: today, your round, report, outbox. Above it always stands how many "
                "things are not sent yet."
            ),
            _(
                "What you enter is kept sealed on the phone until the server has it: draft, to "
                "send, received. With network it goes by itself, each thing exactly once."
            ),
            _(
                "A matter you opened once with network can be read without: its history and small photos stay "
                "on the phone while it is open."
            ),
            _(
                "Something moved on meanwhile? Both texts are shown and you decide. Nothing you "
                "wrote or photographed is lost."
            ),
            _(
                "Signing out with something unsent, you choose: send now, keep it locked on this "
                "phone, or delete it."
            ),
            _(
                "Phone lost: say so under your name at “Open sessions”, or tell the office. At its next "
                "contact the phone deletes what it keeps, also what was not sent yet."
            ),
        ),
        (
            Picture(
                "phone", _("Today on the phone: what is to do now and later, and what is not sent yet"), is_tall=True
            ),
        ),
        ("field", "staff:phone_lost"),
    ),
    Chapter(
        "patrols",
        _("Patrols and visits"),
        (
            _(
                "A plan says which places are looked at, how often, and what to look for. Rounds "
                "come from it by themselves."
            ),
            _("At each place: fine, a finding, or could not reach. “Nothing found” is a good result."),
            _(
                "A finding becomes a case, or is settled on the spot and recorded so. Walked on paper? "
                "Print the sheet of the round, walk, enter marks and findings on the same page."
            ),
            _(
                "“Not seen” speaks of places, never of people: by kind, area and how long. There is "
                "no check-in and no trail."
            ),
            _(
                "Homes are visited by appointment only. The resident gets a slip, on paper as a PDF, and "
                "can call the visit off with its code."
            ),
        ),
        (Picture("patrols", _("Today's rounds and the plans they come from")),),
        (
            "staff:patrols", "staff:patrol_add", "staff:patrol_plan", "staff:patrol_coverage", "staff:patrol_round",
            "staff:visits", "staff:visit_add", "staff:visit_slip", "staff:visit_finish", "staff:patrol_end",
            "resident:visit_off",
        ),
    ),
    Chapter(
        "places",
        _("Places and signs"),
        (
            _(
                "A place is a building, a facility or a venue with a sign: a QR code, a short "
                "number and the service phone."
            ),
            _(
                "Scan the code or type the number: the page of the place opens, with what is "
                "reported there and who looks after it."
            ),
            _(
                "Choose places in the list and print their signs as a PDF with cut marks, in Chinese and "
                "English. A long list comes in batches."
            ),
            _(
                "A sign that is torn or hard to read can be reported by anyone; it comes onto "
                "the list to print anew."
            ),
            _("If a sign was misused, give the place a new code. The old one then leads nowhere."),
        ),
        (
            Picture("places", _("The list of places, ready for printing")),
            Picture("place", _("The page of a place, on a phone"), is_tall=True),
        ),
        (
            "staff:places", "staff:place", "staff:place_add", "staff:places_import", "staff:signs", "resident:place",
            "resident:find_place", "resident:grids", "resident:grid",
        ),
    ),
    Chapter(
        "command",
        _("The command screen and figures"),
        (
            _(
                "The map shows each grid by what is open in it; the list beside it says the same "
                "without a map."
            ),
            _(
                "It follows by itself within two seconds. “About to go wrong” says why, and "
                "leads to the case; “Seen” tells the others that your post knows."
            ),
            _(
                "Every number opens the cases behind it. Press a grid and all numbers speak of "
                "it; Esc leads back."
            ),
            _(
                "Figures carry their uncertainty. Areas and units are not ranked, and no figure "
                "speaks of a person."
            ),
            _(
                "“Leave on a wall” shows the big screen on that device for 12 hours and signs you out "
                "there; nothing else opens on it."
            ),
            _("The public page shows whole months; small numbers are masked."),
        ),
        (Picture("command", _("The command screen with map, numbers and what is about to go wrong")),),
        ("staff:command", "staff:command_wall", "staff:command_seen", "staff:figures", "staff:figures_export", "open"),
    ),
    Chapter(
        "privacy",
        _("Privacy: who sees what"),
        (
            _(
                "Name and phone are kept apart from the matter and encrypted. To see them one "
                "gives a reason; it is recorded."
            ),
            _("Whoever reported it reads on their own page who looked, and why."),
            _("A confidential report is sealed: only two identity officers together can open it."),
            _(
                "In private matters those who hand out the work see number, kind, grid and "
                "clock, not the text."
            ),
            _(
                "Photos lose their place and device data on arrival, and none is published "
                "before somebody released it."
            ),
            _(
                "Contact data end 180 days after closing, texts and photos after three years. "
                "Who asks earlier is helped earlier."
            ),
        ),
        (Picture("privacy", _("What is kept about people, and who may see it")),),
        (
            "resident:privacy", "staff:retention", "staff:erase", "staff:looks", "staff:openings", "staff:opening",
            "staff:leave_office", "staff:reseal",
            "staff:opening_read", "staff:take_office", "staff:contact", "staff:photo_release",
        ),
    ),
    Chapter(
        "running",
        _("Running it: backup, verify, doctor"),
        (
            _(
                "Begin with the map of the areas, then posts and people, then the catalogue. "
                "Lists come in as XLSX, checked row by row."
            ),
            _("Publish next year's holidays when they are announced; deadlines are counted anew."),
            _(
                "“gewu backup” copies everything while people work. Try “gewu restore” now and "
                "then on another machine."
            ),
            _(
                "“gewu verify” recounts the journal and finds any change. Keep the heads folder "
                "on another disk."
            ),
            _("“gewu doctor” says in plain words what is wrong and what to do."),
        ),
        (Picture("running", _("Posts, and who holds them")),),
        (
            "staff:areas", "staff:map", "staff:map_import", "staff:people", "staff:post", "staff:people_import",
            "staff:absences", "staff:catalogue", "staff:condition", "staff:condition_add", "staff:calendar",
            "staff:tokens", "staff:journal", "staff:journal_check", "staff:patterns", "staff:map_force",
            "staff:map_discard", "staff:appoint", "staff:end_appointment", "staff:hand_over",
            "staff:end_absence", "staff:condition_retire", "staff:calendar_publish", "staff:calendar_hours",
            "staff:token_revoke",
        ),
    ),
)  # fmt: skip
BY_SLUG = {chapter.slug: chapter for chapter in CHAPTERS}
BY_PAGE = {page: chapter for chapter in CHAPTERS for page in chapter.pages}
