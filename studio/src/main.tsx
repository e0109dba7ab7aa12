/** Puts the studio into the page. */

import { render } from "preact";
import { Studio } from "./studio.tsx";
import "./styles/base.css";
import "./styles/rooms.css";
import "./styles/history.css";
import "./styles/layouts.css";
import "./styles/paint.css";
import "./styles/restore.css";
import "./styles/take_away.css";

render(<Studio />, document.getElementById("studio") ?? document.body);
