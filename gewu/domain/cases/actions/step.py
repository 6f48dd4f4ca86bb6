"""One act on one case: what every move has in common, in one transaction.

    gate -> may -> state -> input -> effect of the move -> clocks -> conditional update -> journal -> figures

A `Step` gathers what an effect changes and writes it at the end. The conditional UPDATE on the case's version decides
races: whoever comes second gets a Conflict that says what happened, and nothing of theirs is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy

from gewu.core.errors import Conflict, NotFound, Refused
from gewu.core.sentences import sentence as _
from gewu.domain import statements
from gewu.domain.access.actor import Actor
from gewu.domain.cases.actions.asks import Given, Holder
from gewu.domain.cases.clocks import Board
from gewu.domain.cases.models import Case, CasePhoto, CaseText, Clock, Party, Report, Stage
from gewu.domain.cases.workflow import ENDED, SAME, STATES, Move
from gewu.domain.figures import actions as figures
from gewu.domain.figures.derive import deltas_of, durations_of
from gewu.domain.journal import actions as journal
from gewu.domain.journal.models import Entry
from gewu.domain.media.models import Photo
from gewu.domain.place import queries as place
from gewu.domain.privacy import texts
from gewu.domain.statements import ID, TEXT, Prepared, Slot

RUNNING = Prepared(lambda: Clock.objects.filter(case=Slot("case", ID), stopped_at=None))
NEWEST_STAGE = Prepared(lambda: Stage.objects.filter(case=Slot("case", ID)).order_by("-began_at", "-id")[:1])
LAST_TO_DO = Prepared(
    lambda: (
        Entry.objects.filter(subject_kind="case", subject_id=Slot("case", ID), kind=Slot("kind", TEXT))
        .order_by("-subject_version")
        .values_list("actor_id", flat=True)[:1]
    )
)
FROZEN = frozenset({"id", "number", "source"})
_CHANGING = [field.attname for field in Case._meta.concrete_fields if field.attname not in FROZEN]
PHOTO_USED = gettext_lazy("This photo is already part of a case.")


@dataclass
class Step:
    """One act in the making."""

    case: Case
    kind: str  # of the journal entry: case.assign
    actor: Actor
    now: datetime
    given: Given = field(default_factory=Given)
    report: Report | None = None  # the acting reporter's own tie
    data: dict[str, Any] = field(default_factory=dict)
    texts: list[CaseText] = field(default_factory=list)
    commitments: list[str] = field(default_factory=list)
    photos: list[CasePhoto] = field(default_factory=list)
    saves: list[Any] = field(default_factory=list)  # rows of parties, reports, merges, changed by the effect
    before: dict[str, Any] = field(init=False)
    board: Board = field(init=False)
    late_before: bool = field(init=False)
    stage_changed: bool = False

    def __post_init__(self) -> None:
        running = RUNNING(case=self.case.pk)
        self.board = Board(self.case, place.calendar(), self.now, {clock.kind: clock for clock in running})
        self.before = _snapshot(self.case)
        self.late_before = self.board.is_late()

    # What an effect says.

    def to(self, state: str) -> None:
        """Change the state."""
        self.case.state = state
        self.case.is_open = state not in ENDED
        self.case.moved_at = self.now
        self.stage_changed = True

    def hold(self, holder: Holder | None, *, level: str | None = None, counts_on: bool = False) -> None:
        """Change holder and level; None: the level's triage sees to it.

        A decision binds the holder it named and nobody after. Returns are those of one level: on another one they begin
        anew, unless the case goes up and back on the ladder (`counts_on`), or two levels could do so for ever.
        """
        self.remember_holder()
        case, before = self.case, (self.case.holder_post_id, self.case.holder_unit_id, self.case.level)
        case.holder_post = holder.post if holder else None
        case.holder_unit = holder.unit if holder else None
        case.level = level or (holder.level if holder else case.level)
        if before != (case.holder_post_id, case.holder_unit_id, case.level):
            case.decided = False
        if case.level != before[-1] and not counts_on:
            case.returns = 0
        self.stage_changed = True

    @property
    def own_report(self) -> Report:
        """The acting reporter's tie, for moves that reporters alone take; to everybody else it is not there."""
        if self.report is None:
            raise NotFound
        return self.report

    def remember_holder(self) -> None:
        """Who held the case keeps sight of it."""
        post, unit = self.case.holder_post, self.case.holder_unit
        if post is None and unit is None:
            return
        if post is not None:  # a post held it, not all of its unit
            unit = None
        if not any(
            party.relation == "held"
            and party.post_id == (post and post.pk)
            and party.unit_id == (unit and unit.pk)
            for party in self.case.parties.all()
        ):
            self.saves.append(Party(case=self.case, relation="held", post=post, unit=unit, since=self.now))

    def say(self, kind: str, content: str | None, *, public: bool = False) -> UUID | None:
        """Keep a text of this act; the journal gets its commitment."""
        if not content:
            return None
        kept = texts.keep(content, kind=kind)
        self.commitments.append(kept.commitment)
        self.texts.append(
            CaseText(
                case=self.case,
                kind=kind,
                text_id=kept.id,
                public=public,
                at=self.now,
                by_reporter=self.report is not None,
                report_id=self.report.id if self.report else None,
            )
        )
        return kept.id

    def show(self, photos: list[Photo] | None, kind: str, *, public: bool = False) -> None:
        """Attach photos to this act."""
        for photo in photos or []:
            self.photos.append(
                CasePhoto(
                    case=self.case,
                    photo_id=photo.id,
                    kind=kind,
                    public=public,
                    at=self.now,
                    by_reporter=self.report is not None,
                    report_id=self.report.id if self.report else None,
                )
            )
            self.commitments.append(photo.commitment)

    def was_done_by_me(self, kind: str) -> bool:
        """The newest act of this kind on the case was done by the same person, under whatever post."""
        last = LAST_TO_DO.first(case=self.case.pk, kind=kind)
        return last is not None and last == self.actor.user_id

    # What every act ends with.

    def finish(self) -> Entry:
        """Write everything, or nothing: called inside the transaction of the act."""
        case = self.case
        case.version = self.before["version"] + 1
        if not case.is_open and case.merged_into_id is None:
            self.board.drop("all")
        if self.actor.kind != "system":  # a warning is no act: untouched cases would never be found
            case.touched_at = self.now
        case.due_at = self.board.earliest()
        self._settle_mark()
        self._update_case()
        self._write_clocks()
        if self.stage_changed:
            self._turn_stage()
        self._write_story()
        for row in self.saves:
            statements.save(row)
        self._mark_open()
        entry = journal.record(
            self.kind,
            actor=self.actor,
            subject=("case", case.id),
            version=case.version,
            scope_path=case.scope_path,
            at=self.now,
            data=self._data(),
        )
        figures.add(entry, deltas_of(entry), durations_of(entry))
        return entry

    def _settle_mark(self) -> None:
        """ "Overdue" goes with the clock it came from: a stage that was given to somebody else, a limit that was wrong.

        Once the work is verified the promise is judged, and what was overdue stays so.
        """
        if self.case.is_open and self.case.verified_at is None and not self.board.is_overdue():
            self.case.overdue_at = None

    def _update_case(self) -> None:
        changed = {name: value for name, value in _snapshot(self.case).items() if value != self.before[name]}
        if not statements.change(Case, changed, {"id": self.case.pk, "version": self.before["version"]}):
            raise somebody_was_first(self.case.pk)

    def _mark_open(self) -> None:
        """What hangs on a case knows whether it is open; after the rows of this act, which were read before it was."""
        if self.case.is_open != self.before["is_open"]:
            for model in (Party, Report):
                statements.change(model, {"of_open": self.case.is_open}, {"case_id": self.case.pk})

    def _write_clocks(self) -> None:
        for clock in (*self.board.written, *self.board.changed.values()):
            statements.save(clock)

    def _turn_stage(self) -> None:
        turn_stage(self.case, NEWEST_STAGE.first(case=self.case.pk), now=self.now)

    def _write_story(self) -> None:
        for text in self.texts:
            text.version = self.case.version
        for photo in self.photos:
            photo.version = self.case.version
        statements.insert(*self.texts)
        try:
            statements.insert(*self.photos)
        except IntegrityError:
            raise Conflict(PHOTO_USED, code="photo_used") from None

    def _data(self) -> dict[str, Any]:
        before, case = self.before, self.case
        return {
            "move": self.kind.removeprefix("case."),
            "from": before["state"], "to": case.state, "level_from": before["level"], "level_to": case.level,
            "condition": case.condition.code, "grid": case.scope_path, "source": case.source,
            "unit": unit_of(case), "holder_from": _holder(before), "holder_to": _holder(vars(case)),
            "stage": [_clock_word(done) for done in self.board.finished],
            "returns": case.returns, "sensitivity": case.sensitivity, "emergency": int(case.emergency),
            **({"grid_from": before["scope_path"]} if before["scope_path"] != case.scope_path else {}),
            **self._lateness(),
            **({"commitments": self.commitments} if self.commitments else {}),
            **({"texts": [row.text_id.hex for row in self.texts]} if self.texts else {}),
            **({"photos": [row.photo_id.hex for row in self.photos]} if self.photos else {}),
            **({"closing": case.closing, "confirmation": case.confirmation} if case.state == "closed" else {}),
            **self.data,
        }  # fmt: skip

    def _lateness(self) -> dict[str, int]:
        """Whether the promise was and is broken, so that figures can keep the number of overdue cases."""
        late = self.board.is_late()
        return {"late_from": int(self.late_before), "late": int(late)} if late or self.late_before else {}


