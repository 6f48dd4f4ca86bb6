/** Improves the resident's pages; each of them works without it. At most 5 KB on the wire. */
import { closeMenu } from "../controllers/closeMenu";
import { fillPosition } from "../controllers/fillPosition";
import { guardDoubleSending } from "../controllers/guardDoubleSending";
import { previewPhotos } from "../controllers/previewPhotos";
import { readFragmentReceipt } from "../controllers/readFragmentReceipt";
import { showKnownHere } from "../controllers/showKnownHere";

previewPhotos(document);
showKnownHere(document);
fillPosition(document);
guardDoubleSending(document);
readFragmentReceipt(document);
closeMenu(document); // signed in, one reads the handbook and sees to the account with it
