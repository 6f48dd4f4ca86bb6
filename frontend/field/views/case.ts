/** One matter, readable without network, with the steps the table allowed when it was last seen. */
import { byDay, type Ask, type Move, type PocketCase } from "../contact";
import { empty, h, inLanguage, leftOf, link, notice, pill, say, toast, type Child } from "../page";
import { Draft, draftOf, valuesOf } from "../draft";
import type { Act } from "../outbox";
import { photoField, type PhotoField } from "../photoField";
import type { Session } from "../session";
import { history } from "./history";

const HERE = new Set(["text", "reason", "choice", "closing", "yes", "photos", "date"]);

export function showCase(session: Session, number: string, draftId?: string): Child[] {
  const one = session.pocket.cases.find((known) => known.case.number === number);
  const whole = link(say("open_whole"), `/staff/cases/${encodeURIComponent(number)}`);
  if (!one) return [h("h1", { tabindex: "-1" }, number), empty(say("not_kept"), "", whole)];
  const waiting = session.entries.filter((entry) => entry.state === "waiting" && entry.item.about === number).length;
  const moves = one.moves ?? [];
  const here = moves.filter((move) => (move.asks ?? []).every((ask) => HERE.has(ask.kind) || !ask.required));
  return [
    h("h1", { tabindex: "-1" }, inLanguage(one.category)),
    h("p", { class: "item__meta" }, pill(one.case.state, say(`state_${one.case.state}`)), leftOf(one.case, session.now(), byDay(one)), h("span", {}, number)),
    waiting > 0 && notice(say("waiting_here", { n: waiting })),
    one.readable ? h("p", { class: "field-text" }, one.text ?? "") : notice(say("private")),
    one.place ? h("p", {}, one.place) : undefined,
    (one.mine || one.holder !== "") && h("p", { class: "field__hint" }, one.mine ? say("mine") : say("with", { name: one.holder })),
    here.length > 0 && h("h2", {}, say("what_next")),
    ...here.map((move) => moveForm(session, one, move, draftId)),
    here.length < moves.length && h("p", { class: "field__hint" }, say("elsewhere")),
    history(session, number),
    whole,
  ];
}

function moveForm(session: Session, one: PocketCase, move: Move, draftId?: string): HTMLElement {
  const photos = photoField(() => draft.changed());
  const asks = (move.asks ?? []).filter((ask) => HERE.has(ask.kind));
  const act = (): Act => ({
    kind: "move", title: `${move.name} · ${inLanguage(one.category)}`, about: one.case.number, timed: true,
    path: `field/cases/${one.case.number}/moves/${move.code}`,
    body: { given: Object.fromEntries(Object.entries(valuesOf(form)).filter(([, value]) => value !== "")), version: one.case.version },
    ...((move.asks ?? []).some((ask) => ask.kind === "photos") ? { photosAt: "given.photos" as const } : {}),
  });
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!(await draft.send())) return; // the form still holds everything
    toast(say("keep_it"));
    location.hash = "#/today";
  };
  const form = h("form", { class: "stack", submit: (event) => void send(event), input: () => draft.changed() }, ...asks.map((ask) => field(move, ask, photos)), h("button", { class: "button button--wide" }, say("send")));
  const opened = draftOf(session, act(), draftId) ?? draftOf(session, act());
  const draft = new Draft(session, { form, photos, act, draft: opened });
  return h("details", { class: "card field-move", open: opened !== undefined }, h("summary", {}, move.name), form);
}

function field(move: Move, ask: Ask, photos: PhotoField): HTMLElement {
  const id = `${move.code}-${ask.name}`;
  if (ask.kind === "photos") return h("div", { class: "field" }, h("p", { class: "field__label" }, ask.label), ask.hint ? h("p", { class: "field__hint" }, ask.hint) : false, photos.element);
  if (ask.kind === "yes") return h("label", { class: "choice" }, h("input", { type: "checkbox", name: ask.name, value: "1" }), h("span", {}, ask.label));
  const label = h("label", { class: "field__label", for: id }, ask.label);
  const facts = { id, name: ask.name, required: ask.required };
  if (ask.choices) {
    const choices = Object.entries(ask.choices).map(([value, words]) => h("option", { value }, words));
    return h("div", { class: "field" }, label, h("select", facts, h("option", { value: "" }, say("choose")), ...choices));
  }
  return h("div", { class: "field" }, label, ask.kind === "date" ? h("input", { ...facts, type: "date" }) : h("textarea", { ...facts, rows: "3" }));
}
