/** Improves the resident's pages; each of them works without it. At most 5 KB on the wire. */
import { guardDoubleSending } from "../controllers/guardDoubleSending";
import { previewPhotos } from "../controllers/previewPhotos";
import { readFragmentReceipt } from "../controllers/readFragmentReceipt";

previewPhotos(document);
guardDoubleSending(document);
readFragmentReceipt(document);
