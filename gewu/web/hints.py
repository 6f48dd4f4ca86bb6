"""First-run hints: for each kind of post what waits on its home page, what to do first, and where help is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from gewu.domain.access.actor import Actor
from gewu.domain.desk import queries


@dataclass(frozen=True)
class Hint:
    """Two lines and the chapter of the handbook that says more; which chapter is the third line."""

    role: str
    waits: Any
    first: Any
    chapter: str


HINTS: dict[str, Hint] = {
    hint.role: hint
    for hint in (
        Hint(
            "contact",
            _("Here you enter what neighbours tell you."),
            _("Write down what and where; the receipt goes to whoever told you."),
            "report",
        ),
        Hint(
            "worker",
            _("Here are the open matters of your grid, the most urgent first."),
            _("Put the phone app on your home screen: menu of the browser, “add”. It works without network."),
            "phone",
        ),
        Hint(
            "lead",
            _("New reports of your grid come here. You take them on and hand them out."),
            _("Open the first row and accept it, or say why not."),
            "queue",
        ),
        Hint(
            "director",
            _("Matters your grids could not settle come here, and those about to run out."),
            _("Begin with “About to run out”. Many of a kind? Choose them and act once."),
            "queue",
        ),
        Hint(
            "adviser",
            _("Here you can read the open matters of the subdistrict and add advice."),
            _("An internal note reaches the holder. “Second looks” shows what was drawn for you to check."),
            "queue",
        ),
        Hint(
            "intake",
            _("Calls and visitors: what they report, you enter for them."),
            _("Press “Enter”, give the caller the receipt. A caller you know? “Caller” finds the matter."),
            "report",
        ),
        Hint(
            "dispatcher",
            _("Accepted matters wait here until they are given to a unit."),
            _("Open the first row and assign it. After work is reported done, you verify."),
            "moves",
        ),
        Hint(
            "duty_lead",
            _("Here is what runs out first in the whole subdistrict; “Command” shows it live."),
            _("Look at the red marks. Take a matter over, or whistle several units together."),
            "command",
        ),
        Hint(
            "handler",
            _("What your unit has to do is here, with the time that is left."),
            _(
                "Open it, press “start”, and when done report with a photo. Not yours? Hand it back with the reason."
            ),
            "moves",
        ),
        Hint(
            "unit_head",
            _("All matters of your unit are here, with the time that is left."),
            _("See that each has somebody who does it. More time is asked for before the end, once."),
            "moves",
        ),
        Hint(
            "evaluator",
            _("Here are figures about areas and units, with their uncertainty. No person, no rank."),
            _("Choose an area and a month. What a figure means stands beside it."),
            "command",
        ),
        Hint(
            "supervisor",
            _("Here is every act, sealed in its order. Nobody can change it unseen."),
            _("Press “Check everything” once. What is wrong is said with its place."),
            "running",
        ),
        Hint(
            "privacy_officer",
            _("Here is how long data stay, and what has been erased."),
            _("Look at the terms; erase what a person asks for, with the reason."),
            "privacy",
        ),
        Hint(
            "identity_officer",
            _("Requests to open a sealed identity wait here. It takes two of you."),
            _("Take office first: make your key. Then read the reason before you agree."),
            "privacy",
        ),
        Hint(
            "administrator",
            _("Areas, posts, catalogue and calendar are yours; the text of cases is not."),
            _("Order: map, then posts and people, then the catalogue. A list in XLSX does many at once."),
            "running",
        ),
    )
}


def for_reader(actor: Actor) -> Hint | None:
    """The one hint to show: the first of this person's posts whose hint they have not put away."""
    away = queries.hints_put_away(actor)
    return next((HINTS[hat.role] for hat in actor.hats if hat.role in HINTS and hat.role not in away), None)
