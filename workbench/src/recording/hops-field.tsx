// Whom a claim passed through, origin first. Hops are added, moved and removed; joint speakers share one.
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import type { Channel, Mode } from "#generated/types.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { say } from "../strings.ts";
import { AgentField } from "./agent-field.tsx";
import { emptyHop, type HopDraft, moveHop, type NamedAgent } from "./draft.ts";
import styles from "./form.module.css";

export function HopsField({
  hops,
  onChange,
  suggested,
  cue,
  cueProblem,
  problem,
}: {
  hops: readonly HopDraft[];
  onChange: (hops: readonly HopDraft[]) => void;
  suggested: readonly NamedAgent[];
  /** Found beside the quote, to be confirmed. */
  cue: string | undefined;
  /** Of the hop at this place among those that are sent. */
  cueProblem: (index: number) => ReactNode;
  problem: ReactNode;
}): ReactNode {
  const list = useRef<HTMLOListElement>(null);
  const added = useRef(false);
  useEffect(() => {
    if (!added.current) return;
    added.current = false;
    list.current?.lastElementChild?.querySelector("input")?.focus();
  });
  const add = (): void => {
    added.current = true;
    onChange([...hops, emptyHop(Math.max(0, ...hops.map(({ key }) => key)) + 1)]);
  };
  const change = (index: number, changed: Partial<HopDraft>): void =>
    onChange(hops.map((hop, at) => (at === index ? { ...hop, ...changed } : hop)));
  const move = (index: number, by: -1 | 1) => (event: KeyboardEvent) => {
    if (!event.altKey) return;
    event.preventDefault();
    onChange(moveHop(hops, index, by));
  };
  return (
    <fieldset className={styles.hops}>
      <legend>{say.record.hops}</legend>
      <ol ref={list}>
        {hops.map((hop, index) => (
          <li
            key={hop.key}
            onKeyDown={(event) => {
              if (event.key === "ArrowUp") move(index, -1)(event);
              if (event.key === "ArrowDown") move(index, 1)(event);
            }}
          >
            <HopField
              hop={hop}
              title={say.record.hop(index + 1)}
              suggested={
                index === 0 ? suggested.filter((agent) => !hop.agents.some(({ id }) => id === agent.id)) : []
              }
              cue={index === 0 && hop.cue === "" ? cue : undefined}
              cueProblem={cueProblem(hops.filter(({ agents }) => agents.length > 0).indexOf(hop))}
              problem={index === 0 ? problem : undefined}
              onChange={(changed) => change(index, changed)}
              tools={
                hops.length > 1 && (
                  <span className={styles.tools}>
                    <Button
                      look="quiet"
                      aria-label={say.record.hopUp}
                      title={`${say.record.hopUp} (Alt ↑)`}
                      disabled={index === 0}
                      onClick={() => onChange(moveHop(hops, index, -1))}
                    >
                      ↑
                    </Button>
                    <Button
                      look="quiet"
                      aria-label={say.record.hopDown}
                      title={`${say.record.hopDown} (Alt ↓)`}
                      disabled={index === hops.length - 1}
                      onClick={() => onChange(moveHop(hops, index, 1))}
                    >
                      ↓
                    </Button>
                    <Button
                      look="quiet"
                      aria-label={say.record.hopRemove}
                      title={say.record.hopRemove}
                      onClick={() => onChange(hops.filter((_, at) => at !== index))}
                    >
                      ×
                    </Button>
                  </span>
                )
              }
            />
          </li>
        ))}
      </ol>
      <Button onClick={add}>{say.record.addHop}</Button>
    </fieldset>
  );
}

function HopField({
  hop,
  title,
  suggested,
  cue,
  cueProblem,
  problem,
  onChange,
  tools,
}: {
  hop: HopDraft;
  title: string;
  suggested: readonly NamedAgent[];
  cue: string | undefined;
  cueProblem: ReactNode;
  problem: ReactNode;
  onChange: (changed: Partial<HopDraft>) => void;
  tools: ReactNode;
}): ReactNode {
  return (
    <div className={styles.hop}>
      <div className={styles.hopHead}>
        <h3>{title}</h3>
        {tools}
      </div>
      {hop.agents.length > 0 && (
        <ul className={styles.chosen}>
          {hop.agents.map((agent) => (
            <li key={agent.id}>
              {agent.name}
              <button
                type="button"
                aria-label={say.record.speakerRemove(agent.name)}
                onClick={() => onChange({ agents: hop.agents.filter(({ id }) => id !== agent.id) })}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <AgentField
        label={say.record.speaker}
        problem={problem}
        suggested={suggested}
        onChoose={(agent) => {
          if (hop.agents.some(({ id }) => id === agent.id)) return;
          onChange({ agents: [...hop.agents, agent], ...(cue === undefined ? {} : { cue }) });
        }}
      />
      <div className={styles.row}>
        <Field label={say.record.cue} problem={cueProblem}>
          {(wiring) => (
            <input
              {...wiring}
              value={hop.cue}
              placeholder={cue ?? say.record.cueHint}
              onChange={(event) => onChange({ cue: event.target.value })}
            />
          )}
        </Field>
        <Field label={say.record.mode}>
          {(wiring) => (
            <select
              {...wiring}
              value={hop.mode}
              onChange={(event) => onChange({ mode: event.target.value as Mode | "" })}
            >
              <option value="">–</option>
              {(Object.keys(say.mode) as Mode[]).map((mode) => (
                <option key={mode} value={mode}>
                  {say.mode[mode]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={say.record.channel}>
          {(wiring) => (
            <select
              {...wiring}
              value={hop.channel}
              onChange={(event) => onChange({ channel: event.target.value as Channel })}
            >
              {(Object.keys(say.channel) as Channel[]).map((channel) => (
                <option key={channel} value={channel}>
                  {say.channel[channel]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </div>
  );
}
