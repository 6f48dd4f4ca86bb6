/** Improves the queue, which works without it: a reading pane, keys, presence. At most 30 KB on the wire. */
import { guardDoubleSending } from "../controllers/guardDoubleSending";
import { openBeside } from "../controllers/openBeside";
import { openDialogs } from "../controllers/openDialogs";
import { queueKeys } from "../controllers/queueKeys";
import { sayPresence } from "../controllers/sayPresence";

guardDoubleSending(document);
openDialogs(document);
const pane = openBeside(document, (part) => sayPresence(part));
queueKeys(document, pane);
