/** The rounds of today: one press says a whole stop is fine, the exceptions open a finding. What was pressed without
 * network shows at once: it is read from the outbox, so that nothing is kept twice. */
import type { Place, Round, Visit } from "../contact";
import { Draft, draftOf, noted } from "../draft";
import { letGo, type Act, type Entry } from "../outbox";
import { button, clock, empty, h, icon, pill, say, toast, type Child } from "../page";
import { categoryField } from "../categoryField";
import { photoField } from "../photoField";
import type { Session } from "../session";

type Result = "fine" | "finding" | "unreached";
const WEIGHT: Result[] = ["finding", "fine", "unreached"];
const LOOK: Record<Result, string> = { fine: "closed", finding: "handling", unreached: "waiting" };

export function rounds(session: Session): Child[] {
  const { rounds: planned, visits } = session.pocket;
  return [
    h("h1", { tabindex: "-1" }, say("round")),
    planned.length === 0 && empty(say("no_round"), say("no_round_more")),
    ...planned.flatMap((round) => oneRound(session, round)),
    visits.length > 0 && h("h2", {}, say("visits")),
    visits.length > 0 && h("ul", { class: "items" }, ...visits.map((visit) => oneVisit(session, visit))),
  ];
}

/** What was done on it and stands: no drafts, and nothing that the server has refused. */
function actsOf(session: Session, round: Round): Entry[] {
  return session.entries.filter(({ state, item }) => (state === "waiting" || state === "received") && item.path.startsWith(`patrols/rounds/${round.id}/`));
}

/** At how many places somebody was, what waits here included. */
export function seenOn(session: Session, round: Round): number {
  const acts = actsOf(session, round);
  return round.places.filter((place) => stateOf(place, acts)).length;
}

function oneRound(session: Session, round: Round): Child[] {
  const acts = actsOf(session, round);
  const states = new Map(round.places.map((place) => [place.id, stateOf(place, acts)]));
  const closed = Boolean(round.closed) || acts.some((entry) => entry.item.kind === "close");
  const found = [...states.values()].includes("finding");
  return [
    h("h2", {}, round.plan.name),
    h("p", { class: "item__meta" }, h("span", {}, round.grid.name), h("span", {}, say("of_places", { n: seenOn(session, round), all: round.places.length }))),
    !closed && h("p", { class: "field__hint" }, say("undo_hint")),
    h("ul", { class: "items" }, ...round.places.map((place) => stop(session, round, place, states.get(place.id) ?? null, closed, acts))),
    closed ? pill("closed", say("round_closed")) : button(say(found ? "close_round" : "nothing_found"), () => void close(session, round, !found), "button--wide"),
  ];
}

function stop(session: Session, round: Round, place: Place, state: Result | null, closed: boolean, acts: Entry[]): HTMLElement {
  const marks = marksAt(session, round, place);
  const faults = faultsAt(place, acts, marks);
  const tick = tickOf(round, place);
  const id = marks?.id ?? crypto.randomUUID();
  let last: Promise<unknown> = Promise.resolve();
  const press = (result: Result): void => {
    const act = { ...tick, title: `${place.name} · ${say(result)}`, body: { place: place.id, result, faults: [...faults] } };
    last = last.then(() => session.keep(act, [], { id }));
  };
  const marked = (): void => {
    const sent = sentAt(place, acts);
    const act = { ...tick, body: { place: place.id, faults: [...faults] } };
    const isMarked = act.body.faults.some((code) => !sent.has(code));
    last = noted(last.then(async () => {
      if (isMarked) await session.keep(act, [], { id, draft: true });
      else await letGo(session.store, id);
    }));
  };
  return h("li", { class: "item field-stop", id: `place-${round.id}-${place.id}` },
    h("div", { class: "row row--between" }, h("strong", {}, place.name), state ? pill(LOOK[state], say(state)) : undefined),
    h("p", { class: "item__meta" }, h("span", {}, place.number), closed && faults.size > 0 ? h("span", {}, labels(round, faults)) : undefined),
    !closed && round.checklist?.length ? checklist(round, place, faults, acts, marked) : undefined,
    !closed && h("div", { class: "field-stop__acts" },
      button(say("fine"), () => press("fine"), "", "check"),
      h("a", { class: "button button--second", href: `#/finding/${round.id}/${place.id}` }, icon("alert"), say("finding")),
      button(say("unreached"), () => press("unreached"), "button--quiet")));
}

/** The things to look at; what is marked as not in order goes with every act on the place. What is on its way stays. */
function checklist(round: Round, place: Place, faults: Set<string>, acts: Entry[], marked: () => void): HTMLElement {
  const sent = sentAt(place, acts);
  const mark = (code: string, event: Event): void => {
    if ((event.target as HTMLInputElement).checked) faults.add(code);
    else faults.delete(code);
    marked();
  };
  return h("details", { class: "field-move", open: faults.size > 0 },
    h("summary", {}, say("checklist")),
    h("p", { class: "field__hint" }, say("checklist_hint")),
    ...(round.checklist ?? []).map(({ code, label }) =>
      h("label", { class: "choice" },
        h("input", { type: "checkbox", checked: faults.has(code), disabled: sent.has(code), change: (event) => mark(code, event) }), h("span", {}, label))));
}

