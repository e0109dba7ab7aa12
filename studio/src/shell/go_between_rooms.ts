/** F6 goes from room to room, and back with Shift, as in desktop programs. */

/** The page's rooms in their order, by the ids of their elements. */
export const ROOMS = [
  { id: "canvas-room", label: "Canvas" },
  { id: "regions-room", label: "Regions" },
  { id: "panels-room", label: "Panels" },
] as const;

/** Begins to listen; called once, by the page. */
export function followF6(): void {
  addEventListener("keydown", (event) => {
    if (event.key !== "F6" || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const rooms = ROOMS.flatMap(({ id }) => document.getElementById(id) ?? []);
    const here = rooms.findIndex((room) => room.contains(document.activeElement));
    const step = event.shiftKey ? -1 : 1;
    const next = here === -1 ? (step === 1 ? 0 : rooms.length - 1) : (here + step + rooms.length) % rooms.length;
    rooms[next]?.focus();
  });
}
