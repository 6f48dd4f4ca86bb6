"""The only code that writes patrols: plans, rounds, and visits by appointment."""

from gewu.domain.patrols.actions.plans import PlanInput, change_plan, draft_plan, end_plan, make_plan
from gewu.domain.patrols.actions.rounds import When, close_round, find, lapse, make_rounds, tick
from gewu.domain.patrols.actions.visits import VisitInput, agree, call_off, visited

__all__ = [
    "PlanInput", "VisitInput", "When", "agree", "call_off", "change_plan", "close_round", "draft_plan", "end_plan",
    "find", "lapse",
    "make_plan", "make_rounds", "tick", "visited",
]  # fmt: skip
