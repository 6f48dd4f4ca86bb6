"""Who may see and do what, written down a second time, from the rules of the place and not from the program.

`ENTRANCES` has one row for each route and method: who may come in at all. A route without a row fails the tests; so
does a row without a route. `SEES` says how much of a case somebody sees who stands to it in some way, `MOVES` who takes
which move. The standings themselves are worked out in matrix.py from the cast of the town.

To add a page: one line in `ENTRANCES`, in the group of those who may come in. What it
shows is searched for every planted text without further words.
"""

from __future__ import annotations

TRIAGE = {"lead", "director", "intake", "dispatcher", "duty_lead"}
CENTRE = {"intake", "dispatcher", "duty_lead"}
HANDLERS = TRIAGE | {"worker", "handler", "unit_head"}
STAFF = HANDLERS | {
    "contact", "adviser", "evaluator", "supervisor", "privacy_officer", "identity_officer", "administrator"
}  # fmt: skip
ADMIN = {"administrator"}
PLANNERS = ADMIN | {"director", "duty_lead", "dispatcher", "supervisor"}
FIGURES = {"lead", "director", "adviser", "dispatcher", "duty_lead", "unit_head", "evaluator", "supervisor"}
EVERYBODY = STAFF | {"reporter", "anyone"}
WITH_RECEIPT = STAFF | {"reporter"}

