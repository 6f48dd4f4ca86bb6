/** Home: what is to do now, later, and what was done; each with what, where and the time left in words. */
import { byDay, type PocketCase } from "../contact";
import { clock, empty, h, inLanguage, leftOf, link, pill, say, type Child } from "../page";
import type { Session } from "../session";
import { seenOn } from "./round";

const SOON = 4 * 3_600_000;

export function today(session: Session): Child[] {
  const cases = [...session.pocket.cases].sort((one, other) => due(one) - due(other));
  const now = session.now();
  const soon = cases.filter((one) => one.case.emergency || due(one) - now < SOON);
  const later = cases.filter((one) => !soon.includes(one));
  const rounds = session.pocket.rounds.filter((round) => !round.closed).map((round) =>
    item("#/round", round.plan.name, [round.grid.name, say("of_places", { n: seenOn(session, round), all: round.places.length })]));
  const done = session.entries.filter((entry) => entry.state === "received" && isToday(entry.item.doneAt)).map((entry) =>
    item("#/outbox", entry.item.title, [say("done_at", { time: clock(entry.item.doneAt + entry.item.offset) })]));
  const nothing = soon.length + later.length + rounds.length === 0;
  return [
    h("div", { class: "row row--between" }, h("h1", { tabindex: "-1" }, say("today")), link(say("me"), "#/me", "button--quiet")),
    h("p", { class: "field__hint" }, say("as_of", { time: clock(session.pocket.at) })),
    nothing && empty(say("nothing_today"), say("nothing_today_more")),
    ...group("now", [...rounds, ...soon.map((one) => row(one, now))]),
    ...group("later", later.map((one) => row(one, now))),
    ...group("done", done),
  ];
}

function group(name: string, rows: HTMLElement[]): Child[] {
  return rows.length > 0 ? [h("h2", {}, say(name)), h("ul", { class: "items" }, ...rows)] : [];
}

function row(one: PocketCase, now: number): HTMLElement {
  const words = one.readable ? (one.text ?? "").split("\n")[0] : say("private");
  return item(`#/case/${one.case.number}`, inLanguage(one.category), [leftOf(one.case, now, byDay(one)), pill(one.case.state, say(`state_${one.case.state}`)), one.mine ? say("mine") : one.holder], one.place, words);
}

function item(href: string, title: string, meta: Child[], place?: string, words?: string): HTMLElement {
  return h("li", { class: "item" },
    h("a", { class: "item__link", href }, title),
    words ? h("p", { class: "field-words" }, words) : undefined,
    place ? h("p", { class: "field-words" }, place) : undefined,
    h("p", { class: "item__meta" }, ...meta.map((part) => (typeof part === "string" ? h("span", {}, part) : part))));
}

function due(one: PocketCase): number {
  return one.case.due_at ? Date.parse(one.case.due_at) : Number.MAX_SAFE_INTEGER;
}

function isToday(at: number): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}
