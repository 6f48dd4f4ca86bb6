/** Improves the staff pages; each of them works without it. */
import { guardDoubleSending } from "../controllers/guardDoubleSending";
import { openDialogs } from "../controllers/openDialogs";
import { previewPhotos } from "../controllers/previewPhotos";

previewPhotos(document);
guardDoubleSending(document);
openDialogs(document);