_GROUPS: tuple[tuple[set[str], str], ...] = (
    (
        EVERYBODY,
        """
        POST api/v1/reports
        POST api/v1/photos
        POST api/v1/field/device
        POST api/v1/cases/<number>/join
        GET api/v1/workflow
        GET api/v1/openapi.json
        GET api/v1/catalogue
        GET api/v1/catalogue/search
        GET api/v1/similar
        GET api/v1/grids/<code>
        GET api/v1/grids/<code>/poster
        GET api/v1/signs/<sign>
        POST api/v1/signs/find
        POST api/v1/signs/<sign>/unreadable
        POST api/v1/suggestions
        POST api/v1/suggestions/read
        GET api/v1/catalogue/conditions/<code>
        GET api/v1/areas
        GET api/v1/locate
        GET api/v1/borders/current
        GET api/v1/installation
        GET api/v1/calendar/<int:year>
        GET api/v1/journal/head
        GET api/v1/privacy/notice
        POST api/v1/patrols/visits/cancel
        """,
    ),
    ({"reporter"}, "POST api/v1/receipts \n GET api/v1/my/looks"),
    (
        WITH_RECEIPT,
        """
        GET api/v1/cases/<number>
        GET api/v1/cases/<number>/photos/<uuid:photo_id>
        POST api/v1/cases/<number>/moves/<move>
        """,
    ),
    (
        STAFF,
        """
        GET api/v1/cases
        GET api/v1/me
        GET api/v1/field
        POST api/v1/field/cases/<number>/moves/<move>
        GET api/v1/units
        GET api/v1/inbox
        POST api/v1/inbox/seen
        GET api/v1/views
        POST api/v1/views
        DELETE api/v1/views/<uuid:view_id>
        GET api/v1/hints
        POST api/v1/my/phone-lost
        POST api/v1/hints/away
        POST api/v1/hints/back
        GET api/v1/cases/<number>/similar
        POST api/v1/cases/<number>/apart
        POST api/v1/cases/<number>/looking
        DELETE api/v1/cases/<number>/looking
        GET api/v1/borders
        GET api/v1/borders/<int:number>
        GET api/v1/catalogue/conditions/<code>/versions
        POST api/v1/openings/<uuid:opening_id>/read
        GET live
        GET live/queue
        GET staff/
        ANY staff/inbox
        POST staff/hints
        POST staff/hints/<str:role>
        GET staff/cases
        GET staff/cases/open
        GET staff/cases/<str:number>
        GET staff/cases/<str:number>/pane
        POST live/looking/<str:number>
        GET staff/cases/<str:number>/like
        ANY staff/cases/<str:number>/like/<str:other>
        POST staff/cases/compare
        POST staff/cases/views
        POST staff/cases/views/<uuid:view_id>/drop
        POST staff/cases/<str:number>/moves/<str:code>
        GET staff/cases/<str:number>/photos/<uuid:photo_id>
        GET staff/catalogue
        ANY staff/catalogue/<str:code>
        GET staff/patterns
        POST staff/identities/<uuid:opening_id>/read
        """,
    ),
    (
        HANDLERS,
        "POST api/v1/cases/<number>/contact \n POST staff/cases/<str:number>/contact",
    ),
    ({"duty_lead"}, "POST api/v1/cases/<number>/read \n POST staff/cases/<str:number>/read"),
    ({"contact", "worker", "lead", "director", "intake", "duty_lead"}, "ANY staff/report"),
    ({"intake", "duty_lead"}, "POST api/v1/callers \n ANY staff/caller \n POST api/v1/cases/import"),
    (
        {"adviser", "duty_lead"},
        "GET api/v1/rechecks \n POST api/v1/cases/<number>/recheck \n ANY staff/second-looks",
    ),
    (
        TRIAGE,
        """
        POST api/v1/bulk/preview
        GET api/v1/bulk
        POST api/v1/bulk
        GET api/v1/bulk/<uuid:bulk_id>
        POST api/v1/bulk/<uuid:bulk_id>/confirm
        DELETE api/v1/bulk/<uuid:bulk_id>
        POST staff/cases/bulk
        POST staff/cases/bulk/ask
        GET staff/cases/bulk/waiting
        GET staff/cases/bulk/<uuid:bulk_id>
        POST staff/cases/bulk/<uuid:bulk_id>/off
        POST staff/cases/bulk/<uuid:bulk_id>/confirm
        """,
    ),
    (
        TRIAGE | {"adviser"},
        """
        POST api/v1/cases/<number>/seen
        GET live/command
        GET live/points
        GET staff/command
        ANY staff/command/wall
        POST staff/command/seen/<str:number>
        GET staff/command/map.json
        """,
    ),
    (
        {"director", "duty_lead"},
        """
        POST api/v1/cases/<number>/photos/<uuid:photo_id>/release
        DELETE api/v1/cases/<number>/photos/<uuid:photo_id>/release
        ANY staff/cases/<str:number>/photos/<uuid:photo_id>/release
        """,
    ),
    (
        FIGURES,
        """
        GET api/v1/indicators
        GET api/v1/figures
        GET api/v1/figures/flows
        GET api/v1/figures/dashboard
        GET staff/figures
        """,
    ),
    (
        {"director", "duty_lead", "evaluator", "supervisor"},
        "GET api/v1/figures/workbook \n GET staff/figures.xlsx",
    ),
    (PLANNERS, "GET api/v1/posts \n GET api/v1/vacancies"),
    (
        ADMIN,
        """
        POST api/v1/catalogue/conditions
        POST api/v1/catalogue/conditions/<code>
        POST api/v1/catalogue/conditions/<code>/retire
        POST api/v1/catalogue/subclasses
        ANY staff/catalogue/add
        POST staff/catalogue/<str:code>/retire
        POST api/v1/borders
        GET api/v1/borders/<int:number>/moves
        POST api/v1/borders/<int:number>/force
        DELETE api/v1/borders/<int:number>
        GET staff/areas
        ANY staff/maps/import
        GET staff/maps/<int:number>
        POST staff/maps/<int:number>/force
        POST staff/maps/<int:number>/discard
        POST api/v1/units
        POST api/v1/units/<code>/areas
        POST api/v1/posts
        POST api/v1/posts/<code>/appoint
        POST api/v1/posts/<code>/end
        GET api/v1/posts/<code>/handover
        POST api/v1/posts/<code>/handover
        POST api/v1/people/<username>/absences
        POST api/v1/people/<username>/absences/end
        GET api/v1/people/<username>/absences
        GET api/v1/posts/<code>/appointments
        POST api/v1/people/workbook/faults
        GET api/v1/people/workbook
        POST api/v1/people/workbook
        GET staff/posts
        ANY staff/posts/import
        GET staff/posts/template.xlsx
        GET staff/posts/<str:code>
        POST staff/posts/<str:code>/appoint
        POST staff/posts/<str:code>/end
        POST staff/posts/<str:code>/hand-over
        POST staff/posts/<str:code>/phone-lost
        ANY staff/absences
        POST staff/absences/end
        POST api/v1/accounts
        GET api/v1/accounts/<username>
        POST api/v1/accounts/<username>
        POST api/v1/accounts/<username>/password
        POST api/v1/accounts/<username>/close
        POST api/v1/accounts/<username>/open
        POST api/v1/accounts/<username>/sessions/end
        POST api/v1/accounts/<username>/factors/remove
        GET api/v1/tokens
        POST api/v1/tokens
        DELETE api/v1/tokens/<uuid:token_id>
        ANY staff/tokens
        POST staff/tokens/<uuid:token_id>/revoke
        POST api/v1/calendar/days
        POST api/v1/calendar/file
        POST api/v1/calendar/hours
        ANY staff/calendar
        POST staff/calendar/publish
        POST staff/calendar/hours
        """,
    ),
    (
        {"worker", "lead", "director", "administrator"},
        """
        GET api/v1/places
        GET api/v1/places/<code>
        POST api/v1/places/<code>/attributes
        POST api/v1/places/<code>/unreadable
        GET staff/places
        ANY staff/places/<str:code>
        POST staff/places/<str:code>/unreadable
        """,
    ),
    (
        {"lead", "director", "administrator"},
        """
        POST api/v1/places
        POST api/v1/places/<code>
        POST api/v1/places/<code>/renew
        GET api/v1/places/workbook
        POST api/v1/places/workbook
        GET api/v1/places/signs
        POST api/v1/places/signs
        ANY staff/places/add
        ANY staff/places/import
        GET staff/places/template.xlsx
        POST staff/places/signs.pdf
        POST staff/places/<str:code>/renew
        """,
    ),
    (
        {"worker", "lead", "director"},
        """
        GET api/v1/patrols/today
        GET staff/visits
        ANY staff/visits/add
        GET staff/visits/<uuid:visit_id>/slip
        GET staff/visits/<uuid:visit_id>/slip.pdf
        POST staff/visits/<uuid:visit_id>/finish
        POST api/v1/patrols/rounds/<uuid:round_id>/ticks
        POST api/v1/patrols/rounds/<uuid:round_id>/findings
        POST api/v1/patrols/rounds/<uuid:round_id>/close
        POST api/v1/patrols/visits
        POST api/v1/patrols/visits/<uuid:visit_id>/done
        POST api/v1/patrols/visits/<uuid:visit_id>/cancel
        GET api/v1/patrols/visits/<uuid:visit_id>/slip
        GET api/v1/patrols/visits/<uuid:visit_id>/slip/paper
        """,
    ),
    (
        {"administrator", "duty_lead"},
        """
        GET api/v1/suggestions
        POST api/v1/suggestions/<uuid:suggestion_id>/answer
        ANY staff/suggestions
        """,
    ),
    (
        {"worker", "lead", "director", "duty_lead", "adviser"},
        """
        GET api/v1/patrols/plans
        GET api/v1/patrols/plans/<uuid:plan_id>
        GET api/v1/patrols/rounds/<uuid:round_id>
        GET api/v1/patrols/rounds/<uuid:round_id>/findings
        GET api/v1/patrols/findings
        GET api/v1/patrols/findings/<uuid:finding_id>/photos/<uuid:photo_id>
        GET api/v1/patrols/coverage
        GET staff/patrols
        GET staff/patrols/not-seen
        ANY staff/patrols/rounds/<uuid:round_id>
        GET staff/patrols/findings/<uuid:finding_id>/photos/<uuid:photo_id>
        """,
    ),
    (
        {"lead", "director"},
        """
        POST api/v1/patrols/plans
        POST api/v1/patrols/plans/preview
        POST api/v1/patrols/plans/<uuid:plan_id>
        POST api/v1/patrols/plans/<uuid:plan_id>/end
        ANY staff/patrols/add
        ANY staff/patrols/plans/<uuid:plan_id>
        POST staff/patrols/plans/<uuid:plan_id>/end
        """,
    ),
    (
        {"director", "dispatcher", "duty_lead"},
        """
        POST api/v1/cases/<number>/file
        POST api/v1/cases/workbook
        ANY staff/cases/<str:number>/file.pdf
        ANY staff/cases/list.xlsx
        """,
    ),
    (
        {"supervisor"},
        "GET api/v1/journal \n POST api/v1/journal/check \n GET staff/journal \n POST staff/journal/check",
    ),
    ({"supervisor", "privacy_officer"}, "GET api/v1/looks \n GET staff/access-log"),
    (
        {"privacy_officer"},
        """
        GET api/v1/privacy/retention
        POST api/v1/privacy/retention/<code>
        GET api/v1/privacy/erasures
        POST api/v1/privacy/erasures
        ANY staff/retention
        ANY staff/erase
        """,
    ),
    (
        {"identity_officer"},
        """
        GET api/v1/openings
        POST api/v1/officers
        POST api/v1/officers/leave
        POST api/v1/officers/reseal
        POST staff/identities/leave
        POST staff/identities/reseal
        POST api/v1/openings
        GET api/v1/openings/<uuid:opening_id>
        POST api/v1/openings/<uuid:opening_id>/approve
        POST api/v1/openings/<uuid:opening_id>/refuse
        ANY staff/identities
        POST staff/identities/key
        ANY staff/identities/<uuid:opening_id>
        """,
    ),
)

