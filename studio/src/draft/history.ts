/** Undo and redo over whole states: each is kept as it was, and shares with the next what did not change. */

/** How many states can be gone back to. */
const LIMIT = 200;

/** A state, those before it and those that were undone. */
export interface History<State> {
  readonly past: readonly State[];
  readonly present: State;
  readonly future: readonly State[];
  /** What the latest change belongs to, while changes of the same kind are one step; null once it is closed. */
  readonly group: string | null;
}

/** A history without a past. */
export function begin<State>(present: State): History<State> {
  return { past: [], present, future: [], group: null };
}

/**
 * The history after a change.
 * @param group Changes in a row that name the same group are undone in one step, as those of one drag or of one field's typing.
 */
export function change<State>(history: History<State>, present: State, group: string | null = null): History<State> {
  if (present === history.present) return history;
  if (group !== null && group === history.group) return { ...history, present, future: [] };
  return { past: [...history.past, history.present].slice(-LIMIT), present, future: [], group };
}

/** Ends the group: the next change is a step of its own. */
export function closeGroup<State>(history: History<State>): History<State> {
  return history.group === null ? history : { ...history, group: null };
}

/** One step back; the same history if there is none. */
export function undo<State>({ past, present, future }: History<State>): History<State> {
  const last = past.at(-1);
  if (last === undefined) return { past, present, future, group: null };
  return { past: past.slice(0, -1), present: last, future: [present, ...future], group: null };
}

/** One step forward; the same history if there is none. */
export function redo<State>({ past, present, future }: History<State>): History<State> {
  const [next, ...later] = future;
  if (next === undefined) return { past, present, future, group: null };
  return { past: [...past, present], present: next, future: later, group: null };
}
