/** The phone's app of those who are on the way. At most 25 KB on the wire. */
import { start } from "../field/app";

const root = document.getElementById("app");
if (root) void start(root);
