// Shortcuts: a page says which it has while it is shown; `?` lists those that work right now. A sequence that was begun
// waits for its next key, however long that takes, and says so.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { Dialog } from "../parts/dialog.tsx";
import { say } from "../strings.ts";
import { matchStroke, writeStroke } from "./keys.ts";
import styles from "./shortcuts.module.css";

interface Shortcut {
  /** "j", "Mod+Enter", or a sequence "g h". */
  readonly keys: string;
  readonly label: string;
  /** Without it the browser does it by itself, and it is told of alone. */
  readonly run?: () => void;
  /** Works while words are typed, too. */
  readonly always?: boolean;
}

type Group = { readonly title: string; readonly current: readonly Shortcut[] };
interface Registry {
  readonly add: (group: { title: string; current: readonly Shortcut[] }) => () => void;
  readonly show: () => void;
}

const Shortcuts = createContext<Registry>({ add: () => () => undefined, show: () => undefined });

/** These shortcuts work as long as the component is shown. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const { add } = useContext(Shortcuts);
  const group = useRef({ title, current: shortcuts });
  group.current.current = shortcuts;
  // Before the page is painted: a key counts as soon as one sees what it is for.
  useLayoutEffect(() => add(group.current), [add]);
}

/** Show the list of shortcuts. */
export function useShortcutList(): () => void {
  return useContext(Shortcuts).show;
}

export function ShortcutProvider({ children }: { children: ReactNode }): ReactNode {
  const groups = useRef(new Set<Group>());
  const [shown, setShown] = useState(false);
  const add = useCallback((group: Group) => {
    groups.current.add(group);
    return () => {
      groups.current.delete(group);
    };
  }, []);
  const show = useCallback(() => setShown(true), []);
  const hide = useCallback(() => setShown(false), []);
  const begun = useStrokes(groups.current);
  const registry = useMemo(() => ({ add, show }), [add, show]);
  return (
    <Shortcuts value={registry}>
      {children}
      <div role="status">{begun !== undefined && <Begun {...begun} />}</div>
      {shown && <ShortcutList groups={[...groups.current]} onClose={hide} />}
    </Shortcuts>
  );
}

/** A sequence of which the first strokes were made. */
interface Begun {
  readonly before: string;
  /** What it may become. */
  readonly shortcuts: readonly Shortcut[];
}

function useStrokes(groups: ReadonlySet<Group>): Begun | undefined {
  const [begun, setBegun] = useState<Begun | undefined>(undefined);
  useLayoutEffect(() => {
    let before = "";
    const leave = (): void => {
      if (before === "") return;
      before = "";
      setBegun(undefined);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (
        event.defaultPrevented ||
        event.isComposing ||
        ["Shift", "Control", "Meta", "Alt"].includes(event.key)
      )
        return;
      const modal = document.querySelector("dialog:modal") !== null;
      const usable = [...groups]
        .reverse()
        .flatMap((group) => group.current)
        .filter(
          ({ run, always }) => run !== undefined && (always === true || !(modal || isTyping(event.target))),
        );
      if (event.key === "Enter" && hasItsOwnEnter(event.target)) return;
      const stroke = writeStroke(event);
      const waited = before;
      leave();
      if (waited !== "" && event.key === "Escape") {
        event.preventDefault();
        return;
      }
      // A stroke with which no sequence goes on is one of its own.
      const matched =
        (waited === "" ? undefined : matchStroke(usable, waited, stroke)) ?? matchStroke(usable, "", stroke);
      if (matched === undefined) return;
      event.preventDefault();
      if (matched === "begun") {
        before = stroke;
        const shortcuts = usable.filter(({ keys }) => keys.startsWith(`${stroke} `));
        setBegun({ before, shortcuts });
        return;
      }
      matched.run?.();
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", leave);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", leave);
    };
  }, [groups]);
  return begun;
}

/** That the page waits for the rest of a sequence, and what it can be. */
function Begun({ before, shortcuts }: Begun): ReactNode {
  return (
    <dl className={styles.begun}>
      {[
        ...shortcuts.map(({ keys, label }) => ({ keys: keys.slice(before.length + 1), label })),
        { keys: "Escape", label: say.shortcuts.leave },
      ].map(({ keys, label }) => (
        <div key={keys}>
          <dt>{label}</dt>
          <dd>
            <Keys keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function hasItsOwnEnter(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("a, button, summary") !== null;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select")
  );
}

function ShortcutList({ groups, onClose }: { groups: readonly Group[]; onClose: () => void }): ReactNode {
  const titles = [...new Set(groups.filter(({ current }) => current.length > 0).map(({ title }) => title))];
  return (
    <Dialog title={say.shortcuts.title} onClose={onClose}>
      <div className={styles.groups}>
        {titles.map((title) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className={styles.list}>
              {groups
                .filter((group) => group.title === title)
                .flatMap((group) => group.current)
                .map((shortcut) => (
                  <div key={shortcut.keys}>
                    <dt>{shortcut.label}</dt>
                    <dd>
                      <Keys keys={shortcut.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** A shortcut as keys to press. */
function Keys({ keys }: { keys: string }): ReactNode {
  const mod = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";
  return keys.split(" ").map((stroke, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the strokes of a sequence do not move.
    <span key={index}>
      {index > 0 && <span className={styles.then}> {say.shortcuts.after} </span>}
      {stroke.split("+").map((key) => (
        <kbd key={key}>{key === "Mod" ? mod : key === "Escape" ? "Esc" : key}</kbd>
      ))}
    </span>
  ));
}
