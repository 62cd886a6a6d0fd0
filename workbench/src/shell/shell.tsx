// What stands around every page: where one can go, the search box, the shortcuts that work everywhere.
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import {
  Link,
  NavLink,
  Outlet,
  useLocation,
  useNavigate,
  useNavigation,
  useNavigationType,
} from "react-router";
import { RightsProvider, useRights } from "../data/rights.tsx";
import { LostRights } from "../parts/lost.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { say } from "../strings.ts";
import { SearchBox } from "./search-box.tsx";
import styles from "./shell.module.css";
import { ShortcutProvider, useShortcutList, useShortcuts } from "./shortcuts.tsx";
import { readTheme, THEMES, type Theme, useTheme } from "./theme.ts";
import { ToastProvider } from "./toast.tsx";
import { ViewerMenu } from "./viewer.tsx";

export function Shell(): ReactNode {
  const main = useRef<HTMLElement>(null);
  useArrival(main);
  return (
    <ShortcutProvider>
      <ToastProvider>
        <a className={styles.skip} href="#page">
          {say.skip}
        </a>
        <RightsProvider>
          <TopBar />
          <LostRights />
          <main ref={main} id="page" tabIndex={-1} className={styles.page}>
            <Coming />
            <Outlet />
          </main>
        </RightsProvider>
      </ToastProvider>
    </ShortcutProvider>
  );
}

/**
 * Another page begins at its top, but for one that was gone back to; and the focus, if it went with the page before, is
 * in it: the keyboard goes on from there, and it is read out.
 */
function useArrival(main: RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const went = useNavigationType() !== "POP";
  const shown = useRef(pathname);
  useLayoutEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    if (went) window.scrollTo({ top: 0, behavior: "instant" });
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [pathname, went, main]);
}

/** A page that was asked for is on its way; until then the one before it stays. */
function Coming(): ReactNode {
  return useNavigation().state === "idle" ? null : <Waiting className={styles.coming} />;
}

function TopBar(): ReactNode {
  const navigate = useNavigate();
  const showShortcuts = useShortcutList();
  const search = useRef<HTMLInputElement>(null);
  const { record } = useRights();
  useShortcuts(say.shortcuts.everywhere, [
    { keys: "/", label: say.shortcuts.search, run: () => search.current?.select() },
    { keys: "g h", label: say.shortcuts.home, run: () => navigate("/") },
    { keys: "g q", label: say.shortcuts.queue, run: () => navigate("/queue") },
    ...(record ? [{ keys: "g p", label: say.shortcuts.paste, run: () => navigate("/paste") }] : []),
    { keys: "?", label: say.shortcuts.show, run: showShortcuts },
    { keys: "Mod+/", label: say.shortcuts.showTyping, run: showShortcuts, always: true },
  ]);
  return (
    <header className={styles.bar}>
      <Link to="/" className={styles.name}>
        <Sign />
        {say.name}
      </Link>
      <SearchBox field={search} />
      <nav aria-label={say.navigation} className={styles.nav}>
        <NavLink to="/queue">{say.nav.queue}</NavLink>
        {record && <NavLink to="/paste">{say.nav.paste}</NavLink>}
        <a href="/graphql">{say.nav.explore}</a>
      </nav>
      <div className={styles.tools}>
        <ThemeChoice />
        <button type="button" className={styles.help} onClick={showShortcuts} title={say.shortcuts.show}>
          <kbd>?</kbd>
          <span className="only-read">{say.shortcuts.show}</span>
        </button>
        <ViewerMenu />
      </div>
    </header>
  );
}

function Sign(): ReactNode {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={styles.sign}>
      <circle cx="12" cy="16" r="7.5" />
      <circle cx="20" cy="16" r="7.5" />
    </svg>
  );
}

function ThemeChoice(): ReactNode {
  const [theme, setTheme] = useTheme();
  return (
    <label className={styles.theme}>
      <span className="only-read">{say.theme.label}</span>
      <select value={theme} onChange={(event) => setTheme(readTheme(event.target.value))}>
        {THEMES.map((choice: Theme) => (
          <option key={choice} value={choice}>
            {say.theme[choice]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The title of the window while a page is shown. */
function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = say.title(title);
  }, [title]);
}

/** The width in which a page is laid out, with its heading. */
export function Page({ title, children }: { title: string | undefined; children: ReactNode }): ReactNode {
  usePageTitle(title);
  return <div className={styles.inner}>{children}</div>;
}
