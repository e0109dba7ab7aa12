/** The studio's rooms: the canvas in the middle, regions at its side, panels at the other, earlier pictures below. */

import type { JSX } from "preact";
import { Canvas } from "./canvas/canvas.tsx";
import { Toolbar } from "./canvas/toolbar.tsx";
import { DryRunReport } from "./dry_run/report.tsx";
import { History } from "./history/history.tsx";
import { KeyEntry } from "./key/key_entry.tsx";
import { PaintBar } from "./paint/paint_bar.tsx";
import { RegionList } from "./regions/region_list.tsx";
import { Drop } from "./restore/drop.tsx";
import { Header } from "./shell/header.tsx";
import { SidePanel } from "./shell/side_panel.tsx";
import { SkipLinks } from "./shell/skip_links.tsx";
import { Welcome } from "./welcome/welcome.tsx";

export function Studio(): JSX.Element {
  return (
    <>
      <SkipLinks />
      <Header />
      <Welcome />
      <div class="rooms">
        <main class="middle" id="canvas-room" tabIndex={-1}>
          <Toolbar />
          <Canvas />
          <PaintBar />
        </main>
        <aside class="left" id="regions-room" aria-label="Regions and check" tabIndex={-1}>
          <RegionList />
          <DryRunReport />
        </aside>
        <SidePanel />
        <History />
      </div>
      <KeyEntry />
      <Drop />
    </>
  );
}