function tickOf(round: Round, place: Place): Act {
  return { kind: "tick", title: `${place.name} · ${say("checklist")}`, path: `patrols/rounds/${round.id}/ticks`, about: place.id, timed: true, body: {} };
}

/** What is marked on the checklist of a place and not yet sent is a draft of its next tick. */
function marksAt(session: Session, round: Round, place: Place): Entry | undefined {
  return draftOf(session, tickOf(round, place));
}

function sentAt(place: Place, acts: Entry[]): Set<string> {
  const own = acts.filter((entry) => entry.item.about === place.id);
  return new Set([...(place.faults ?? []), ...own.flatMap(({ item }) => (item.body["faults"] ?? []) as string[])]);
}

function faultsAt(place: Place, acts: Entry[], marks: Entry | undefined): Set<string> {
  return new Set([...sentAt(place, acts), ...((marks?.item.body["faults"] ?? []) as string[])]);
}

function labels(round: Round, faults: Set<string>): string {
  return (round.checklist ?? []).filter((one) => faults.has(one.code)).map((one) => one.label).join(say("list_mark"));
}

/** As the server adds it up, whoever comes first: a finding stays one, "fine" outweighs "could not get there". */
function stateOf(place: Place, acts: Entry[]): Result | null {
  const own = acts.filter((entry) => entry.item.about === place.id);
  const said = [place.state, ...own.map(({ item }) => (item.kind === "finding" ? "finding" : (item.body["result"] as Result)))];
  return WEIGHT.find((result) => said.includes(result)) ?? null;
}

async function close(session: Session, round: Round, nothing: boolean): Promise<void> {
  const kept = await session.keep({ kind: "close", title: `${say("close_round")} · ${round.plan.name}`, path: `patrols/rounds/${round.id}/close`, timed: true, body: { nothing_found: nothing } });
  if (kept) toast(say("keep_it"));
}

function oneVisit(session: Session, visit: Visit): HTMLElement {
  const path = `patrols/visits/${visit.id}/done`;
  const words = [clock(Date.parse(visit.begins)), visit.purpose, visit.where].join(" · ");
  const done = visit.state === "done" || session.entries.some((entry) => entry.item.path === path && entry.state !== "needs");
  const act = (): void => void session.keep({ kind: "visit", title: words, path, timed: true, body: {} });
  return h("li", { class: "item", id: `visit-${visit.id}` }, h("strong", {}, words), done ? pill("closed", say("visit_done")) : button(say("visit_done"), act, "button--second"));
}

/** Something found at a stop: words, photos, and whether it was settled on the spot. */
export function finding(session: Session, roundId: string, placeId: string, draftId?: string): Child[] {
  const round = session.pocket.rounds.find((one) => one.id === roundId);
  const place = round?.places.find((one) => one.id === placeId);
  if (!round || !place) return [empty(say("no_round"), say("no_round_more"))];
  const photos = photoField(() => draft.changed());
  const kind = categoryField();
  const text = h("textarea", { id: "text", name: "text", rows: "3", required: true });
  const marks = marksAt(session, round, place);
  const faults = faultsAt(place, actsOf(session, round), marks);
  text.value = labels(round, faults);
  const done = h("textarea", { id: "settled-text", name: "done", rows: "2" });
  const settle = (): void => {
    more.hidden = !settled.checked;
    kind.element.hidden = settled.checked; // what was settled becomes no case
    done.required = settled.checked;
  };
  const settled = h("input", { type: "checkbox", name: "settled", value: "1", change: settle });
  const said = h("p", { class: "field__hint", role: "status" });
  const more = h("div", { class: "field", hidden: true }, h("label", { class: "field__label", for: "settled-text" }, say("settled_text")), done);
  const act = (): Act => {
    const words = settled.checked ? `${text.value}\n${say("settled_text")}${say("colon")}${done.value}` : text.value;
    const body = { place: place.id, text: words, settled: settled.checked, faults: [...faults], ...(settled.checked ? {} : { condition: kind.value() }) };
    return { kind: "finding", title: `${place.name} · ${text.value.slice(0, 30)}`, path: `patrols/rounds/${round.id}/findings`, about: place.id, timed: true, photosAt: "photos", body };
  };
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!(await draft.send())) return; // the form still holds everything
    if (marks) await letGo(session.store, marks.id); // they went with it
    toast(say("keep_it"));
    location.hash = "#/round";
  };
  const form = h("form", { class: "stack", submit: (event) => void send(event), input: () => draft.changed() },
    photos.element,
    kind.element,
    h("div", { class: "field" }, h("label", { class: "field__label", for: "text" }, say("what")), text),
    h("label", { class: "choice" }, settled, h("span", {}, say("settled"))),
    more,
    said,
    h("button", { class: "button button--wide" }, say("send")));
  const draft = new Draft(session, { form, photos, act, draft: draftOf(session, act(), draftId), said: (kept) => (said.textContent = kept ? say("draft_kept") : "") });
  settle();
  return [
    h("h1", { tabindex: "-1" }, say("finding_at", { place: place.name })),
    form,
    h("a", { class: "button button--quiet", href: "#/round" }, say("back")),
  ];
}
