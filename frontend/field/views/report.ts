/** A new matter: words, photos, where. What is typed is a draft on the phone from the first letters on. */
import { photosOf, type Act } from "../outbox";
import { h, say, toast, type Child } from "../page";
import { categoryField } from "../categoryField";
import { photoField } from "../photoField";
import type { Session } from "../session";

const PAUSE = 600;

export function report(session: Session, draftId?: string): Child[] {
  const draft = session.entries.find((entry) => entry.state === "draft" && entry.item.kind === "report" && (!draftId || entry.id === draftId));
  let id: string = draft?.id ?? crypto.randomUUID();
  let position: { lon: number; lat: number } | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const was = (draft?.item.body ?? {}) as { text?: string; condition?: string; place?: { words?: string; area?: string } };
  const kind = categoryField();
  kind.put(was.condition ?? "");
  const text = h("textarea", { id: "text", name: "text", rows: "4", required: true, "aria-describedby": "text-hint" });
  const words = h("input", { id: "words", name: "words", "aria-describedby": "words-hint" });
  text.value = was.text ?? "";
  words.value = was.place?.words ?? "";
  const grids = session.pocket.grids.filter((grid) => grid.own);
  const grid = h("select", { id: "grid", name: "grid" }, ...grids.map((one) => h("option", { value: one.code, selected: one.code === was.place?.area }, one.name)));
  const said = h("p", { class: "field__hint", role: "status" });

  const act = (): Act => ({
    kind: "report", title: text.value.trim().slice(0, 40), path: "reports", photosAt: "photos", timed: true,
    body: { text: text.value, condition: kind.value(), source: "worker", wants_answer: false, place: { ...(position ?? { area: grid.value }), words: words.value } },
  });
  const saveDraft = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void session.keep(act(), photos.files(), { id, draft: true }).then((kept) => (said.textContent = kept ? say("draft_kept") : "")), PAUSE);
  };
  const photos = photoField(saveDraft);
  if (draft) void photosOf(session.store, session.person, draft.id).then((kept) => photos.put(kept.map((one) => new Blob([one.bytes], { type: one.type }))));

  const locate = (): void => navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      position = { lon: coords.longitude, lat: coords.latitude };
      said.textContent = say("position_taken");
    },
    () => (said.textContent = say("position_refused")),
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
  );
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    clearTimeout(waiting);
    // Read, empty, keep, all at once: a fast worker's next words must never meet this report.
    const [made, files, own, typed] = [act(), photos.files(), id, { text: text.value, words: words.value, kind: kind.value() }];
    form.reset();
    text.value = words.value = "";
    kind.put("-");
    photos.put([]);
    id = crypto.randomUUID();
    position = undefined;
    if (await session.keep(made, files, { id: own })) {
      said.textContent = "";
      toast(say("keep_it"));
      return;
    }
    id = own;
    text.value = [typed.text, text.value].filter(Boolean).join("\n");
    words.value = typed.words;
    kind.put(typed.kind);
    photos.put(files);
  };
  const form = h("form", { class: "stack", submit: (event) => void send(event), input: saveDraft },
    h("div", { class: "field" }, photos.element),
    kind.element,
    h("div", { class: "field" }, h("label", { class: "field__label", for: "text" }, say("what")), h("p", { class: "field__hint", id: "text-hint" }, say("what_hint")), text),
    h("div", { class: "field" }, h("label", { class: "field__label", for: "words" }, say("where")), h("p", { class: "field__hint", id: "words-hint" }, say("where_hint")), words),
    grids.length > 0 && h("div", { class: "field" }, h("label", { class: "field__label", for: "grid" }, say("grid")), grid),
    h("div", {}, h("button", { type: "button", class: "button button--second", click: locate }, say("position")), h("p", { class: "field__hint" }, say("position_hint"))),
    said,
    h("button", { class: "button button--wide" }, say("send")));
  return [h("h1", { tabindex: "-1" }, say("report")), form];
}
