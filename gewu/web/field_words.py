"""The sentences of the phone's app, translated here with all others and handed to the script in the page.

`{n}` and the like are filled on the phone. Staff style: short, no courtesies.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from gewu.core import punctuation
from gewu.domain.cases.workflow import MOVES, STATES
from gewu.domain.papers.words import other_acts


def words() -> dict[str, str]:
    """Every sentence by the name the script calls it."""
    return {
        **_frame(),
        **_today(),
        **_report(),
        **_round(),
        **_outbox(),
        **_leaving(),
        **_installing(),
        **{f"state_{code}": str(label) for code, label in STATES.items()},
        **{f"act_{code}": str(move.name) for code, move in MOVES.items()},
        **{f"act_{code}": str(label) for code, label in other_acts().items()},
    }


def _frame() -> dict[str, str]:
    return {
        "sign_in": _("Sign in"),
        "sign_in_first": _("Sign in once with network. After that this page works without."),
        "sign_in_again": _("Your session is over. Sign in again; what waits here is sent afterwards."),
        "unsent": _("{n} to send"),
        "all_sent": _("All sent"),
        "offline": _("No network. All you do is kept on this phone and sends itself later."),
        "no_answer": _("The server does not answer. All you do is kept on this phone and sends itself later."),
        "switch_offline": _("Print size, language and help need network."),
        "as_of": _("As of {time}"),
        "me": _("Me"),
        "back": _("Back"),
        "failed": _("This did not work. Nothing was lost; please try again."),
        "full": _("No space left on this phone, so this could not be kept. It still stands in the form: free some space"
                  " (old videos, for example) and press again."),
        "full_sending": _("No space left on this phone, so nothing can be sent. Free some space (old videos, for"
                          " example); what was kept is still kept."),
        "lost": _("This phone was reported lost. Everything kept on it for this account has been deleted."),
        "send": pgettext("field app", "Send"),
        "keep_it": _("Kept. It sends itself."),
        "choose": _("Choose"),
        "colon": punctuation.colon(),
        "list_mark": punctuation.list_mark(),
        "bracketed": punctuation.bracketed("{text}"),
    }  # fmt: skip


def _today() -> dict[str, str]:
    return {
        "today": _("Today"),
        "now": pgettext("list of today", "Now"),
        "later": pgettext("list of today", "Later"),
        "done": pgettext("list of today", "Done"),
        "nothing_today": _("Everything for today is done."),
        "nothing_today_more": _("New matters come here by themselves when there is network."),
        "left": pgettext("time left", "{time} left"),
        "over": pgettext("time left", "{time} over"),
        "due_today": pgettext("time left", "due today"),
        "no_limit": _("No time limit"),
        "minute": ngettext("{n} minute", "{n} minutes", 1),
        "minutes": ngettext("{n} minute", "{n} minutes", 2),
        "hour": ngettext("{n} hour", "{n} hours", 1),
        "hours": ngettext("{n} hour", "{n} hours", 2),
        "day": ngettext("{n} day", "{n} days", 1),
        "days": ngettext("{n} day", "{n} days", 2),
        "with": _("With {name}"),
        "mine": _("Mine"),
        "private": _("Private: number and state only"),
        "open_whole": _("All of it, with network"),
        "what_next": _("What next"),
        "elsewhere": _("Other steps need lists from the office: open all of it with network."),
        "not_kept": _("This matter is not kept on this phone. Open it with network."),
        "history": _("History"),
        "history_as_of": _("Kept on this phone, as of {time}"),
        "history_none": _(
            "Open this matter once with network; then its history and photos can be read without."
        ),
        "waiting_here": _("{n} of your acts on this matter are not sent yet."),
    }


def _report() -> dict[str, str]:
    return {
        "report": pgettext("field app", "Report"),
        "kind": _("What it is about"),
        "what": _("What is it?"),
        "what_hint": _("A few words are enough."),
        "where": _("Where?"),
        "where_hint": _("Building, entrance, what stands beside it"),
        "grid": pgettext("area", "Grid"),
        "position": _("Add the position of the matter"),
        "position_hint": _("Taken once, for this matter only. Stand beside it."),
        "position_taken": _("Position added"),
        "position_refused": _("No position: the phone did not give one. The words above are enough."),
        "camera": _("Take a photo"),
        "gallery": _("From the album"),
        "photo": _("Photo {n}"),
        "photo_remove": _("Remove photo {n}"),
        "photo_unseen": _("This phone cannot show this picture (HEIC). It is sent as it is; the server reads it."),
        "photo_large": _("Larger than 20 MB: it is made smaller when it is sent. If that fails you can save it out."),
        "photo_none": _("No picture came. If the camera was refused: allow it in the phone's settings, or choose from"
                        " the album. What you typed is still here."),
        "photo_many": _("At most 6 photos. The first 6 were kept."),
        "draft_kept": _("Kept as a draft"),
        "draft_apart": _("This draft was changed or sent in another tab. What stands here is a draft of its own now."),
    }  # fmt: skip


def _round() -> dict[str, str]:
    return {
        "round": _("Round"),
        "no_round": _("No round today."),
        "no_round_more": _("A round comes here when it is planned. You can report what you see at any time."),
        "fine": pgettext("round", "Fine"),
        "finding": pgettext("round", "Something found"),
        "unreached": pgettext("round", "Could not get there"),
        "finding_at": _("Found at {place}"),
        "settled": _("Settled on the spot"),
        "settled_text": _("What was done"),
        "close_round": _("Close the round"),
        "nothing_found": _("Close: nothing found"),
        "round_closed": _("Round closed"),
        "of_places": _("{n} of {all} places"),
        "visits": _("Visits by appointment"),
        "visit_done": _("Visit done"),
        "undo_hint": _("Wrong tap? “Fine” replaces “Could not get there”; what was found stays found."),
        "checklist": _("Look at"),
        "checklist_hint": _(
            "Mark what is not in order, then press. The marks go with each button, and what was sent"
            " stays marked."
        ),
    }


def _outbox() -> dict[str, str]:
    return {
        "outbox": _("Outbox"),
        "draft": pgettext("outbox", "Draft"),
        "waiting": pgettext("outbox", "To send"),
        "received": pgettext("outbox", "Received"),
        "needs": pgettext("outbox", "Needs you"),
        "send_now": _("Send now"),
        "empty": _("Nothing waits to be sent."),
        "empty_more": _("Reports, ticks and steps lie here until the server has them."),
        "continue": _("Go on writing"),
        "let_go": _("Delete here"),
        "let_go_sure": _("Delete this from the phone? It has not been sent."),
        "try_again": _("Send again"),
        "save_photos": _("Save photos"),
        "copy_words": _("Copy the words"),
        "copied": _("Copied. It also stays here."),
        "not_copied": _("This phone does not copy by itself: press long on the words and choose Copy."),
        "you_wrote": _("You wrote"),
        "server_says": _("The server says"),
        "too_large": _("Too large for the server."),
        "unreadable": _("This cannot be opened any more: its key was deleted on this phone."),
        "became": _("Case {number}"),
        "as_note": _("The matter had moved on. Kept there as a note, with the photos: {note}"),
        "round_over": _("The round was over. Kept there as a note, with the photos."),
        "too_old": _("First tried more than 29 days ago without an answer. Look whether it arrived before you send it"
                     " again."),
        "done_at": _("Done {time}"),
    }  # fmt: skip


def _leaving() -> dict[str, str]:
    return {
        "sign_out": _("Sign out"),
        "sign_out_unsent": _("{n} items are not sent yet. What should happen to them?"),
        "sign_out_send": _("Send now, then sign out"),
        "sign_out_keep": _("Keep locked on this phone"),
        "sign_out_delete": _("Delete them"),
        "sign_out_delete_sure": _("Delete all unsent items for good?"),
        "still_unsent": _("Not all could be sent. You are still signed in."),
        "signed_out": _("Signed out."),
    }


def _installing() -> dict[str, str]:
    return {
        "install": _("Put this on your home screen"),
        "install_why": _("Only then does the phone keep unsent items for more than a week."),
        "install_ios": _("iPhone: open this page in Safari, press Share, then “Add to Home Screen”."),
        "install_android": _("Android: open this page in the browser, press the menu, then “Install app” or “Add to"
                             " home screen”."),
        "install_now": _("Install"),
        "installed": _("Installed on this phone."),
        "lasting": _("The phone has promised to keep unsent items."),
        "not_lasting": _("The phone may drop what is kept when space runs short. Send often."),
        "map": _("My grid"),
        "no_map": _("The map comes with the first contact."),
        "small_print": _("No position is ever recorded but that of a matter you report."),
    }  # fmt: skip
