// Light or dark: as the system has it, unless the reader chose. Kept in this browser.
import { useEffect, useState } from "react";
import { dropKept, keep, readKept } from "../data/kept.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
const KEY = "sayso.theme";

export function readTheme(value: string | null): Theme {
  return THEMES.find((theme) => theme === value) ?? "system";
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function keptTheme(): Theme {
  return readTheme(readKept(KEY));
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(keptTheme);
  useEffect(() => {
    applyTheme(theme);
    if (theme === "system") dropKept(KEY);
    else keep(KEY, theme);
  }, [theme]);
  return [theme, setTheme];
}
