/** Puts the studio into the page. */

import { render } from "preact";
import { followDraft } from "./dry_run/follow_draft.ts";
import { followServer } from "./settings/server.ts";
import { followF6 } from "./shell/go_between_rooms.ts";
import { followSelection } from "./shell/panels.ts";
import { Studio } from "./studio.tsx";
import "./styles/base.css";
import "./styles/rooms.css";
import "./styles/fields.css";
import "./styles/check.css";
import "./styles/history.css";
import "./styles/layouts.css";
import "./styles/local.css";
import "./styles/paint.css";
import "./styles/restore.css";
import "./styles/take_away.css";
import "./styles/canvas.css";
import "./styles/regions.css";

render(<Studio />, document.getElementById("studio") ?? document.body);
followDraft();
followServer();
followSelection();
followF6();