def check_state(move: Move, case: Case) -> None:
    """The table's `from`: the refusal says what the case is now."""
    if case.state not in move.frm:
        raise Refused(
            _("This cannot be done now: the case is “%(state)s”.", state=STATES[case.state]),
            code="wrong_state",
            state=case.state,
        )


def check_version(case: Case, version: int | None) -> None:
    """Two people on one case: the second one sees what happened, nothing is overwritten."""
    if version is not None and version != case.version:
        raise somebody_was_first(case.pk)


def somebody_was_first(case_id: UUID) -> Conflict:
    """What the second of two people is told."""
    now = Case.objects.only("number", "version", "state", "level").get(pk=case_id)
    return Conflict(
        _(
            "Somebody else was quicker: the case is now “%(state)s”. What you typed is still here.",
            state=STATES[now.state],
        ),
        code="version",
        number=now.number,
        version=now.version,
        state=now.state,
        level=now.level,
    )


def turn_stage(case: Case, last: Stage | None, *, now: datetime) -> None:
    """Close the open stretch of the time ledger and begin the next; nothing follows an ended case.

    `last` is the newest stretch. A case that comes back to the same holder remembers who had sent it there.
    """
    sent_by: dict[str, Any] = {}
    if last is not None and last.ended_at is None:
        last.ended_at = now
        statements.update(last, "ended_at")
    if last is not None:
        same_holder = (last.holder_post, last.holder_unit) == (case.holder_post_id, case.holder_unit_id)
        sent_by = (
            {
                "sent_by_post": last.sent_by_post,
                "sent_by_unit": last.sent_by_unit,
                "sent_from_level": last.sent_from_level,
            }
            if same_holder and last.level == case.level
            else {
                "sent_by_post": last.holder_post,
                "sent_by_unit": last.holder_unit,
                "sent_from_level": last.level,
            }
        )
    if case.is_open:
        begun = Stage(
            case=case,
            state=case.state,
            level=case.level,
            holder_post=case.holder_post_id,
            holder_unit=case.holder_unit_id,
            charged_level=case.level,
            began_at=now,
            **sent_by,
        )
        statements.insert(begun)


def unit_of(case: Case) -> str:
    """The unit that answers for the case now, as figures count it."""
    unit = case.holder_unit_id or (case.holder_post.unit_id if case.holder_post else None)
    return unit.hex if unit else ""


def _snapshot(case: Case) -> dict[str, Any]:
    held = vars(case)
    return {name: held[name] for name in _CHANGING}


def _holder(values: Mapping[str, Any]) -> str:
    if values["holder_post_id"]:
        return f"post:{values['holder_post_id'].hex}"
    return f"unit:{values['holder_unit_id'].hex}" if values["holder_unit_id"] else ""


def _clock_word(done: Any) -> str:
    in_time = -1 if done.in_time is None else int(done.in_time)
    return f"{done.kind}:{done.level}:{done.seconds}:{done.wall}:{in_time}"


__all__ = ["SAME", "Step", "check_state", "check_version", "somebody_was_first", "turn_stage", "unit_of"]
