/** Improves the queue, which works without it: a reading pane, keys, choosing, presence. At most 30 KB on the wire. */
import { askWhen } from "../controllers/askWhen";
import { chooseRows } from "../controllers/chooseRows";
import { guardDoubleSending } from "../controllers/guardDoubleSending";
import { openBeside } from "../controllers/openBeside";
import { openDialogs } from "../controllers/openDialogs";
import { queueKeys } from "../controllers/queueKeys";
import { sayPresence } from "../controllers/sayPresence";

openDialogs(document);
const choice = chooseRows(document);
const drawn = (part: HTMLElement): void => {
  sayPresence(part);
  askWhen(part);
};
queueKeys(document, openBeside(document, drawn, choice.restore), choice);
guardDoubleSending(document);
