import { beforeEach, expect, test, vi } from "vitest";
import { rightsChanged } from "./signals.ts";
import { subscribe } from "./socket.ts";

const made: FakeSocket[] = [];

/** One that never comes about. */
class FakeSocket {
  static readonly OPEN = 1;
  readonly readyState = 0;
  onclose: ((event: { code: number }) => void) | undefined;

  constructor() {
    made.push(this);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("location", { protocol: "http:", host: "127.0.0.1" });
  vi.stubGlobal("WebSocket", FakeSocket);
});

test("with other rights a socket is opened at once, and none behind it", () => {
  subscribe({ query: "", variables: {}, onEvent: () => undefined });
  made[0]?.onclose?.({ code: 1006 });
  rightsChanged.announce();
  expect(made).toHaveLength(2);
  vi.advanceTimersByTime(60_000);
  expect(made).toHaveLength(2);
});
