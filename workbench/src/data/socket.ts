// Subscriptions on one socket of the page's own origin, by graphql-transport-ws. The browser sends the cookie
// with which one is signed in, as with every request.

import { rightsChanged } from "./signals.ts";

const PROTOCOL = "graphql-transport-ws";
const RETRY_MS = [1_000, 2_000, 5_000, 15_000, 30_000];
const PING_MS = 20_000;
/** The server does not know who asks. That is not tried again by itself. */
const UNKNOWN = 4401;
/** From one page to the next the socket stays. */
const LINGER_MS = 3_000;

/** `down`: it cannot be had, or was lost; it is tried again by itself. */
export type SocketState = "opening" | "live" | "down";

interface Topic {
  readonly query: string;
  readonly variables: object;
  /** Something happened; or the subscription stands, and something may have happened before. */
  readonly onEvent: () => void;
}

interface Message {
  readonly type: string;
  readonly id?: string;
  /** Of a pong: the subscription that stands. */
  readonly payload?: { readonly subscribed?: string };
}

const topics = new Map<string, Topic>();
const listeners = new Set<() => void>();
let socket: WebSocket | undefined;
let state: SocketState = "opening";
let failures = 0;
let timer: number | undefined;
let pinging: number | undefined;
let names = 0;

rightsChanged.listen(() => {
  if (socket !== undefined || topics.size === 0) return;
  window.clearTimeout(timer);
  open();
});

export function socketState(): SocketState {
  return state;
}

export function listenToSocket(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Hear of each event until the function that is returned is called. */
export function subscribe(topic: Topic): () => void {
  names += 1;
  const id = String(names);
  topics.set(id, topic);
  window.clearTimeout(timer);
  if (state === "live") tell({ id, type: "subscribe", payload: payloadOf(topic) });
  else if (socket === undefined) open();
  return () => {
    topics.delete(id);
    if (state === "live") tell({ id, type: "complete" });
    if (topics.size > 0) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(close, LINGER_MS);
  };
}

function open(): void {
  const { protocol, host } = window.location;
  const opened = new WebSocket(`${protocol === "https:" ? "wss:" : "ws:"}//${host}/graphql`, PROTOCOL);
  socket = opened;
  opened.onopen = () => tell({ type: "connection_init", payload: { acknowledge: true } });
  opened.onmessage = ({ data }) => take(JSON.parse(String(data)) as Message);
  opened.onclose = ({ code }) => {
    if (socket === opened) fail(code);
  };
}

function take(message: Message): void {
  switch (message.type) {
    case "connection_ack":
      begin();
      break;
    case "next":
      failures = 0;
      topics.get(message.id ?? "")?.onEvent();
      break;
    case "pong":
      failures = 0;
      pinging = undefined;
      topics.get(message.payload?.subscribed ?? "")?.onEvent();
      break;
    case "ping":
      tell({ type: "pong" });
      break;
    default:
      // The server ends or refuses what was asked for: later it may not.
      if (topics.has(message.id ?? "")) socket?.close();
  }
}

function begin(): void {
  change("live");
  for (const [id, topic] of topics) tell({ id, type: "subscribe", payload: payloadOf(topic) });
  pinging = undefined;
  window.clearTimeout(timer);
  keepAlive(socket);
  if (topics.size === 0) timer = window.setTimeout(close, LINGER_MS);
}

/** A socket whose other end is gone says nothing: what is not answered is lost. */
function keepAlive(kept: WebSocket | undefined): void {
  window.setTimeout(() => {
    if (kept === undefined || socket !== kept) return;
    if (pinging !== undefined) {
      kept.close();
      fail();
      return;
    }
    pinging = Date.now();
    tell({ type: "ping" });
    keepAlive(kept);
  }, PING_MS);
}

function fail(code?: number): void {
  socket = undefined;
  change("down");
  window.clearTimeout(timer);
  if (topics.size === 0 || code === UNKNOWN) return;
  timer = window.setTimeout(open, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
  failures += 1;
}

function close(): void {
  const closing = socket;
  socket = undefined;
  change("opening");
  closing?.close(1000);
}

function change(next: SocketState): void {
  state = next;
  for (const listener of listeners) listener();
}

function tell(message: object): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function payloadOf({ query, variables }: Topic): object {
  return { query, variables };
}
