/** What happened so far, with small photos: as the phone keeps it, and anew when there is network. A page drawn again keeps
 * the list that is shown: nothing that did not change goes and comes back. */
import { fetchFile, readFile, thumb, type CaseFile, type Chapter } from "../caseFile";
import { clock, h, say } from "../page";
import type { Session } from "../session";

const drawnFrom = new WeakMap<Element, string>(); // an item -> its chapter

interface Shown {
  section: HTMLElement;
  said: HTMLElement;
  list: HTMLElement;
}

export function history(session: Session, number: string): HTMLElement {
  const shown = shownOf(`${session.person.keyId}/${number}`);
  void show(session, number, shown);
  return shown.section;
}

/** The history of this case for this person as it stands on the page, or an empty one. */
function shownOf(whose: string): Shown {
  const old = document.getElementById("history");
  if (old?.dataset["of"] === whose) {
    const [said, list] = [old.querySelector<HTMLElement>("[role=status]"), old.querySelector<HTMLElement>(".timeline")];
    if (said && list) return { section: old, said, list };
  }
  const said = h("p", { class: "field__hint", role: "status" });
  const list = h("ol", { class: "timeline" });
  return { section: h("section", { id: "history", class: "stack", "data-of": whose }, h("h2", {}, say("history")), said, list), said, list };
}

async function show(session: Session, number: string, shown: Shown): Promise<void> {
  const { store, person } = session;
  const kept = await readFile(store, person, number);
  if (kept) await draw(session, number, kept, shown);
  if (kept && kept.at >= session.pocket.at) return; // read since the last contact
  const fresh = await fetchFile(store, person, number, fetch.bind(globalThis), Date.now());
  if (fresh) await draw(session, number, fresh, shown);
  else if (!kept) put(shown.said, say("history_none"));
}

function put(said: HTMLElement, words: string): void {
  if (said.textContent !== words) said.textContent = words;
}

async function draw({ store, person }: Session, number: string, file: CaseFile, { said, list }: Shown): Promise<void> {
  put(said, say("history_as_of", { time: clock(file.at) }));
  const standing = new Map([...list.children].map((one) => [drawnFrom.get(one), one]));
  const items = file.story.map((chapter) => take(standing, JSON.stringify(chapter)) ?? item(chapter));
  if (items.length !== list.children.length || items.some((one, at) => list.children[at] !== one)) list.replaceChildren(...items);
  const places = file.story.flatMap(({ photos = [] }, at) => photos.map((id) => [items[at]?.querySelector(".photos"), id] as const));
  for (const [n, [place, id]] of places.entries()) {
    const isThere = (): boolean => Boolean(place?.querySelector(`[data-photo="${CSS.escape(id)}"]`));
    if (isThere()) continue;
    const photo = await thumb(store, person, number, id, fetch.bind(globalThis));
    if (!photo || isThere()) continue; // or drawn meanwhile
    const src = URL.createObjectURL(photo);
    place?.append(h("img", { alt: say("photo", { n: n + 1 }), "data-photo": id, src, load: () => URL.revokeObjectURL(src) }));
  }
}

/** Each item that stands is used once; of two alike the second is drawn. */
function take(standing: Map<string | undefined, Element>, key: string): Element | undefined {
  const found = standing.get(key);
  standing.delete(key);
  return found;
}

function item(chapter: Chapter): HTMLElement {
  const { kind, at, texts = [], photos = [] } = chapter;
  const made = h("li", { class: "timeline__item" },
    h("time", { datetime: at }, clock(Date.parse(at))),
    h("p", {}, h("strong", {}, say(`act_${kind.replace("case.", "")}`))),
    ...texts.map(({ text }) => h("p", { class: "field-text" }, text)),
    photos.length > 0 && h("div", { class: "photos" }));
  drawnFrom.set(made, JSON.stringify(chapter));
  return made;
}
