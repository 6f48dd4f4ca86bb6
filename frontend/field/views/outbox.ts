/** Everything done on this phone and how far it has come; what the server refused is shown with both texts. */
import { UNREADABLE, letGo, photosOf, update, type Entry, type Item } from "../outbox";
import { button, clock, empty, h, link, notice, pill, say, toast, type Child } from "../page";
import type { Session } from "../session";
import type { State } from "../store";
import { TOO_LARGE } from "../sync";

const WORDS = ["text", "note"]; // what of a body its author wrote; the rest is codes
const ORDER: State[] = ["needs", "draft", "waiting", "received"];
const LOOK: Partial<Record<State, string>> = { needs: "overdue", draft: "submitted", waiting: "assigned", received: "closed" };

export function outbox(session: Session): Child[] {
  const groups = ORDER.map((state) => [state, session.entries.filter((entry) => entry.state === state)] as const);
  const waiting = session.entries.some((entry) => entry.state === "waiting");
  return [
    h("div", { class: "row row--between" }, h("h1", { tabindex: "-1" }, say("outbox")), waiting && button(say("send_now"), () => void session.send())),
    session.entries.length === 0 && empty(say("empty"), say("empty_more")),
    ...groups.flatMap(([state, entries]) =>
      entries.length > 0 ? [h("h2", {}, say(state) + say("bracketed", { text: entries.length })), h("ul", { class: "items" }, ...entries.map((entry) => row(session, entry)))] : []),
  ];
}

function row(session: Session, entry: Entry): HTMLElement {
  const { item, state } = entry;
  return h("li", { class: "item stack", id: `act-${entry.id}` },
    h("div", { class: "row row--between" }, h("strong", {}, item.title || say("report")), pill(LOOK[state] ?? "", say(state))),
    h("p", { class: "item__meta" }, h("span", {}, say("done_at", { time: clock(item.doneAt + item.offset) })), ...became(item)),
    noteOf(item) !== undefined && notice(noteOf(item) ?? "", "notice--warning"),
    state === "needs" && item.problem?.code !== UNREADABLE && bothTexts(item),
    (state === "needs" || state === "draft") && acts(session, entry));
}

function became(item: Item): Child[] {
  const number = item.answer?.["number"] ?? (item.answer?.["case"] as { number?: string } | undefined)?.number;
  return typeof number === "string" && number ? [h("span", {}, say("became", { number }))] : [];
}

function noteOf(item: Item): string | undefined {
  const note = item.answer?.["note"];
  if (item.problem?.code === UNREADABLE) return say("unreadable");
  if (item.answer?.["kept"] === "late") return say("round_over");
  return typeof note === "string" && note ? say("as_note", { note }) : undefined;
}

function bothTexts(item: Item): HTMLElement {
  const own = ownWords(item);
  const { code = "", message = "" } = item.problem ?? {};
  const said = code === "too_old" || (code === TOO_LARGE && !message) ? say(code) : message;
  return h("dl", { class: "field-both" }, h("dt", {}, say("you_wrote")), h("dd", {}, own || item.title), h("dt", {}, say("server_says")), h("dd", {}, said));
}

function ownWords(item: Item): string {
  const given = (item.body["given"] ?? item.body) as Record<string, unknown>;
  return WORDS.map((name) => given[name]).filter((value) => typeof value === "string" && value).join("\n");
}

/** A copy to paste elsewhere; the act stays here until it is let go. */
async function copyWords(item: Item): Promise<void> {
  const copied = await navigator.clipboard.writeText(ownWords(item)).then(() => true, () => false);
  toast(say(copied ? "copied" : "not_copied"));
}

/** The page on which a draft is being written. */
function whereWritten({ id, item }: Entry): string {
  if (item.kind === "move") return `#/case/${item.about}/${id}`;
  if (item.kind === "tick") return "#/round";
  return item.kind === "finding" ? `#/finding/${item.path.split("/")[2]}/${item.about}/${id}` : `#/report/${id}`;
}

function acts(session: Session, entry: Entry): HTMLElement {
  const drop = async (): Promise<void> => {
    if (!confirm(say("let_go_sure"))) return;
    await letGo(session.store, entry.id, entry.item);
    await session.changed();
  };
  const again = async (): Promise<void> => {
    const { problem: _gone, ...item } = entry.item;
    await update(session.store, session.person, entry.id, "waiting", withoutSending(item));
    await session.changed();
    await session.send();
  };
  return h("div", { class: "buttons" },
    entry.state === "draft" && link(say("continue"), whereWritten(entry)),
    entry.state === "needs" && entry.item.path !== "" && button(say("try_again"), () => void again(), "button--second"),
    ownWords(entry.item) !== "" && button(say("copy_words"), () => void copyWords(entry.item), "button--second"),
    entry.item.photos.length > 0 && button(say("save_photos"), () => void savePhotos(session, entry), "button--second"),
    button(say("let_go"), () => void drop(), "button--quiet"));
}

/** A refused act did not happen, so it may be said anew; one that is only too old may have, and is repeated as it was. */
function withoutSending(item: Item): Item {
  const { sending, ...rest } = item;
  return sending && item.problem?.code === "too_old" ? { ...rest, sending: { ...sending, first: Date.now() } } : rest;
}

async function savePhotos(session: Session, entry: Entry): Promise<void> {
  const photos = await photosOf(session.store, session.person, entry.id);
  for (const [at, photo] of photos.entries()) {
    const href = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
    const name = `${entry.item.title.slice(0, 20) || "gewu"}-${at + 1}.${photo.type.split("/")[1] ?? "jpg"}`;
    h("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }
}
