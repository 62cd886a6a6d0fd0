// What is typed into the forms of agents, questions, events and sources, and the input each makes. Pure.
import type {
  AgentKind,
  QuestionKind,
  RecordAgentInput,
  RecordEventInput,
  RecordQuestionInput,
  RecordSourceInput,
  SourceKind,
} from "#generated/types.ts";
import type { NamedAgent } from "./draft.ts";

/** What is recorded besides the key that makes attempts one. */
type Recorded<Input> = Required<Omit<Input, "idempotencyKey">>;

export interface AgentFields {
  readonly kind: AgentKind;
  readonly name: string;
  /** One a line. */
  readonly aliases: string;
  readonly description: string;
  readonly partOf: NamedAgent | null;
  readonly wikidataId: string;
  readonly protected: boolean;
  readonly pseudonym: string;
}

export function emptyAgent(name: string): AgentFields {
  return {
    kind: "PERSON",
    name,
    aliases: "",
    description: "",
    partOf: null,
    wikidataId: "",
    protected: false,
    pseudonym: "",
  };
}

export function makeAgentInput(fields: AgentFields): Recorded<RecordAgentInput> {
  return {
    kind: fields.kind,
    name: fields.name.trim(),
    aliases: fields.aliases
      .split("\n")
      .map((name) => name.trim())
      .filter(Boolean),
    description: orNull(fields.description),
    partOf: fields.partOf?.id ?? null,
    wikidataId: orNull(fields.wikidataId),
    protected: fields.protected,
    pseudonym: orNull(fields.pseudonym),
  };
}

export interface QuestionFields {
  readonly kind: QuestionKind;
  readonly text: string;
  readonly event: NamedAgent | null;
  readonly unit: string;
  readonly counted: string;
}

export function emptyQuestion(text: string): QuestionFields {
  return { kind: "QUANTITY", text, event: null, unit: "", counted: "" };
}

export function makeQuestionInput(fields: QuestionFields): Recorded<RecordQuestionInput> {
  return {
    kind: fields.kind,
    text: fields.text.trim(),
    event: fields.event?.id ?? null,
    unit: orNull(fields.unit),
    counted: orNull(fields.counted),
  };
}

export interface EventFields {
  readonly title: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly place: string;
  readonly latitude: string;
  readonly longitude: string;
  readonly description: string;
}

export function emptyEvent(title: string): EventFields {
  return { title, startsOn: "", endsOn: "", place: "", latitude: "", longitude: "", description: "" };
}

export function makeEventInput(fields: EventFields): Recorded<RecordEventInput> {
  return {
    title: fields.title.trim(),
    startsOn: orNull(fields.startsOn),
    endsOn: orNull(fields.endsOn),
    place: orNull(fields.place),
    latitude: numberOrNull(fields.latitude),
    longitude: numberOrNull(fields.longitude),
    description: orNull(fields.description),
  };
}

export interface NamedSource {
  readonly id: string;
  readonly title: string;
}

export interface SourceFields {
  readonly text: string;
  readonly title: string;
  readonly kind: SourceKind;
  readonly publisher: NamedAgent | null;
  readonly url: string;
  readonly byline: string;
  readonly published: string;
  readonly language: string;
  readonly retrievedAt: string;
  readonly mediaType: string;
  readonly archiveUrl: string;
  readonly reprints: NamedSource | null;
  readonly note: string;
  readonly restricted: boolean;
}

export const EMPTY_SOURCE: SourceFields = {
  text: "",
  title: "",
  kind: "ARTICLE",
  publisher: null,
  url: "",
  byline: "",
  published: "",
  language: "",
  retrievedAt: "",
  mediaType: "",
  archiveUrl: "",
  reprints: null,
  note: "",
  restricted: false,
};

export function makeSourceInput(fields: SourceFields): Recorded<RecordSourceInput> {
  return {
    // The text as it came: nothing of it is trimmed.
    text: fields.text === "" ? null : fields.text,
    title: fields.title.trim(),
    kind: fields.kind,
    publisher: fields.publisher?.id ?? null,
    url: orNull(fields.url),
    byline: orNull(fields.byline),
    published: orNull(fields.published),
    language: orNull(fields.language),
    retrievedAt: orNull(fields.retrievedAt),
    mediaType: orNull(fields.mediaType),
    archiveUrl: orNull(fields.archiveUrl),
    reprints: fields.reprints?.id ?? null,
    note: orNull(fields.note),
    restricted: fields.restricted,
  };
}

function orNull(words: string): string | null {
  return words.trim() || null;
}

function numberOrNull(words: string): number | null {
  return words.trim() === "" ? null : Number(words);
}
