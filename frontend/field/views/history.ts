/** What happened so far, with small photos: as the phone keeps it, and anew when there is network. */
import { fetchFile, readFile, thumb, type CaseFile } from "../caseFile";
import { clock, h, say } from "../page";
import type { Session } from "../session";

export function history(session: Session, number: string): HTMLElement {
  const said = h("p", { class: "field__hint", role: "status" });
  const list = h("ol", { class: "timeline" });
  void show(session, number, said, list);
  return h("section", { class: "stack" }, h("h2", {}, say("history")), said, list);
}

async function show(session: Session, number: string, said: HTMLElement, list: HTMLElement): Promise<void> {
  const { store, person } = session;
  const kept = await readFile(store, person, number);
  if (kept) await draw(session, number, kept, said, list);
  if (kept && kept.at >= session.pocket.at) return; // read since the last contact
  const fresh = await fetchFile(store, person, number, fetch.bind(globalThis), Date.now());
  if (fresh) await draw(session, number, fresh, said, list);
  else if (!kept) said.textContent = say("history_none");
}

async function draw({ store, person }: Session, number: string, file: CaseFile, said: HTMLElement, list: HTMLElement): Promise<void> {
  said.textContent = say("history_as_of", { time: clock(file.at) });
  const places: [HTMLElement, string][] = [];
  list.replaceChildren(...file.story.map(({ kind, at, texts = [], photos = [] }) => {
    const shown = h("div", { class: "photos" });
    for (const id of photos) places.push([shown, id]);
    return h("li", { class: "timeline__item" },
      h("time", { datetime: at }, clock(Date.parse(at))),
      h("p", {}, h("strong", {}, say(`act_${kind.replace("case.", "")}`))),
      ...texts.map(({ text }) => h("p", { class: "field-text" }, text)),
      photos.length > 0 && shown);
  }));
  for (const [n, [shown, id]] of places.entries()) {
    const photo = await thumb(store, person, number, id, fetch.bind(globalThis));
    if (!photo) continue;
    const src = URL.createObjectURL(photo);
    const image = h("img", { alt: say("photo", { n: n + 1 }), src, load: () => URL.revokeObjectURL(src) });
    shown.append(image);
  }
}
