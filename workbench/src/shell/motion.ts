/** How to scroll to a place that was asked for: at once where the reader wants less motion. */
export function scrolling(): ScrollBehavior {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}
