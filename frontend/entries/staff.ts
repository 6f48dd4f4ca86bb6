/** Improves the staff pages; each of them works without it. */
import { askWhen } from "../controllers/askWhen";
import { closeMenu } from "../controllers/closeMenu";
import { countDown } from "../controllers/countDown";
import { guardDoubleSending } from "../controllers/guardDoubleSending";
import { openDialogs } from "../controllers/openDialogs";
import { previewPhotos } from "../controllers/previewPhotos";
import { printPage } from "../controllers/printPage";
import { sayPresence } from "../controllers/sayPresence";

previewPhotos(document);
guardDoubleSending(document);
closeMenu(document);
openDialogs(document);
sayPresence(document);
printPage(document);
askWhen(document);
void countDown(document);
