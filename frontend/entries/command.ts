/** The command screen: map, charts and life for a page that is whole without them. At most 650 KB on the wire, and
 * nothing of it on other pages. */
import "../css/command.css";
import { closeMenu } from "../controllers/closeMenu";
import { CommandScreen } from "../controllers/commandScreen";
import { guardDoubleSending } from "../controllers/guardDoubleSending";

guardDoubleSending(document);
closeMenu(document);
const data = document.getElementById("command-data");
if (data?.textContent) void new CommandScreen(document, JSON.parse(data.textContent)).begin();
