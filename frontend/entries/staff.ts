/** Improves the staff pages; each of them works without it. */
import { guardDoubleSending } from "../controllers/guardDoubleSending";
import { openDialogs } from "../controllers/openDialogs";
import { previewPhotos } from "../controllers/previewPhotos";
import { printPage } from "../controllers/printPage";
import { sayPresence } from "../controllers/sayPresence";

previewPhotos(document);
guardDoubleSending(document);
openDialogs(document);
sayPresence(document);
printPage(document);