# Pages without a guard: everybody may open them, and they show a matter only to the receipt's holder.
OPEN_PAGES = {
    "help", "help/<str:slug>",
    "healthz", "language", "print-size", "login", "", "report", "report/known", "join/<str:number>", "r",
    "r/<str:number>/<str:secret>", "a/<str:word>", "track", "track/close", "track/photos/<uuid:photo_id>",
    "track/<str:move>",
    "suggest", "suggest/read",
    "field", "field.webmanifest", "sw.js",
    "privacy", "visit", "p", "p/<str:sign>", "p/<str:sign>/unreadable", "grids", "g/<str:code>",
    "g/<str:code>/poster.pdf",
    "open", "open/datapackage.json", "open/heads.json", "open/<str:month>.csv", "open/<str:month>.json",
}  # fmt: skip

ENTRANCES: dict[str, set[str]] = {
    line.strip(): who for who, lines in _GROUPS for line in lines.split("\n") if line.strip()
}

# Roles that come in only after a second factor.
STRONG = {"administrator", "privacy_officer", "identity_officer", "supervisor", "dispatcher", "duty_lead"}

NORMAL, PRIVATE, CONFIDENTIAL = "normal", "private", "confidential"
EVERY = {NORMAL, PRIVATE, CONFIDENTIAL}
LIST, READ = "list", "read"

