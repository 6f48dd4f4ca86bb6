/** Improves the queue, which works without it: a reading pane, keys, choosing, presence, news. At most 30 KB on the wire. */
import { askWhen } from "../controllers/askWhen";
import { chooseRows } from "../controllers/chooseRows";
import { closeMenu } from "../controllers/closeMenu";
import { guardDoubleSending } from "../controllers/guardDoubleSending";
import { openBeside } from "../controllers/openBeside";
import { openDialogs } from "../controllers/openDialogs";
import { queueKeys } from "../controllers/queueKeys";
import { sayPresence } from "../controllers/sayPresence";
import { tellNews } from "../controllers/tellNews";

openDialogs(document);
const choice = chooseRows(document);
const drawn = (part: HTMLElement): void => {
  sayPresence(part);
  askWhen(part);
};
const beside = openBeside(document, drawn, () => {
  choice.restore();
  news?.forget();
});
const news = beside && tellNews(document, beside);
queueKeys(document, beside, choice);
guardDoubleSending(document);
closeMenu(document);
