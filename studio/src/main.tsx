/** Puts the studio into the page. */

import { render } from "preact";
import { Studio } from "./studio.tsx";
import "./styles/base.css";
import "./styles/rooms.css";
import "./styles/canvas.css";
import "./styles/regions.css";

render(<Studio />, document.getElementById("studio") ?? document.body);