# Roles, how they stand to the case, its sensitivity -> what they see: number, grid, state, clocks; or its text as well.
SEES: tuple[tuple[set[str], str, set[str], str], ...] = (
    ({"worker"}, "open_here", {NORMAL}, READ),
    (TRIAGE, "here", {NORMAL}, READ),
    (TRIAGE, "here", EVERY, LIST),
    ({"adviser"}, "here", {NORMAL}, READ),
    ({"dispatcher"}, "with_district", {NORMAL}, READ),
    ({"dispatcher"}, "with_district", EVERY, LIST),
    (HANDLERS | {"adviser"}, "holds", EVERY, READ),
    (HANDLERS | {"adviser"}, "held", {NORMAL}, READ),
    (HANDLERS | {"adviser"}, "held", EVERY, LIST),
    ({"handler", "unit_head", "dispatcher"}, "own_category", {NORMAL}, READ),
    ({"handler", "unit_head", "dispatcher"}, "own_category", EVERY, LIST),
    (STAFF, "entered", {NORMAL}, READ),
    (STAFF, "entered", EVERY, LIST),
    ({"reporter"}, "own_report", EVERY, READ),
)

# Who stands like this to a case never learns what was said of the work on it.
RATED = {"holds", "held"}

# The reporter's contact, with a reason; and a private case opened by the duty lead with a reason.
REVEALS: tuple[tuple[set[str], str, set[str]], ...] = (
    (HANDLERS - {"worker"}, "holds", {NORMAL, PRIVATE}),
    (HANDLERS - {"worker"}, "held", {NORMAL}),
    (CENTRE, "here", {NORMAL}),
)
OPENS_WITH_REASON: tuple[tuple[set[str], str, set[str]], ...] = (
    ({"duty_lead"}, "covers", {PRIVATE, CONFIDENTIAL}),
)

# Move -> those who take it, as (roles, standing); empty: no person at all.
_TRIAGE = (TRIAGE, "triages")
_HOLDS = (HANDLERS, "holds")
_ABOVE = ({"director", "dispatcher", "duty_lead"}, "level_above")
_PARTY = (HANDLERS | {"adviser"}, "holds")
_HELD = (HANDLERS | {"adviser"}, "held")
_REPORTER = ({"reporter"}, "own_report")
MOVES: dict[str, tuple[tuple[set[str], str], ...]] = {
    "accept": (_TRIAGE,),
    "decline": (_TRIAGE,),
    "assign": (_TRIAGE,),
    "start": (_HOLDS,),
    "hand_up": (_HOLDS, _TRIAGE),
    "hand_back": (_HOLDS, (TRIAGE, "desk")),
    "transfer": (_HOLDS, _TRIAGE),
    "whistle": (({"dispatcher", "duty_lead", "adviser"}, "triages_street"),),
    "confirm_arrival": ((STAFF, "whistled"),),
    "join": (_HOLDS, _TRIAGE),
    "leave": ((STAFF, "whistled"),),
    "take_over": (_ABOVE,),
    "decide_holder": (_ABOVE, ({"duty_lead"}, "street_over_district")),
    "pause": (_HOLDS,),
    "resume": (_HOLDS, _TRIAGE),
    "extend": (_HOLDS, _ABOVE),
    "report_done": (_HOLDS,),
    "verify": (_TRIAGE,),
    "rework": (_TRIAGE,),
    "close": (),
    "refuse": (_REPORTER,),
    "rate": (_REPORTER,),
    "reopen": (_REPORTER, _ABOVE),
    "merge": (_TRIAGE,),
    "unmerge": (_TRIAGE,),
    "split": (_HOLDS, _TRIAGE),
    "withdraw": (_REPORTER,),
    "void": (_TRIAGE,),
    "appeal": (_HOLDS, ({"dispatcher", "duty_lead"}, "triages")),
    "recategorise": (_HOLDS, _TRIAGE),
    "ask_reporter": (_HOLDS, _TRIAGE),
    "answer": (_REPORTER, _HOLDS, _TRIAGE),
    "add": (_REPORTER, _PARTY, _HELD, _TRIAGE),
    "correct": (_REPORTER,),
    "internal_note": (_PARTY, _HELD, _TRIAGE),
}
